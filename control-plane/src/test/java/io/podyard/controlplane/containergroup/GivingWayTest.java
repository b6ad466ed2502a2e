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
  private SteppedGroups process;

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

  /** With the hosts as they are at this moment. */
  private void startProcess() {
    Placement placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(HOST));
    placement.renew();
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
    startProcess();
    process.bindWaiting();
    assertThat(kept.promised()).isEmpty();
  }
}
