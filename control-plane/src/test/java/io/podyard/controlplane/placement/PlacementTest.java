package io.podyard.controlplane.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.HostWishes;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.Taken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The picture of the hosts against the tables it is made of. */
class PlacementTest {

  private static final Size ONE = Size.of(1000, 1024);
  private static final PlacementRequest PLAIN =
      PlacementRequest.anywhereIn(new RegionId("r"), ONE).withDisk(30_000);

  private TestDatabase database;
  private Placement placement;
  private Reservations reservations;

  @BeforeEach
  void addHosts() {
    database = TestDatabase.create();
    reservations = new Reservations(database.jdbc());
    placement = new Placement(new Inventory(database.jdbc()));
    TestHosts.add(database.jdbc(), 2, Size.of(8000, 8192));
    database
        .jdbc()
        .update(
            "update host set gpu_reserved_milli = '{0,0}', gpu_model = 'A10',"
                + " allocatable_disk_mib = 50000 where id = 'h2'");
    placement.open(List.of(new HostId("h1"), new HostId("h2")));
    placement.renew();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Placement.Pick pick(PlacementRequest request) {
    return placement.pick(request).orElseThrow();
  }

  private void reserve(String group, Placement.Pick pick) {
    database
        .transaction()
        .executeWithoutResult(
            status ->
                assertThat(
                        reservations.reserve(
                            List.of(
                                new Reservations.Need(
                                    new ContainerGroupId(group), pick.host(), pick.taken()))))
                    .hasSize(1));
  }

  @Test
  void gpusArePickedByDeviceAndAreFreeAgainWhenTheyAreGivenBack() {
    PlacementRequest two = PLAIN.withGpus(GpuRequest.whole(2));
    Placement.Pick pick = pick(two);
    assertThat(pick.host()).isEqualTo(new HostId("h2"));
    assertThat(pick.taken()).isEqualTo(new Taken(ONE, 30_000, 0b11, 1000));
    assertThat(placement.pick(PLAIN.withGpus(GpuRequest.shared(1)))).isEmpty();
    placement.notWritten(pick);

    Placement.Pick again = pick(two);
    reserve("g", again);
    placement.written(again);
    placement.renew();
    assertThat(placement.pick(PLAIN.withGpus(GpuRequest.shared(1)))).isEmpty();
    database
        .transaction()
        .executeWithoutResult(
            status ->
                assertThat(reservations.release(List.of(new ContainerGroupId("g")))).hasSize(1));
    placement.released(new HostId("h2"), ONE);
    assertThat(pick(two).taken().gpuDevices()).isEqualTo(0b11);
  }

  @Test
  void whatIsPickedAndNotYetWrittenStaysTakenInANewerPicture() {
    Placement.Pick first = pick(PLAIN.withGpus(GpuRequest.shared(600)));
    placement.renew();
    Placement.Pick second = pick(PLAIN.withDisk(0).withGpus(GpuRequest.shared(600)));
    assertThat(second.taken().gpuDevices()).isNotEqualTo(first.taken().gpuDevices());
    placement.renew();
    assertThat(placement.pick(PLAIN.withDisk(0).withGpus(GpuRequest.shared(600)))).isEmpty();
    placement.notWritten(first);
    assertThat(pick(PLAIN.withGpus(GpuRequest.shared(600))).taken().gpuDevices())
        .isEqualTo(first.taken().gpuDevices());
  }

  @Test
  void whatIsWrittenWhileRowsAreReadStaysTakenThoughTheyAreOlder() throws Exception {
    PlacementRequest two = PLAIN.withGpus(GpuRequest.whole(2));
    placement.notWritten(pick(two)); // so that the row of its host is read again
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      placement.prefer(
          () -> {
            try {
              statement.execute("lock table host in access exclusive mode");
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
            return Set.of();
          });
      Thread renewal = Thread.startVirtualThread(placement::renew);
      Waiting.until(
          "the rows are being read",
          () ->
              Boolean.TRUE.equals(
                  database
                      .jdbc()
                      .queryForObject(
                          "select exists (select from pg_locks where not granted"
                              + " and relation = 'host'::regclass)",
                          Boolean.class)));
      // In no row that is read.
      placement.written(pick(two));
      other.rollback();
      renewal.join();
    }
    assertThat(placement.pick(two)).isEmpty();
    placement.prefer(Set::of);
    placement.renew();
    assertThat(placement.pick(two)).isPresent();
  }

  @Test
  void roomThatTheDatabaseDidNotFindIsNotOfferedAgainUntilItIsThere() {
    PlacementRequest all = PlacementRequest.anywhereIn(new RegionId("r"), Size.of(8000, 8192));
    Placement.Pick first = pick(all);
    placement.lost(first);
    Placement.Pick second = pick(all);
    assertThat(second.host()).isNotEqualTo(first.host());
    placement.lost(second);
    assertThat(placement.pick(all)).isEmpty();

    // Both were free all the time, and are seen to be.
    placement.renew();
    assertThat(Set.of(pick(all).host(), pick(all).host())).hasSize(2);
  }

  @Test
  void aHostThatDoesNotAnswerIsPassedOverAtOnceAndTakenAgainAtOnce() {
    PlacementRequest half = PlacementRequest.anywhereIn(new RegionId("r"), Size.of(4000, 4096));
    HostId first = pick(half).host();
    HostId other = new HostId(first.value().equals("h1") ? "h2" : "h1");
    assertThat(placement.passedOver().silent(first)).isTrue();
    assertThat(pick(half).host()).isEqualTo(other);
    placement.renew(); // its row says nothing of it
    assertThat(pick(half).host()).isEqualTo(other);
    assertThat(placement.pick(half)).isEmpty();
    assertThat(placement.explain(half).sentence()).contains("1 not answering");
    assertThat(placement.explain(half).couldEverFit()).isTrue();

    assertThat(placement.passedOver().answers(first)).isTrue();
    assertThat(pick(half).host()).isEqualTo(first);
    assertThat(placement.pick(half)).as("what was picked before is still taken").isEmpty();
  }

  @Test
  void ofADiskThatNobodyCountsNothingIsTaken() {
    database
        .jdbc()
        .update("update host set state = 'CORDONED', cordoned_at = now() where id = 'h2'");
    placement.renew();
    assertThat(pick(PLAIN).taken()).isEqualTo(Taken.of(ONE));
  }

  @Test
  void hostsOfShardsThatThisProcessDrivesAreTakenFirst() {
    database.jdbc().update("update host set gpu_reserved_milli = '{}', allocatable_disk_mib = 0");
    database.jdbc().update("update host set shard = case id when 'h1' then 1 else 2 end");
    AtomicReference<Set<Integer>> driven = new AtomicReference<>(Set.of(2));
    placement.prefer(driven::get);
    placement.renew();
    assertThat(hostsOf(4)).containsExactly("h2");
    driven.set(Set.of(1));
    placement.renew();
    // By best fit it would be the other.
    assertThat(hostsOf(8)).containsExactly("h1");
    assertThat(hostsOf(4)).containsExactly("h2");
    assertThat(placement.pick(PLAIN)).isEmpty();
  }

  @Test
  void aPoolIsFilledByItsPolicyFromTheNextPictureOn() {
    database.jdbc().update("update host set gpu_reserved_milli = '{}', allocatable_disk_mib = 0");
    placement.renew();
    assertThat(hostsOf(4)).containsExactly("h1");
    database.jdbc().update("update pool set policy = 'SPREAD'");
    placement.renew();
    assertThat(hostsOf(6)).containsExactlyInAnyOrder("h1", "h2");
  }

  @Test
  void thePickOfAnExplainedDecisionIsTheFirstOfItsExplanation() {
    TestHosts.addMore(database.jdbc(), 3, 40, Size.of(8000, 16_384));
    placement.open(IntStream.rangeClosed(3, 40).mapToObj(n -> new HostId("h" + n)).toList());
    long seed = Long.getLong("podyard.seed", System.nanoTime());
    Random random = new Random(seed);
    for (PlacementPolicy policy : PlacementPolicy.values()) {
      database.jdbc().update("update pool set policy = ?", policy.name());
      placement.renew();
      int explained = 0;
      for (int i = 0; i < 60; i++) {
        Size size = Size.of(250 * (1 + random.nextInt(12)), 512 * (1 + random.nextInt(12)));
        Placement.Pick pick =
            pick(
                PlacementRequest.anywhereIn(new RegionId("r"), size).withDisk(random.nextInt(900)));
        Decision decision = pick.decision();
        if (decision != null) {
          explained++;
          assertThat(decision.explanation().best().getFirst().host())
              .as("-Dpodyard.seed=%d, %s, pick %d", seed, policy, i)
              .isEqualTo(pick.host());
          assertThat(decision.explanation().best().getFirst().gpuDevices())
              .isEqualTo(pick.taken().gpuDevices());
        }
        if (random.nextBoolean()) {
          placement.notWritten(pick);
        }
      }
      if (policy == PlacementPolicy.values()[0]) {
        assertThat(explained).isGreaterThanOrEqualTo(DecisionSampling.AT_ONCE);
      }
    }
  }

  @Test
  void underLoadOnlySomePicksAreExplained() {
    AtomicLong nanos = new AtomicLong();
    DecisionSampling sampling = new DecisionSampling(nanos::get);
    assertThat(explainedOf(sampling, 2_000)).isEqualTo(DecisionSampling.AT_ONCE);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(explainedOf(sampling, 2_000)).isEqualTo(DecisionSampling.PER_SECOND);
    nanos.addAndGet(TimeUnit.DAYS.toNanos(1));
    assertThat(explainedOf(sampling, 2_000)).isEqualTo(DecisionSampling.AT_ONCE);
  }

  private static long explainedOf(DecisionSampling sampling, int picks) {
    return IntStream.range(0, picks).filter(n -> sampling.next()).count();
  }

  /** Room for so many plain requests that no disk counts for. */
  private int room() {
    List<Placement.Pick> picks = new ArrayList<>();
    Optional<Placement.Pick> next = placement.pick(PLAIN.withDisk(0));
    while (next.isPresent()) {
      picks.add(next.get());
      next = placement.pick(PLAIN.withDisk(0));
    }
    picks.forEach(placement::notWritten);
    return picks.size();
  }

  @Test
  void whatAPoolSaysOfItsHostsIsInTheNextPicture() {
    PlacementRequest economy = PLAIN.wishing(HostWishes.ANY.withComputeCategory("economy"));
    placement.renew();
    assertThat(placement.pick(economy)).isEmpty();
    database.jdbc().update("update pool set compute_category = 'economy'");
    placement.renew();
    assertThat(placement.pick(economy)).isPresent();
  }

  @Test
  void whatAnotherProcessCommitsLateIsInTheNextPicture() throws Exception {
    assertThat(room()).isEqualTo(16);
    try (Connection late = database.dataSource().getConnection();
        Statement statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.executeUpdate("update host set reserved_milli_cpu = 5000 where id = 'h1'");
      placement.renew();
      database.jdbc().update("update host set reserved_milli_cpu = 2000 where id = 'h2'");
      placement.renew();
      placement.renew();
      assertThat(room()).isEqualTo(14);
      late.commit();
    }
    placement.renew();
    assertThat(room()).isEqualTo(9);
    TestHosts.addMore(database.jdbc(), 3, 3, Size.of(4000, 8192));
    placement.renew();
    List<HostId> driven = placement.hostsOfShard(0);
    assertThat(driven).hasSize(3);
    assertThat(room()).isEqualTo(9);
    placement.open(List.of(new HostId("h3")));
    placement.renew();
    assertThat(room()).isEqualTo(13);
    assertThat(placement.hostsOfShard(0)).as("all are read for one that opens").isSameAs(driven);
    database.jdbc().update("delete from host where id = 'h1'");
    placement.renew();
    assertThat(placement.hostsOfShard(0)).containsExactly(new HostId("h2"), new HostId("h3"));
    assertThat(room()).isEqualTo(10);
    database.jdbc().update("delete from host where id = 'h2'");
    TestHosts.addMore(database.jdbc(), 4, 4, Size.of(4000, 8192));
    placement.renew();
    assertThat(placement.hostsOfShard(0)).containsExactly(new HostId("h3"), new HostId("h4"));
    database.jdbc().update("update host set shard = 1 where id = 'h4'");
    placement.renew();
    assertThat(placement.hostsOfShard(1)).containsExactly(new HostId("h4"));
    assertThat(placement.hostsOfShard(0)).containsExactly(new HostId("h3"));
  }

  @Test
  void whatThisProcessGotWrongItselfIsRightInTheNextPicture() {
    placement.released(new HostId("h1"), ONE);
    Placement.Pick pick = pick(PLAIN.withDisk(0));
    placement.written(pick);
    placement.renew();
    assertThat(room()).isEqualTo(16);

    pick = pick(PLAIN.withDisk(0));
    reserve("g", pick);
    placement.renew(); // in the row, and set apart as well
    placement.written(pick);
    assertThat(room()).isLessThan(15);
    placement.renew();
    assertThat(room()).isEqualTo(15);
  }

  @Test
  void aHostWhoseKeepingLapsesIsFreeWithoutBeingWritten() {
    database
        .jdbc()
        .update(
            "update host set kept_for = 'large', kept_until = now() + interval '1 second'"
                + " where id = 'h1'");
    placement.renew();
    assertThat(room()).isEqualTo(8);
    Waiting.until(
        "the end of the keeping",
        () -> {
          placement.renew();
          return room() == 16;
        });
  }

  private Set<String> hostsOf(int picks) {
    Set<String> hosts = new HashSet<>();
    for (int i = 0; i < picks; i++) {
      hosts.add(pick(PLAIN).host().value());
    }
    return hosts;
  }
}
