package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.HostLosses.ByHand;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a host counts as unreachable and as lost; the time of the process is stepped. */
class HostReachabilityTest {

  private static final HostId FIRST = new HostId("h1");
  private static final HostId SECOND = new HostId("h2");

  private final AtomicLong nanos = new AtomicLong();
  private TestDatabase database;
  private ShardLeases leases;
  private HostLosses losses;
  private HostReachability reachability;
  private Placement placement;
  private int told;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    TestHosts.add(database.jdbc(), 4, Size.of(8_000, 16_384));
    placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(FIRST, SECOND, new HostId("h3"), new HostId("h4")));
    placement.renew();
    CapacityReturned capacityReturned = new CapacityReturned(placement);
    capacityReturned.addListener(() -> told++);
    leases = new ShardLeases(database.dataSource(), "test", System::nanoTime);
    leases.start();
    losses =
        new HostLosses(
            database.jdbc(),
            database.transaction(),
            new HostSettings(Duration.ofSeconds(60), 30, Duration.ofSeconds(60)),
            CommitPoints.NONE);
    reachability =
        new HostReachability(
            new HostLife(database.jdbc()),
            losses,
            new KnownTroubles(new HostLife(database.jdbc())),
            placement,
            leases,
            capacityReturned,
            Clock.systemUTC(),
            nanos::get);
  }

  @AfterEach
  void close() {
    leases.close();
    database.close();
  }

  private ShardLease lease() {
    Waiting.until("a lease", () -> leases.held(0).isPresent());
    return leases.held(0).orElseThrow();
  }

  /** Time goes by, and this process with it. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      long _ = reachability.beat();
    }
  }

  /** The state of a host once this process has noted what it knows. */
  private String noted(HostId host) {
    ShardLease _ = lease();
    reachability.note();
    return String.valueOf(
        database
            .jdbc()
            .queryForObject("select state from host where id = ?", String.class, host.value()));
  }

  @Test
  void aCallThatIsNotAnsweredMakesAHostUnreachableAndThenLost() {
    reachability.asked(FIRST, lease());
    pass(4);
    assertThat(noted(FIRST)).isEqualTo("READY");
    pass(1);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    reachability.failed(FIRST, lease());
    reachability.asked(FIRST, lease());
    pass(54);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(1);
    assertThat(noted(FIRST)).isEqualTo("LOST");
    assertThat(noted(SECOND)).isEqualTo("READY");
  }

  /** How many hosts take new groups, by the picture of this process. */
  private int taking() {
    return placement
        .explain(PlacementRequest.anywhereIn(new RegionId("r"), Size.of(1_000, 1_024)))
        .hostsFitting();
  }

  @Test
  void theFirstCallThatFailsTurnsNewGroupsElsewhereAndTheFirstAnswerBack() {
    reachability.asked(FIRST, lease());
    assertThat(taking()).as("it may answer yet").isEqualTo(4);
    reachability.failed(FIRST, lease());
    assertThat(taking()).isEqualTo(3);
    assertThat(noted(FIRST)).isEqualTo("READY");
    assertThat(taking()).isEqualTo(3);

    reachability.answered(FIRST, lease());
    assertThat(taking()).isEqualTo(4);
    assertThat(told).as("those that wait are looked at").isEqualTo(1);
    pass(10);
    assertThat(noted(FIRST)).isEqualTo("READY");
    assertThat(losses.alarms()).isEmpty();
    reachability.answered(FIRST, lease());
    assertThat(told).isEqualTo(1);
  }

  @Test
  void aGroupThatFailsMakesItsHostBeAskedAndNoMore() {
    List<HostId> asked = new ArrayList<>();
    reachability.onDoubt(asked::add);
    reachability.doubted(FIRST);
    reachability.doubted(FIRST);
    assertThat(asked).containsExactly(FIRST);
    assertThat(taking()).isEqualTo(3);
    pass(10);
    assertThat(noted(FIRST)).as("nobody knows yet that it is the host").isEqualTo("READY");
    reachability.answered(FIRST, lease());
    assertThat(taking()).isEqualTo(4);
  }

  @Test
  void aHostThatIsUnreachableByItsRowIsNotedAsSoonAsItAnswers() {
    AtomicInteger returns = new AtomicInteger();
    reachability.onReturn(returns::incrementAndGet);
    reachability.failed(FIRST, lease());
    reachability.answered(FIRST, lease());
    assertThat(returns).as("its row never said otherwise").hasValue(0);

    reachability.failed(FIRST, lease());
    pass(5);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    reachability.answered(FIRST, lease());
    assertThat(returns).hasValue(1);
    assertThat(taking()).isEqualTo(3);
    assertThat(noted(FIRST)).isEqualTo("READY");
    assertThat(taking()).isEqualTo(4);
  }

  @Test
  void whoDrivesAHostNoMoreDoesNotPassItOver() {
    reachability.failed(FIRST, lease());
    assertThat(taking()).isEqualTo(3);
    leases.close();
    Waiting.until("no lease", () -> leases.shards().isEmpty());
    reachability.note();
    assertThat(taking()).isEqualTo(4);
    assertThat(told).isEqualTo(1);
  }

  @Test
  void aHostThatIsGoneIsForgottenAndAnotherOfItsNameCountsAnew() {
    reachability.asked(FIRST, lease());
    pass(4);
    database.jdbc().update("delete from host where id = ?", FIRST.value());
    placement.renew();
    reachability.note();
    TestHosts.addMore(database.jdbc(), 1, 1, Size.of(8_000, 16_384));
    placement.renew();
    pass(1);
    assertThat(noted(FIRST)).isEqualTo("READY");
    reachability.asked(FIRST, lease());
    pass(5);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
  }

  @Test
  void anyAnswerMakesItCountAnew() {
    reachability.asked(FIRST, lease());
    pass(50);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    reachability.answered(FIRST, lease());
    assertThat(noted(FIRST)).isEqualTo("READY");
    reachability.asked(FIRST, lease());
    pass(50);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
  }

  @Test
  void whoStoodStillHasNotTriedMeanwhile() {
    reachability.asked(FIRST, lease());
    pass(5);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(59);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(1);
    assertThat(noted(FIRST)).isEqualTo("LOST");
  }

  @Test
  void aHostThatNeverAnsweredHasNotVanished() {
    database.jdbc().update("update host set reported_milli_cpu = 0 where id in ('h1', 'h2')");
    reachability.asked(FIRST, lease());
    reachability.asked(SECOND, lease());
    pass(90);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(90);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    assertThat(losses.alarms()).isEmpty();
    assertThat(losses.declareByHand(FIRST)).isInstanceOf(ByHand.Lost.class);
  }

  @Test
  void aHostThatIsToGoAndHoldsNothingIsNoLoss() {
    database.jdbc().update("update host set leaving_since = now() where id in ('h1', 'h2')");
    reachability.asked(FIRST, lease());
    reachability.asked(SECOND, lease());
    pass(90);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(90);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    losses.watch();
    assertThat(losses.alarms()).isEmpty();

    database
        .jdbc()
        .update(
            "insert into reservation (group_id, host_id, milli_cpu, memory_mib)"
                + " values ('g', 'h1', 1000, 1024)");
    losses.watch();
    assertThat(losses.alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.vanished()).isEqualTo(1);
              assertThat(alarm.hosts()).as("not the other that is to go").isEqualTo(3);
            });

    database.jdbc().update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    database
        .jdbc()
        .update(
            """
            insert into persistent_volume
              (id, account_id, region, zone, host_id, size_gib, fs_type, delete_with_group,
               created_at)
            select 'v', 'a', region, zone, id, 20, 'ext4', false, now() from host where id = 'h2'
            """);
    losses.watch();
    assertThat(losses.alarms())
        .singleElement()
        .satisfies(alarm -> assertThat(alarm.hosts()).as("with a disk on it").isEqualTo(4));
  }

  @Test
  void aNewHolderOfTheShardCountsAnew() {
    ShardLease before = lease();
    reachability.asked(FIRST, before);
    pass(50);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    database
        .jdbc()
        .update(
            "update shard_lease set holder = 'other', epoch = epoch + 1, expires_at = '-infinity'");
    Waiting.until(
        "another lease",
        () -> leases.held(0).filter(lease -> lease.epoch() > before.epoch()).isPresent());

    pass(50);
    assertThat(noted(FIRST)).as("what was tried under another lease").isEqualTo("UNREACHABLE");
    reachability.asked(FIRST, lease());
    pass(59);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    pass(1);
    assertThat(noted(FIRST)).isEqualTo("LOST");
  }

  @Test
  void whatVanishesTogetherIsNotLostUnlessItsOperatorSaysSo() {
    reachability.asked(FIRST, lease());
    pass(5);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    assertThat(losses.alarms()).as("one of four").isEmpty();
    reachability.asked(SECOND, lease());
    pass(90);
    assertThat(noted(SECOND)).isEqualTo("UNREACHABLE");
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");
    assertThat(losses.alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              assertThat(alarm.vanished()).isEqualTo(2);
              assertThat(alarm.hosts()).isEqualTo(4);
            });
    pass(300);
    assertThat(noted(FIRST)).isEqualTo("UNREACHABLE");

    assertThat(losses.declareByHand(FIRST)).isInstanceOf(ByHand.Lost.class);
    assertThat(losses.declareByHand(FIRST)).isInstanceOf(ByHand.Lost.class);
    assertThat(losses.declareByHand(new HostId("h3"))).isInstanceOf(ByHand.Answers.class);
    assertThat(losses.declareByHand(new HostId("h9"))).isInstanceOf(ByHand.Unknown.class);
    assertThat(noted(FIRST)).isEqualTo("LOST");
    assertThat(noted(SECOND)).isEqualTo("UNREACHABLE");
    assertThat(losses.alarms()).hasSize(1);

    reachability.answered(SECOND, lease());
    assertThat(noted(SECOND)).isEqualTo("READY");
    assertThat(losses.alarms()).isEmpty();
    reachability.answered(FIRST, lease());
    assertThat(noted(FIRST)).as("what is left there is not removed yet").isEqualTo("LOST");
  }
}
