package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What becomes of the room of picks for groups that waited, on one host that one group fills. */
class WaitingBindingsTest {

  private static final HostId HOST = new HostId("h1");
  private static final Size WHOLE = Size.of(2_000, 4_096);

  private final AtomicInteger picks = new AtomicInteger();
  private TestDatabase database;
  private JdbcTemplate jdbc;
  private StoredGroups stored;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    stored = new StoredGroups(database);
    stored.addHosts(List.of(HOST), WHOLE);
  }

  @AfterEach
  void close() {
    stored.close();
    database.close();
  }

  /**
   * A picture of the hosts as they are now.
   *
   * @param picked what happens between a pick and its writing
   */
  private Placement placement(Runnable picked) {
    Placement placement =
        new Placement(new Inventory(jdbc)) {
          @Override
          public Optional<Pick> pick(PlacementRequest request) {
            Optional<Pick> pick = super.pick(request);
            if (pick.isPresent()) {
              picks.incrementAndGet();
              picked.run();
            }
            return pick;
          }
        };
    placement.open(List.of(HOST));
    placement.renew();
    return placement;
  }

  private SteppedGroups process(Placement placement) {
    return new SteppedGroups(
        new SteppedTables(jdbc, database.transaction()),
        SteppedTables.Plant.NONE,
        placement,
        new CapacityReturned(placement),
        new AccountId("a"),
        StoredGroups.REGION,
        CommitPoints.NONE,
        Clock.systemUTC());
  }

  private static boolean hasRoom(Placement placement) {
    return placement.explain(PlacementRequest.anywhereIn(StoredGroups.REGION, WHOLE)).hostsFitting()
        == 1;
  }

  @Test
  void aHostThatWasFullIsPickedForNobodyElseBeforeItsRowIsRead() {
    for (int i = 0; i < 3; i++) {
      ContainerGroupId _ = stored.addWaiting("g" + i);
    }
    Placement placement = placement(() -> {});
    SteppedGroups process = process(placement);
    // By another process, and this one does not know it yet.
    reserve(WHOLE.cpu().value());
    process.bindWaiting();
    assertThat(picks).hasValue(1);
    assertThat(hasRoom(placement)).isFalse();

    reserve(0);
    placement.renew();
    process.bindWaiting();
    assertThat(stored.store().hostOf(new ContainerGroupId("g0"))).contains(HOST);
    assertThat(picks).hasValue(2);
  }

  private void reserve(int milliCpu) {
    assertThat(jdbc.update("update host set reserved_milli_cpu = ?", milliCpu)).isEqualTo(1);
  }

  @Test
  void roomOfAGroupThatWaitsNoMoreIsFreeAtOnce() {
    ContainerGroupId deleted = stored.addWaiting("deleted");
    Placement placement = placement(() -> stored.delete(deleted));
    process(placement).bindWaiting();
    assertThat(picks).hasValue(1);
    assertThat(hasRoom(placement)).isTrue();
  }
}
