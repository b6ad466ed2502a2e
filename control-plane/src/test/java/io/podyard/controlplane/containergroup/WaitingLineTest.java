package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.RegionCapacity;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final HostId HOST = new HostId("h1");

  private TestDatabase database;
  private StoredGroups groups;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    groups = new StoredGroups(database);
  }

  @AfterEach
  void close() {
    groups.close();
    database.close();
  }

  @Test
  void aFloodOfOneAccountTakesTurnsWithTheFewOfAnother() {
    groups.addWaiting("flood", "many", 10_000, 1_000, START);
    groups.addWaiting("little", "few", 5, 1_000, START.plusSeconds(20_000));

    assertThat(first(12))
        .containsExactly(
            "many-1", "few-1", "many-2", "few-2", "many-3", "few-3", "many-4", "few-4", "many-5",
            "few-5", "many-6", "many-7");
    assertThat(groups.line().first(20_000, List.of())).as("nobody is left out").hasSize(10_005);
  }

  @Test
  void whoHasMoreWaitsUntilTheOthersHaveAsMuch() {
    groups.addHosts(List.of(HOST), Size.of(64_000, 640_000));
    groups.addWaiting("has", "rich", 4, 2_000, START);
    bind("rich-1");
    bind("rich-2");
    bind("rich-3");
    groups.addWaiting("new", "poor", 5, 2_000, START.plusSeconds(100));

    // Three first, then they have equally much and the oldest goes first.
    assertThat(first(6))
        .containsExactly("poor-1", "poor-2", "poor-3", "rich-4", "poor-4", "poor-5");
  }

  @Test
  void turnsAreBySizeNotByNumber() {
    groups.addWaiting("a", "large", 3, 4_000, START);
    groups.addWaiting("b", "small", 8, 1_000, START.plusSeconds(100));

    assertThat(first(8))
        .containsExactly(
            "large-1", "small-1", "small-2", "small-3", "small-4", "large-2", "small-5", "small-6");
  }

  @Test
  void spotGroupsComeAfterAllOthersAndTakeTurnsLikewise() {
    groups.addWaiting("a", "spare", 3, 1_000, START);
    groups.addWaiting("b", "other", 1, 1_000, START.plusSeconds(50));
    database.jdbc().update("update container_group set spot = true");
    groups.addWaiting("a", "full", 2, 1_000, START.plusSeconds(100));
    groups.addWaiting("c", "late", 1, 1_000, START.plusSeconds(200));

    assertThat(first(7))
        .containsExactly("full-1", "late-1", "full-2", "other-1", "spare-1", "spare-2", "spare-3");
  }

  @Test
  void everyGroupComesWhileOthersKeepComing() {
    groups.addHosts(List.of(HOST), Size.of(1_000_000, 10_000_000));
    groups.addWaiting("a", "old", 4, 2_000, START);
    List<String> bound = new ArrayList<>();
    for (int round = 1; round <= 8; round++) {
      // Another account has new ones all the time; there is room for one group.
      groups.addWaiting("b", "new" + round, 2, 2_000, START.plusSeconds(100 * round));
      String next = first(1).getFirst();
      bind(next);
      bound.add(next);
    }
    assertThat(bound).contains("old-1", "old-2", "old-3", "old-4");
    assertThat(bound).filteredOn(id -> id.startsWith("new")).hasSize(4);
  }

  /** A region of 100 vCPU and 4 GPUs. */
  private static List<RegionCapacity> withGpus() {
    return List.of(new RegionCapacity(StoredGroups.REGION, 100_000, 4_000));
  }

  @Test
  void whoHasMostGpusWaitsThoughOthersHaveMoreVcpu() {
    groups.addHosts(List.of(HOST), Size.of(100_000, 640_000));
    database.jdbc().update("update host set gpu_reserved_milli = '{0,0,0,0}'");
    groups.addWaiting("gpus", "few", 2, 4_000, START);
    bind("few-1");
    reserveGpus("few-1", 2);
    groups.addWaiting("plain", "much", 2, 40_000, START.plusSeconds(100));
    bind("much-1");

    assertThat(first(2, List.of())).as("vCPU alone").containsExactly("few-2", "much-2");
    assertThat(first(2, withGpus())).containsExactly("much-2", "few-2");
  }

  @Test
  void gpusOfThoseBeforeInTheLineCountAsHad() {
    groups.addWaiting("gpus", "one", 3, 1_000, START);
    database
        .jdbc()
        .update(
            """
            update container_group
            set spec = jsonb_set(spec, '{gpus}', '{"count": 1, "milliEach": 1000, "places": {}}')
            """);
    groups.addWaiting("plain", "twenty", 3, 20_000, START.plusSeconds(100));

    assertThat(first(6, withGpus()))
        .containsExactly("one-1", "twenty-1", "twenty-2", "one-2", "twenty-3", "one-3");
  }

  /** Of the first devices of the host, as many as said. */
  private void reserveGpus(String group, int count) {
    assertThat(
            database
                .jdbc()
                .update(
                    """
                    insert into reservation
                      (group_id, host_id, milli_cpu, memory_mib, gpu_devices, gpu_milli_each)
                    values (?, 'h1', 4000, 4096, ?, 1000)
                    """,
                    group,
                    (1L << count) - 1))
        .isEqualTo(1);
  }

  private List<String> first(int most) {
    return first(most, List.of());
  }

  private List<String> first(int most, List<RegionCapacity> capacities) {
    return groups.line().first(most, capacities).stream().map(group -> group.id().value()).toList();
  }

  private void bind(String group) {
    database
        .jdbc()
        .update("update container_group set host_id = 'h1', shard = 0 where id = ?", group);
  }
}
