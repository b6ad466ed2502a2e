package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a host of 4 vCPU is kept for that a group of 2 vCPU is on. */
class LargeGroupsTest {

  private static final HostId HOST = new HostId("h1");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** More than are looked at in a region at once. */
  private static final int MANY = 12;

  private final SteppedTime clock = new SteppedTime(Instant.now());
  private TestDatabase database;
  private StoredGroups stored;
  private Placement placement;
  private KeptHosts kept;
  private SteppedGroups process;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    stored = new StoredGroups(database);
    stored.addHosts(List.of(HOST), Size.of(4_000, 65_536));
    ContainerGroupId _ = stored.add(HOST, "there", 1, clock.instant());
    kept = new KeptHosts(database.jdbc(), database.transaction());
    placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(HOST, new HostId("h2")));
    process =
        new SteppedGroups(
            new SteppedTables(database.jdbc(), database.transaction()),
            SteppedTables.Plant.NONE,
            placement,
            new CapacityReturned(placement),
            new AccountId("a"),
            StoredGroups.REGION,
            CommitPoints.NONE,
            clock);
  }

  @AfterEach
  void close() {
    stored.close();
    database.close();
  }

  private void sql(String sql, Object... values) {
    assertThat(database.jdbc().update(sql, values)).isPositive();
  }

  /** Adds a group that has waited for long. */
  private ContainerGroupId addWaiting(String account, int milliCpu) {
    stored.addWaiting(
        account, account, 1, milliCpu, clock.instant().minus(PATIENCE).minusSeconds(10));
    return new ContainerGroupId(account + "-1");
  }

  private void look() {
    placement.renew();
    process.bindWaiting();
    clock.advance(Duration.ofSeconds(1));
  }

  @Test
  void largerOnesThatNoHostCouldEverTakeHideNobody() {
    for (int i = 0; i < MANY; i++) {
      addWaiting("never" + i, 90_000 + i);
    }
    ContainerGroupId large = addWaiting("large", 4_000);
    look();
    assertThat(kept.groups()).containsExactly(large);
  }

  @Test
  void manyOfOneRegionHideNobodyInAnother() {
    addHostElsewhere(100_000);
    for (int i = 0; i < MANY; i++) {
      addWaiting("other" + i, 99_500 + i);
    }
    sql(
        """
        update container_group set region = 'other', zone = 'other-a' where account_id like 'other%'
        """);
    ContainerGroupId large = addWaiting("large", 4_000);
    look();
    assertThat(kept.groups())
        .containsExactlyInAnyOrder(large, new ContainerGroupId("other" + (MANY - 1) + "-1"));
  }

  /** One that has a vCPU less to give than it has. */
  private void addHostElsewhere(int milliCpu) {
    sql("insert into zone (region, id) values ('other', 'other-a')");
    sql("insert into pool (id, region, runtime) values ('other', 'other', 'simulated')");
    sql(
        """
        insert into host (id, pool_id, region, zone, shard, state, allocatable_milli_cpu,
                          allocatable_memory_mib, reserved_milli_cpu, reported_milli_cpu,
                          reported_memory_mib, engine, architecture)
        select 'h2', 'other', 'other', 'other-a', shard, state, ?, allocatable_memory_mib, 1000,
               ?, reported_memory_mib, engine, architecture
        from host where id = 'h1'
        """,
        milliCpu,
        milliCpu);
  }

  @Test
  void aGpuMakesAGroupLarge() {
    sql("update host set gpu_reserved_milli = '{0}'");
    ContainerGroupId gpu = addWaiting("gpu", 3_000);
    ContainerGroupId plain = addWaiting("plain", 4_000);
    sql(
        """
        update container_group
        set spec = jsonb_set(spec, '{gpus}', '{"count": 1, "milliEach": 1000, "places": {}}')
        where id = ?
        """,
        gpu.value());
    look();
    assertThat(kept.groups()).as("and not for " + plain).containsExactly(gpu);
  }

  @Test
  void aHostThatBecameTooSmallIsGivenBackWithWhatIsPromisedThere() {
    ContainerGroupId large = addWaiting("large", 4_000);
    look();
    assertThat(kept.groups()).containsExactly(large);
    sql(
        """
        insert into spot_promise (group_id, host_id, milli_cpu, memory_mib, disk_mib)
        values (?, 'h1', 4000, 4096, 0)
        """,
        large.value());
    look();
    assertThat(kept.groups()).as("it is to have its room").containsExactly(large);

    sql("update host set allocatable_milli_cpu = 3000");
    look();
    assertThat(kept.groups()).isEmpty();
    assertThat(kept.promised()).isEmpty();
    look();
    assertThat(kept.groups()).as("it would be in vain").isEmpty();
  }
}
