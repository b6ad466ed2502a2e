package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.podyard.controlplane.containergroup.GroupPreparation.Prepared;
import io.podyard.controlplane.containergroup.PickSettlement.Became;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the room that was set aside for a group, on one host that it fills. */
class PickSettlementTest {

  private static final RegionId REGION = new RegionId("r");
  private static final Size WHOLE = Size.of(2_000, 4_096);
  private static final PlacementRequest REQUEST = PlacementRequest.anywhereIn(REGION, WHOLE);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicInteger looks = new AtomicInteger();
  private TestDatabase database;
  private Placement placement;
  private PickSettlement settlement;

  @BeforeEach
  void addHost() {
    database = TestDatabase.create();
    TestHosts.add(database.jdbc(), 1, WHOLE);
    placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(new HostId("h1")));
    placement.renew();
    placement.waitedFor().addListener(looks::incrementAndGet);
    settlement =
        new PickSettlement(placement, new StartTimes(new SimpleMeterRegistry()), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Prepared picked() {
    Optional<Placement.Pick> pick = placement.pick(REQUEST);
    assertThat(pick).isPresent();
    assertThat(placement.pick(REQUEST)).isEmpty();
    return prepared(pick, List.of());
  }

  private static Prepared prepared(Optional<Placement.Pick> pick, List<PlacementRequest> noRoom) {
    GroupDraft draft = CreateRequests.draft("Cpu=2", "Memory=4");
    GroupRecord record =
        NewRecords.scheduling(
            "g", new AccountId("a"), REGION, null, draft, NOW, NOW.plusSeconds(60));
    return new Prepared(record, pick, GroupBinding.HOST_FOUND, null, noRoom);
  }

  private boolean hasRoom() {
    return placement.explain(REQUEST).hostsFitting() == 1;
  }

  @Test
  void aLostAddressGivesTheRoomOfTheHostBackAtOnce() {
    settlement.settle(picked(), Became.WITHOUT_ADDRESS);
    assertThat(hasRoom()).isTrue();
    assertThat(looks).as("another of its vSwitches may do").hasValue(1);
  }

  @Test
  void aHostThatWasFullIsNotPickedAgainBeforeItsRowIsRead() {
    settlement.settle(picked(), Became.WAITING);
    assertThat(hasRoom()).isFalse();
    assertThat(looks).hasValue(1);
    placement.renew();
    assertThat(hasRoom()).isTrue();
  }

  @Test
  void roomOfAGroupThatWasNotMadeIsFreeAndOfOneThatWasIsNot() {
    settlement.settle(picked(), Became.NOTHING);
    assertThat(hasRoom()).isTrue();
    settlement.settle(picked(), Became.PLACED);
    assertThat(hasRoom()).isFalse();
    assertThat(looks).hasValue(0);
  }

  @Test
  void aGroupWithoutAPickJoinsTheLineIfItWasMade() {
    Prepared waits = prepared(Optional.empty(), List.of(REQUEST));
    settlement.settle(waits, Became.NOTHING);
    Placement.NewPick first = placement.pickNew(REQUEST, false);
    assertThat(first.othersFirst()).isFalse();
    first.pick().ifPresent(placement::notWritten);
    settlement.settle(waits, Became.WAITING);
    assertThat(placement.pickNew(REQUEST, false).othersFirst()).isTrue();
    assertThat(looks).hasValue(0);
    settlement.settle(prepared(Optional.empty(), List.of()), Became.WAITING);
    assertThat(looks).hasValue(1);
  }
}
