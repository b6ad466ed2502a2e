package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.SteppedGroups.Asked;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that are made while others wait, on one host of 4 vCPU. */
class NewGroupsAndTheLineTest {

  private static final HostId HOST = new HostId("h1");
  private static final Size WHOLE = Size.of(4_000, 16_384);
  private static final Size HALF = Size.of(2_000, 8_192);
  private static final Size QUARTER = Size.of(1_000, 4_096);

  private final AtomicInteger rings = new AtomicInteger();
  private TestDatabase database;
  private StoredGroups stored;
  private Placement placement;
  private SteppedTables tables;
  private SteppedGroups a;
  private SteppedGroups b;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    stored = new StoredGroups(database);
    stored.addHosts(List.of(HOST), WHOLE);
    database.jdbc().update("insert into account (id, name, role) values ('b', 'b', 'USER')");
    placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(HOST));
    placement.renew();
    placement.waitedFor().addListener(rings::incrementAndGet);
    tables = new SteppedTables(database.jdbc(), database.transaction());
    a = groups("a");
    b = groups("b");
  }

  @AfterEach
  void close() {
    stored.close();
    database.close();
  }

  private SteppedGroups groups(String account) {
    return new SteppedGroups(
        tables,
        SteppedTables.Plant.NONE,
        placement,
        new CapacityReturned(placement),
        new AccountId(account),
        StoredGroups.REGION,
        CommitPoints.NONE,
        Clock.systemUTC());
  }

  private static void create(SteppedGroups groups, String id, Size size, boolean spot)
      throws NotWrittenException {
    Asked asked =
        new Asked(
            CreateRequests.draft().spec().withSize(size), List.of(), spot, Duration.ofHours(1));
    assertThat(groups.create(id, new ContainerGroupId(id), asked).value()).isEqualTo(id);
  }

  private static void create(SteppedGroups groups, String id, Size size)
      throws NotWrittenException {
    create(groups, id, size, false);
  }

  private boolean hasHost(String id) {
    return stored.store().hostOf(new ContainerGroupId(id)).equals(Optional.of(HOST));
  }

  /** It ends, and its room is in the picture before anybody is told. */
  private void leaves(String id, Size size) {
    database
        .transaction()
        .executeWithoutResult(
            status -> {
              assertThat(
                      new Reservations(database.jdbc()).release(List.of(new ContainerGroupId(id))))
                  .hasSize(1);
              assertThat(
                      database
                          .jdbc()
                          .update(
                              "update quota set used_milli_cpu = used_milli_cpu - ?"
                                  + " where account_id = ?",
                              size.cpu().value(),
                              id.substring(0, 1)))
                  .isEqualTo(1);
            });
    placement.released(HOST, size);
  }

  @Test
  void roomThatComesBackIsNotTheNextCallersButWhoseTurnItIs() throws Exception {
    create(b, "b0", WHOLE);
    create(a, "a0", WHOLE);
    assertThat(hasHost("b0")).isTrue();
    assertThat(hasHost("a0")).isFalse();

    // Nobody has looked at those that wait since it is one of them.
    leaves("b0", WHOLE);
    for (int i = 1; i <= 5; i++) {
      create(b, "b" + i, WHOLE);
      assertThat(hasHost("b" + i)).isFalse();
      assertThat(rings).as("those that wait are to be looked at").hasValue(i);
    }
    b.bindWaiting();
    assertThat(hasHost("a0")).isTrue();

    // The same of what was looked at, also within one account: first come, first served.
    create(b, "b6", WHOLE);
    leaves("a0", WHOLE);
    create(b, "b7", WHOLE);
    b.bindWaiting();
    assertThat(hasHost("b1")).isTrue();
    assertThat(hasHost("b7")).isFalse();
  }

  @Test
  void aSpotGroupLetsAPayingOneGoFirstAndNotTheReverse() throws Exception {
    create(b, "b0", WHOLE);
    create(a, "a0", HALF);
    a.bindWaiting();
    leaves("b0", WHOLE);
    create(b, "b1", QUARTER, true);
    assertThat(hasHost("b1")).isFalse();
    b.bindWaiting();
    assertThat(hasHost("a0")).isTrue();
    assertThat(hasHost("b1")).as("nothing waits beside free room").isTrue();

    create(a, "a1", HALF, true);
    assertThat(hasHost("a1")).isFalse();
    a.bindWaiting();
    leaves("a0", HALF);
    create(b, "b2", HALF);
    assertThat(hasHost("b2")).isTrue();
  }

  @Test
  void aGroupThatFitsNowhereHoldsUpNobody() throws Exception {
    create(b, "b0", QUARTER);
    create(a, "a0", WHOLE);
    create(b, "b1", QUARTER);
    a.bindWaiting();
    create(b, "b2", QUARTER);
    create(b, "b3", HALF);

    assertThat(List.of("b1", "b2")).allMatch(this::hasHost);
    assertThat(hasHost("b3")).isFalse();
    assertThat(rings).hasValue(0);
  }

  @Test
  void oneThatWaitsNoMoreHoldsUpNobodyForLongerThanALook() throws Exception {
    create(b, "b0", HALF);
    create(a, "a0", WHOLE);
    a.bindWaiting();
    assertThat(a.delete("gone", new ContainerGroupId("a0"), true))
        .isEqualTo(SteppedGroups.Answer.DONE);
    leaves("b0", HALF);
    create(b, "b1", HALF);
    assertThat(hasHost("b1")).as("it is not known yet that the other is gone").isFalse();
    b.bindWaiting();
    assertThat(hasHost("b1")).isTrue();
    create(b, "b2", QUARTER);
    assertThat(hasHost("b2")).isTrue();
    b.bindWaiting();
    create(b, "b3", QUARTER);
    assertThat(hasHost("b3")).isTrue();
    assertThat(rings).hasValue(1);
  }
}
