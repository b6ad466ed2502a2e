package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupStore.Changed;
import io.podyard.controlplane.containergroup.StoredGroups;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.simulated.FaultPlan;
import io.podyard.runtime.simulated.RealTime;
import io.podyard.runtime.simulated.SimulatedWorld;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups of many hosts of which some do not answer; they are found in the tables alone. */
class DrivingTest {

  private static final HostId SICK = new HostId("sim-0001");
  private static final HostId WELL = new HostId("sim-0002");
  private static final HostId OTHER = new HostId("sim-0003");

  /** More than are read from the tables in one go. */
  private static final int CROWD = GroupStore.MOST_AT_ONCE + 10;

  private TestDatabase database;
  private StoredGroups groups;
  private RealTime time;
  private SimulatedWorld world;
  private FaultyHosts hosts;
  private Placement placement;
  private Runtimes runtimes;
  private ShardLeases leases;
  private Driving driving;

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    groups = new StoredGroups(database);
    time = new RealTime(Clock.systemUTC());
    world = new SimulatedWorld(time, 1);
    Size size = Size.of(8_000_000, 16_000_000);
    world.ensureHosts(3, size);
    world.configure(FaultPlan.instant());
    groups.addHosts(world.hosts(), size);
    placement = new Placement(new Inventory(database.jdbc()));
    placement.open(world.hosts());
    placement.renew();
    hosts =
        new FaultyHosts(
            new PodRuntime(
                "simulated",
                host -> world.engine(host).orElse(null),
                () -> Optional.of(world.revisions()),
                Clock.systemUTC(),
                PodSettings.DEFAULTS));
    runtimes = new Runtimes(placement);
    runtimes.add(hosts);
    leases = new ShardLeases(database.dataSource(), "test", System::nanoTime);
    driving =
        new Driving(
            groups.store(),
            new EndedGroups(database.jdbc()),
            leases,
            placement,
            runtimes,
            new Inventory(database.jdbc()).installation(),
            new CapacityReturned(placement),
            new ProofsOfLife(database.jdbc()),
            (_, _) -> Optional.empty(),
            new HostLife(database.jdbc()),
            new HostLosses(
                database.jdbc(),
                database.transaction(),
                new HostSettings(Duration.ofMinutes(1), 30, Duration.ofMinutes(1)),
                CommitPoints.NONE),
            new BindingLoad(),
            Duration.ofSeconds(5),
            Looking.USUAL,
            Clock.systemUTC());
    driving.start();
    leases.start();
    Waiting.until("a lease", () -> leases.held(0).isPresent());
    // From here on nothing is read but what changed.
    Waiting.until(
        "a proof that the shard was read",
        () ->
            !database
                .jdbc()
                .queryForList("select shard from proof_of_life", Integer.class)
                .isEmpty());
  }

  @AfterEach
  void close() {
    driving.close();
    leases.close();
    runtimes.close();
    time.close();
    groups.close();
    database.close();
  }

  private String state(HostId host) {
    return String.valueOf(
        database
            .jdbc()
            .queryForObject("select state from host where id = ?", String.class, host.value()));
  }

  private static Instant longAgo() {
    return Instant.now().minus(Duration.ofMinutes(1));
  }

  @Test
  void aCrowdOnAHostThatDoesNotAnswerHidesNobodyAndComesBackWithIt() {
    hosts.silence(SICK);
    groups.add(SICK, "sick", CROWD, longAgo());

    ContainerGroupId well = groups.add(WELL, "well", 1, Instant.now());

    Waiting.until("the group to run", () -> groups.status(well).equals("Running"));
    assertThat(groups.count(SICK, "Scheduling")).isEqualTo(CROWD);
    hosts.heal(SICK);
    Waiting.until("all to run", () -> groups.count(SICK, "Running") == CROWD);
  }

  /** How many hosts take new groups, by the picture of this process. */
  private int taking() {
    return placement
        .explain(PlacementRequest.anywhereIn(StoredGroups.REGION, Size.of(1_000, 1_024)))
        .hostsFitting();
  }

  @Test
  void aHostThatDoesNotAnswerIsPassedOverUntilItDoes() {
    assertThat(taking()).isEqualTo(3);
    hosts.silence(SICK);
    groups.add(SICK, "sick", 1, Instant.now());
    Waiting.until("new groups go elsewhere", () -> taking() == 2);
    hosts.heal(SICK);
    Waiting.until("it is used again", () -> taking() == 3);
    Waiting.until("the group to run", () -> groups.count(SICK, "Running") == 1);
  }

  @Test
  void aHostThatIsNotInTheInventoryIsForgotten() {
    for (int i = 0; i < HostSilence.FAILURES; i++) {
      driving.silence().failed(new HostId("gone"));
    }
    Waiting.until("it is forgotten", () -> driving.silence().silent().isEmpty());
  }

  @Test
  void aGroupThatItsHostCanDoNothingWithDoesNotKeepOthersAway() {
    List<String> said = new CopyOnWriteArrayList<>();
    placement.passedOver().addListener(said::add);
    hosts.failDrives(SICK);
    groups.add(SICK, "sick", 1, Instant.now());
    Waiting.until("some tries", () -> hosts.failedDrives(SICK) >= 4);
    Waiting.until("an answer of the host", () -> said.size() >= 2);
    assertThat(taking()).isEqualTo(3);
    assertThat(said).containsExactly("-" + SICK, "+" + SICK);
    hosts.heal(SICK);
    Waiting.until("the group to run", () -> groups.count(SICK, "Running") == 1);
  }

  @Test
  void aHostThatHangsHoldsUpItsOwnGroupsOnly() {
    hosts.hang(SICK);
    groups.add(SICK, "sick", CROWD, longAgo());
    Waiting.until("calls that hang", () -> hosts.driving(SICK) > 2);

    groups.add(WELL, "well", 20, Instant.now());
    groups.add(OTHER, "other", 20, Instant.now());

    Waiting.until(
        "the groups to run",
        () -> groups.count(WELL, "Running") == 20 && groups.count(OTHER, "Running") == 20);
    assertThat(hosts.driving(SICK)).isBetween(3, HostQueues.PLACES / 2);
    hosts.heal(SICK);
    Waiting.until("all to run", () -> groups.count(SICK, "Running") == CROWD);
  }

  @Test
  void startsThatWaitOnAHostDoNotDelayItsStopsAndAllGetTheirTurn() {
    hosts.hangStarts(SICK);
    groups.add(SICK, "starting", CROWD, longAgo());
    Waiting.until("starts that wait", () -> hosts.driving(SICK) >= HostQueues.PLACES / 4);

    ContainerGroupId deleted = groups.add(SICK, "deleted", 1, Instant.now());
    groups.delete(deleted);
    // Among the last by the order of ids, so it stood in line for its start all the while.
    ContainerGroupId last = new ContainerGroupId("starting-999");
    groups.delete(last);

    Waiting.until("their end", () -> groups.isOver(deleted) && groups.isOver(last));
    assertThat(hosts.driving(SICK)).isBetween(1, HostQueues.PLACES / 2 - 1);
    hosts.heal(SICK);
    Waiting.until("all others to run", () -> groups.count(SICK, "Running") == CROWD - 1);
  }

  @Test
  void aHostThatHangsIsAskedOnceAndTheOthersAreSweptOn() {
    hosts.hang(SICK);
    Waiting.until("a sweep that hangs", () -> hosts.hangingLists(SICK) == 1);
    int well = hosts.lists(WELL);
    int other = hosts.lists(OTHER);

    Waiting.until(
        "sweeps of the others",
        () -> {
          assertThat(hosts.hangingLists(SICK)).isEqualTo(1);
          return hosts.lists(WELL) > well + 2 && hosts.lists(OTHER) > other + 2;
        });

    Waiting.until("a host that is unreachable", () -> state(SICK).equals("UNREACHABLE"));
    assertThat(hosts.hangingLists(SICK)).isEqualTo(1);
    assertThat(state(WELL)).isEqualTo("READY");
    int sick = hosts.lists(SICK);
    hosts.heal(SICK);
    Waiting.until("its own sweep", () -> hosts.lists(SICK) > sick);
    Waiting.until("its return", () -> state(SICK).equals("READY"));
  }

  /** Until no host is asked for its list any more although it is swept every two seconds. */
  private int listsAtRest(HostId host) {
    AtomicInteger last = new AtomicInteger(-1);
    AtomicLong since = new AtomicLong(System.nanoTime());
    Waiting.until(
        "no more lists of " + host,
        () -> {
          int now = hosts.lists(host);
          if (last.getAndSet(now) != now) {
            since.set(System.nanoTime());
          }
          return now > 0 && System.nanoTime() - since.get() > Duration.ofSeconds(5).toNanos();
        });
    return last.get();
  }

  private Instant proof() {
    return Objects.requireNonNull(
            database
                .jdbc()
                .queryForObject(
                    "select seen_at from proof_of_life where shard = 0", OffsetDateTime.class))
        .toInstant();
  }

  @Test
  void hostsWithNothingNewAreNotAskedForTheirListsAndAreKnownToLive() {
    hosts.tellRevisions();
    groups.add(WELL, "well", 3, Instant.now());
    Waiting.until("the groups to run", () -> groups.count(WELL, "Running") == 3);
    int lists = listsAtRest(WELL);
    String written = versions();

    Instant now = Instant.now();
    Waiting.until("a proof that all live", () -> proof().isAfter(now));

    assertThat(hosts.lists(WELL)).isEqualTo(lists);
    assertThat(versions()).isEqualTo(written);
    assertThat(state(WELL)).isEqualTo("READY");
    groups.add(WELL, "more", 1, Instant.now());
    Waiting.until("a list of what is new", () -> hosts.lists(WELL) > lists);
    hosts.silence(SICK);
    Waiting.until("a host that is unreachable", () -> state(SICK).equals("UNREACHABLE"));
    hosts.heal(SICK);
    Waiting.until("its return", () -> state(SICK).equals("READY"));
    assertThat(state(WELL)).isEqualTo("READY");
  }

  /** Of the hosts' rows: another text as soon as one is written. */
  private String versions() {
    return String.valueOf(
        database
            .jdbc()
            .queryForObject(
                "select string_agg(id || ' ' || xmin || ' ' || ctid, ',' order by id) from host",
                String.class));
  }

  @Test
  void whatLosesItsRightOnAHostWithNothingNewIsRemoved() {
    hosts.tellRevisions();
    ContainerGroupId group = groups.add(WELL, "well", 1, Instant.now());
    Waiting.until("the group to run", () -> groups.status(group).equals("Running"));
    int _ = listsAtRest(WELL);

    // As in a database that was restored.
    database.jdbc().update("delete from reservation where group_id = ?", group.value());
    database.jdbc().update("delete from container_group where id = ?", group.value());

    Waiting.until("its removal", () -> found(WELL).isEmpty());
  }

  private List<FoundGroup> found(HostId host) {
    try {
      return hosts.list(new Inventory(database.jdbc()).installation(), host);
    } catch (RuntimeUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsNoMishap() {
    long before = Mishaps.count(Loop.POLL);
    database.dataSource().close();
    Waiting.during(Duration.ofSeconds(2), () -> Mishaps.count(Loop.POLL) == before);
  }

  @Test
  void whatOthersTellWhileItEndsIsNobodysTrouble() {
    driving.close();
    assertThat(leases.shards()).isNotEmpty();
    assertThatCode(() -> driving.lookAt(Set.of())).doesNotThrowAnyException();
  }

  @Test
  void ofGroupsThatStayInTheTablesNoneIsHiddenByTheOthers() {
    leases.close();
    driving.close();
    groups.add(SICK, "first", 2 * CROWD, longAgo());
    groups.add(WELL, "second", CROWD, Instant.now());
    Set<ContainerGroupId> seen = new HashSet<>();
    ChangedGroups changed = new ChangedGroups(groups.store());
    for (int i = 0; i < 4; i++) {
      List<Changed> next = changed.next(Set.of(0), Set.of());
      assertThat(next).hasSizeLessThanOrEqualTo(2 * GroupStore.MOST_AT_ONCE);
      next.forEach(one -> seen.add(one.group()));
    }
    assertThat(seen).hasSize(3 * CROWD);
    assertThat(changed.next(Set.of(0), Set.of(SICK)))
        .hasSizeGreaterThanOrEqualTo(GroupStore.MOST_AT_ONCE)
        .allMatch(one -> one.host().equals(WELL));
    assertThat(changed.next(Set.of(1), Set.of())).isEmpty();
  }
}
