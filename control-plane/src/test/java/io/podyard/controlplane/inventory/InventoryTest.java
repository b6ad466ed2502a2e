package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.scheduler.Taken;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where hosts are when the settings of two starts differ. */
class InventoryTest {

  private static final HostId HOST = new HostId("h");
  private static final Size SIZE = Size.of(4000, 8192);
  private static final Inventory.Seat FIRST =
      new Inventory.Seat(new RegionId("r"), new ZoneId("r-a"), 0);
  private static final Inventory.Seat SECOND =
      new Inventory.Seat(new RegionId("s"), new ZoneId("s-b"), 1);

  private static final HostReport REPORT = new HostReport("engine", SIZE, "amd64");

  private TestDatabase database;
  private Inventory inventory;
  private Reservations reservations;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    inventory = new Inventory(database.jdbc());
    reservations = new Reservations(database.jdbc());
    assertThat(start("p", FIRST)).isEqualTo(FIRST);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Inventory.Seat start(String pool, Inventory.Seat seat) {
    inventory.addZones(seat.region(), List.of(seat.zone()));
    inventory.addPool(new PoolId(pool), seat.region(), "simulated", 1);
    return inventory.report(HOST, new PoolId(pool), seat, REPORT, "");
  }

  @Test
  void whyNothingBoundsAGroupIsSaidAsOfTheLastStart() {
    HostListing listing = new HostListing(database.jdbc());
    assertThat(listing.page(null, 1).getFirst().unboundBecause()).isEmpty();

    for (String why : List.of("the engine's cgroup driver is not cgroupfs", "")) {
      Inventory.Seat _ = inventory.report(HOST, new PoolId("p"), FIRST, REPORT, why);
      assertThat(listing.page(null, 1).getFirst().unboundBecause()).isEqualTo(why);
    }
  }

  private void reserve(String group) {
    database
        .transaction()
        .executeWithoutResult(
            status ->
                assertThat(
                        reservations.reserve(
                            List.of(
                                new Reservations.Need(
                                    new ContainerGroupId(group),
                                    HOST,
                                    Taken.of(Size.of(1000, 1024))))))
                    .hasSize(1));
  }

  private void release(String group) {
    database
        .transaction()
        .executeWithoutResult(
            status ->
                assertThat(reservations.release(List.of(new ContainerGroupId(group)))).hasSize(1));
  }

  private KnownHost host() {
    return inventory.hosts().getFirst();
  }

  @Test
  void aHostWithoutGroupsGoesWhereTheSettingsSay() {
    assertThat(start("q", SECOND)).isEqualTo(SECOND);
    assertThat(host().snapshot().region()).isEqualTo(SECOND.region());
    assertThat(host().snapshot().zone()).isEqualTo(SECOND.zone());
    assertThat(host().snapshot().pool()).isEqualTo(new PoolId("q"));
    assertThat(host().shard()).isEqualTo(1);
    assertThat(
            database.jdbc().queryForList("select shard from shard_lease order by 1", Integer.class))
        .as("there is a lease for its new shard")
        .containsExactly(0, 1);
  }

  @Test
  void aHostWithGroupsStaysWithThemUntilTheyAreGone() {
    reserve("g1");
    assertThat(start("q", SECOND)).isEqualTo(FIRST);
    assertThat(host().snapshot().pool()).isEqualTo(new PoolId("p"));
    assertThat(host().shard()).isZero();

    release("g1");
    assertThat(start("q", SECOND)).isEqualTo(SECOND);
    assertThat(host().snapshot().zone()).isEqualTo(SECOND.zone());
  }

  @Test
  void aPoolFollowsItsHostsToAnotherRegion() {
    start("p", SECOND);
    assertThat(database.jdbc().queryForObject("select region from pool", String.class))
        .isEqualTo("s");
  }

  @Test
  void itKnowsInWhichRegionsGroupsHoldHosts() {
    assertThat(inventory.groupsOnHosts()).isEmpty();
    reserve("g1");
    reserve("g2");
    assertThat(inventory.groupsOnHosts()).isEqualTo(Map.of(FIRST.region(), 2));
  }
}
