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

/** Whom spot groups give way to, on one host that takes one group. */
class GivingWayTest {

  private static final HostId HOST = new HostId("h1");

  private final SteppedTime clock = new SteppedTime(Instant.now());
  private TestDatabase database;
  private StoredGroups stored;
  private KeptHosts kept;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    stored = new StoredGroups(database);
    stored.addHosts(List.of(HOST), Size.of(2_000, 65_536));
    kept = new KeptHosts(database.jdbc(), database.transaction());
  }

  @AfterEach
  void close() {
    stored.close();
    database.close();
  }

  /** Its picture of the hosts is that of this moment. */
  private SteppedGroups process() {
    Placement placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(HOST, new HostId("h2")));
    placement.renew();
    return new SteppedGroups(
        new SteppedTables(database.jdbc(), database.transaction()),
        SteppedTables.Plant.NONE,
        placement,
        new CapacityReturned(placement),
        new AccountId("a"),
        StoredGroups.REGION,
        CommitPoints.NONE,
        clock);
  }

  private void sql(String sql, Object... values) {
    assertThat(database.jdbc().update(sql, values)).isPositive();
  }

  /** Adds a group that waits, of an account that has nothing. */
  private ContainerGroupId addWaiting(String account, int milliCpu, int secondsLater) {
    stored.addWaiting(account, account, 1, milliCpu, clock.instant().plusSeconds(secondsLater));
    return new ContainerGroupId(account + "-1");
  }

  @Test
  void aPromiseThatCameToNothingIsForgottenThoughThereAreNoSpotGroupsAnyMore() {
    ContainerGroupId waits = addWaiting("b", 4_000, 0);
    sql(
        """
        insert into spot_promise (group_id, host_id, milli_cpu, memory_mib, disk_mib, made_at)
        values (?, 'h1', 4000, 1024, 0, now() - interval '2 minutes')
        """,
        waits.value());
    process().bindWaiting();
    assertThat(kept.promised()).isEmpty();
  }

  @Test
  void manyAlikeThatNobodyCanHelpAreAskedForOnce() {
    addSpot();
    for (int i = 0; i < 2 * GivingWay.MOST_AT_ONCE; i++) {
      addWaiting("large" + i, 90_000, 0);
    }
    ContainerGroupId waits = addWaiting("small", 2_000, 1);
    process().bindWaiting();
    assertThat(kept.promised()).containsOnlyKeys(waits);
  }

  @Test
  void thoseWhereNoSpotGroupsAreCostNoTry() {
    addSpot();
    for (int i = 0; i < 2 * GivingWay.MOST_AT_ONCE; i++) {
      addWaiting("elsewhere" + i, 90_000 + i, 0);
    }
    sql("update container_group set zone = 'r-b' where account_id like 'elsewhere%'");
    ContainerGroupId waits = addWaiting("small", 2_000, 1);
    addEmptyHostElsewhere();
    process().bindWaiting();
    assertThat(kept.promised()).containsOnlyKeys(waits);
  }

  @Test
  void theNextLookGoesOnBehindThoseThatWereTried() {
    addSpot();
    int impossible = 2 * GivingWay.MOST_AT_ONCE;
    for (int i = 0; i < impossible; i++) {
      addWaiting("large" + i, 90_000 + i, 0);
    }
    ContainerGroupId waits = addWaiting("small", 2_000, 1);
    SteppedGroups process = process();
    for (int look = 0; look < impossible / GivingWay.MOST_AT_ONCE; look++) {
      process.bindWaiting();
      assertThat(kept.promised()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
    }
    process.bindWaiting();
    assertThat(kept.promised()).containsOnlyKeys(waits);
  }

  /** A spot group on all of the host, whose protection is over. */
  private void addSpot() {
    ContainerGroupId spot = stored.add(HOST, "spot", 1, clock.instant());
    sql("update container_group set spot = true where id = ?", spot.value());
    sql(
        "insert into spot_group (group_id, created_at, protected_until) values (?, now(), now())",
        spot.value());
  }

  /** Another zone, so that nobody is served by the hosts of the first one there. */
  private void addEmptyHostElsewhere() {
    sql("insert into zone (region, id) values ('r', 'r-b')");
    sql(
        """
        insert into host (id, pool_id, region, zone, shard, state, allocatable_milli_cpu,
                          allocatable_memory_mib, reported_milli_cpu, reported_memory_mib, engine)
        select 'h2', pool_id, region, 'r-b', shard, state, 1000, allocatable_memory_mib, 1000,
               reported_memory_mib, engine
        from host where id = 'h1'
        """);
  }
}
