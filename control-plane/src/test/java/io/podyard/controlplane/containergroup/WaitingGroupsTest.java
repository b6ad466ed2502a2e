package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.containergroup.GroupStore.StillWaiting;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.jdbc.core.JdbcTemplate;

class WaitingGroupsTest {

  private static final HostId HOST = new HostId("h1");
  private static final List<HostId> HOSTS = List.of(HOST, new HostId("h2"), new HostId("h3"));

  private static final String VOLUME =
      """
      {"kind": "dataCache", "name": "data", "cache": "edc-1.1", "digest": "sha256:2", "path": "",
       "readOnly": true, "hostPath": "/data"}
      """;

  /** Reading the hosts ends in errors a few times. */
  private static final class Failing extends Inventory {
    private final AtomicInteger left = new AtomicInteger(3);

    Failing(JdbcTemplate jdbc) {
      super(jdbc);
    }

    @Override
    public Map<PoolId, PlacementPolicy> policies() {
      if (left.getAndDecrement() > 0) {
        throw new StackOverflowError("on purpose");
      }
      return super.policies();
    }
  }

  @Test
  void anErrorInOneRoundOrOneWakeUpDoesNotEndThemAll() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(64_000, 128_000));
      ContainerGroupId first = groups.addWaiting("first");
      AtomicInteger woken = new AtomicInteger();
      Failing inventory = new Failing(database.jdbc());
      Placement placement = new Placement(inventory);
      placement.open(List.of(HOST));
      WaitingLook waiting =
          groups.waiting(
              placement,
              (group, shard) -> {
                assertThat(MDC.get("groupId")).isEqualTo(group.value());
                if (woken.incrementAndGet() == 1) {
                  throw new OutOfMemoryError("on purpose");
                }
              });
      waiting.start();
      try {
        Waiting.until("a host for the first", () -> hasHost(groups, first));
        ContainerGroupId second = groups.addWaiting("second");
        Waiting.until("a host for the second", () -> hasHost(groups, second));
        Waiting.until("both to be woken", () -> woken.get() == 2);
        assertThat(inventory.left.get()).isNegative();
      } finally {
        waiting.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2", "h3"})
  void whatWaitedGoesToAHostThatHoldsItsImages(String holder) {
    goesTo(holder, "", Set.of(new HostId(holder)), Set.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2", "h3"})
  void whatWaitedGoesToAHostThatHoldsItsDataRatherThanItsImages(String holder) {
    Set<HostId> others = new HashSet<>(HOSTS);
    others.remove(new HostId(holder));
    goesTo(holder, VOLUME, others, Set.of(new HostId(holder)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2", "h3"})
  void whatWaitedGoesToAHostThatHasItsImagesWithoutACache(String holder) {
    goesTo(holder, "[]", "", Set.of(new HostId(holder)), Set.of());
  }

  private static void goesTo(
      String wanted, String volume, Set<HostId> withImages, Set<HostId> withData) {
    goesTo(
        wanted,
        "[{\"image\": \"podyard/app:1\", \"digest\": \"sha256:1\", \"cache\": \"imc-1.1\"}]",
        volume,
        withImages,
        withData);
  }

  private static void goesTo(
      String wanted,
      String cachedImages,
      String volume,
      Set<HostId> withImages,
      Set<HostId> withData) {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(HOSTS, Size.of(64_000, 128_000));
      ContainerGroupId group = groups.addWaiting("waits");
      database
          .jdbc()
          .update(
              """
              update container_group set spec = jsonb_set(
                jsonb_set(spec, '{cachedImages}', ?::jsonb), '{volumes}', ?::jsonb)
              """,
              cachedImages,
              "[" + volume + "]");
      Placement placement = new Placement(new Inventory(database.jdbc()));
      placement.open(HOSTS);
      WaitingLook waiting =
          groups.waiting(
              placement,
              (_, _) -> {},
              new FixedImageCaches(withImages),
              new FixedDataCaches(withData),
              Clock.systemUTC());
      waiting.start();
      try {
        Waiting.until("a host", () -> groups.store().hostOf(group).isPresent());
        assertThat(groups.store().hostOf(group)).contains(new HostId(wanted));
      } finally {
        waiting.close();
      }
    }
  }

  @Test
  void whatIsSaidOfAWaitingGroupKeepsItsNumbersTrueButIsNotWrittenMoreOftenThanItMay() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(64_000, 128_000));
      occupy(database, 0);
      ContainerGroupId lost = groups.addLost(HOST, "lost");
      ContainerGroupId other = groups.addWaiting("other");
      assertThat(groups.message(lost)).isEqualTo(JdbcGroupCreation.LOST);
      written(database, "now() + interval '1 hour'");
      Placement placement = new Placement(new Inventory(database.jdbc()));
      placement.open(List.of(HOST));
      SteppedTime clock = new SteppedTime(Instant.now());
      WaitingLook waiting = groups.waiting(placement, (group, shard) -> {}, clock);
      waiting.start();
      try {
        // One without numbers gets them at once, one that was just written not yet.
        Waiting.until("numbers", () -> groups.message(lost).startsWith("None of 1 host of r "));
        String first = groups.message(lost);
        assertThat(first).contains("closest host lacks");
        assertThat(groups.message(other)).isEmpty();

        occupy(database, 100);
        Waiting.until(
            "a renewed picture",
            () -> placement.hosts().getFirst().reserved().equals(Size.of(63_900, 128_000)));
        written(database, "now() - interval '1 hour'");
        untilLooked(groups, "probe-1");
        assertThat(groups.message(lost)).isEqualTo(first);

        // This process may write it again, but another one just did.
        written(database, "now() + interval '1 hour'");
        clock.advance(WaitingReasons.PAUSE);
        untilLooked(groups, "probe-2");
        assertThat(groups.message(lost)).isEqualTo(first);

        written(database, "now() - interval '1 hour'");
        clock.advance(WaitingReasons.PAUSE);
        Waiting.until(
            "new numbers",
            () ->
                groups.message(lost).contains("0.1 vCPU")
                    && groups.message(other).equals(groups.message(lost)));
        assertThat(texts(database, "select distinct reason from container_group"))
            .containsExactly("NoCapacity");
        // No event comes of it: they are for what happens.
        assertThat(texts(database, "select distinct message from group_event"))
            .containsExactlyInAnyOrder(JdbcGroupCreation.LOST, GroupBinding.HOST_FOUND.message());
      } finally {
        waiting.close();
      }
    }
  }

  private static void occupy(TestDatabase database, int milliCpuLeft) {
    database
        .jdbc()
        .update(
            "update host set reserved_milli_cpu = allocatable_milli_cpu - ?,"
                + " reserved_memory_mib = allocatable_memory_mib",
            milliCpuLeft);
  }

  /** When the waiting groups were written last, whoever wrote them. */
  private static void written(TestDatabase database, String when) {
    database.jdbc().update("update container_group set changed_at = " + when);
  }

  /** A group without numbers gets them whenever all are looked at. */
  private static void untilLooked(StoredGroups groups, String probe) {
    ContainerGroupId group = groups.addLost(HOST, probe);
    Waiting.until("a look", () -> groups.message(group).contains("0.1 vCPU"));
  }

  private static List<@Nullable String> texts(TestDatabase database, String sql) {
    return database.jdbc().queryForList(sql, String.class);
  }

  @Test
  void aRowThatSomebodyElseHasLockedIsNotWaitedForAndOneThatWasWrittenIsLeftAsItIs() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(500, 1024));
      ContainerGroupId locked = groups.addWaiting("locked");
      ContainerGroupId deleted = groups.addWaiting("deleted");
      ContainerGroupId free = groups.addWaiting("free");
      List<StillWaiting> words =
          groups.line().oldest(null, 10).stream()
              .map(seen -> new StillWaiting(seen, "new", true))
              .toList();
      assertThat(words).hasSize(3);
      groups.delete(deleted);
      database
          .transaction()
          .executeWithoutResult(
              status -> {
                assertThat(
                        texts(
                            database,
                            "select id from container_group where id = 'locked' for no key update"))
                    .hasSize(1);
                Thread other =
                    Thread.ofPlatform()
                        .start(() -> groups.store().explain(words, WaitingReasons.PAUSE));
                Waiting.until("the other's end", () -> !other.isAlive());
              });
      assertThat(groups.message(locked)).isEmpty();
      assertThat(groups.message(deleted)).isEmpty();
      assertThat(groups.message(free)).isEqualTo("new");
    }
  }

  @Test
  void aGroupThatSomethingIsWrongWithHoldsUpNobody() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(64_000, 128_000));
      ContainerGroupId unreadable = groups.addWaiting("unreadable");
      groups.addWaiting("a", "odd", 1, 3_000, Instant.now());
      ContainerGroupId last = groups.addWaiting("last");
      database
          .jdbc()
          .update("update container_group set spec = '{\"size\": 7}' where id = 'unreadable'");
      AtomicInteger thrown = new AtomicInteger();
      Placement placement =
          new Placement(new Inventory(database.jdbc())) {
            @Override
            public Optional<Pick> pick(PlacementRequest request) {
              if (request.size().cpu().value() == 3_000) {
                thrown.incrementAndGet();
                throw new IllegalStateException("on purpose");
              }
              return super.pick(request);
            }
          };
      placement.open(List.of(HOST));
      SteppedTime clock = new SteppedTime(Instant.now());
      WaitingLook waiting = groups.waiting(placement, (group, shard) -> {}, clock);
      waiting.start();
      try {
        Waiting.until("a host for the last", () -> hasHost(groups, last));
        ContainerGroupId another = groups.addWaiting("another");
        Waiting.until("a host for another", () -> hasHost(groups, another));
        assertThat(thrown).as("left aside").hasValue(1);
        assertThat(groups.status(unreadable)).isEqualTo("Scheduling");

        // It is not given up: what is wrong may be over one day.
        database
            .jdbc()
            .update(
                """
                update container_group set spec = (select spec from container_group where id = 'last')
                where id = 'unreadable'
                """);
        clock.advance(WaitingWishes.ASIDE);
        Waiting.until("a host for it", () -> hasHost(groups, unreadable));
        Waiting.until("another look", () -> thrown.get() == 2);
      } finally {
        waiting.close();
      }
    }
  }

  @Test
  void moreThanAreLookedAtInTurnDoNotHideTheOthers() {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      groups.addHosts(List.of(HOST), Size.of(1_000, 640_000));
      Instant start = Instant.now();
      groups.addWaiting("a", "large", WaitingGroups.MOST_IN_TURN, 2_000, start);
      groups.addWaiting("a", "small", 1, 500, start.plusSeconds(15_000));
      Placement placement = new Placement(new Inventory(database.jdbc()));
      placement.open(List.of(HOST));
      WaitingLook waiting = groups.waiting(placement, (group, shard) -> {});
      waiting.start();
      try {
        Waiting.until(
            "a host for the last", () -> hasHost(groups, new ContainerGroupId("small-1")));
      } finally {
        waiting.close();
      }
    }
  }

  private static boolean hasHost(StoredGroups groups, ContainerGroupId group) {
    return groups.store().hostOf(group).equals(Optional.of(HOST));
  }
}
