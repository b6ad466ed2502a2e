package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.billing.Metered;
import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.CurrencyCode;
import io.podyard.model.HostId;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which of two zones a spot group may be, each of which has a host and prices of its own. */
class SpotBidsTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Size SIZE = Size.of(2_000, 4_096);
  private static final ZoneId A = new ZoneId("r-a");
  private static final ZoneId B = new ZoneId("r-b");
  private static final GroupPlace ANYWHERE =
      new GroupPlace(PlacementRequest.anywhereIn(new RegionId("r"), SIZE), null);

  private final Map<ZoneId, NavigableMap<Instant, BigDecimal>> prices = new HashMap<>();
  private final SteppedTime clock = new SteppedTime(START);
  private TestDatabase database;
  private SpotBids bids;

  @BeforeEach
  void addHosts() {
    database = TestDatabase.create();
    TestHosts.add(database.jdbc(), 2, SIZE);
    database.jdbc().update("insert into zone (region, id) values ('r', 'r-b')");
    database.jdbc().update("update host set zone = 'r-b' where id = 'h2'");
    Placement placement = new Placement(new Inventory(database.jdbc()));
    placement.open(List.of(new HostId("h1"), new HostId("h2")));
    placement.renew();
    bids = new SpotBids((_, zone, _, at) -> price(zone, at), placement, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Optional<Money> price(@Nullable ZoneId zone, Instant at) {
    NavigableMap<Instant, BigDecimal> its = zone == null ? null : prices.get(zone);
    Map.Entry<Instant, BigDecimal> last = its == null ? null : its.floorEntry(at);
    return last == null
        ? Optional.empty()
        : Optional.of(new Money(last.getValue(), new CurrencyCode("CNY")));
  }

  /** From now on. */
  private void price(ZoneId zone, String hour) {
    prices.computeIfAbsent(zone, _ -> new TreeMap<>()).put(clock.instant(), new BigDecimal(hour));
  }

  /** Of a group that was made at the start. */
  private static SpotBid bid(@Nullable String limit, int hours) {
    SpotWish wish = new SpotWish(limit == null ? null : new BigDecimal(limit), hours);
    return SpotBid.of(wish, START.plusMillis(700), List.of(Metered.of(SIZE)));
  }

  private static GroupPlace in(ZoneId zone) {
    return ANYWHERE.with(ANYWHERE.wanted().inZone(zone));
  }

  private List<GroupPlace> ofNew(GroupPlace place, @Nullable String limit) {
    return bids.ofNew(List.of(place), bid(limit, 1));
  }

  private void refused(GroupPlace place, @Nullable String limit, ErrorCode code, String message) {
    assertThatThrownBy(() -> ofNew(place, limit))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(code);
              assertThat(refusal).hasMessageContaining(message);
            });
  }

  @Test
  void aNewGroupMayBeWhereItsLimitIsEnoughAndIsRefusedIfThatIsNowhere() {
    price(A, "1");
    price(B, "3.50");
    assertThat(ofNew(ANYWHERE, "3.5")).containsExactly(ANYWHERE);
    assertThat(ofNew(ANYWHERE, "3.4")).containsExactly(in(A));
    assertThat(ofNew(ANYWHERE, null)).containsExactly(ANYWHERE);
    assertThat(ofNew(in(A), "1")).containsExactly(in(A));
    assertThat(bids.ofNew(List.of(in(B), in(A)), bid("1", 0))).containsExactly(in(A));
    refused(
        ANYWHERE,
        "0.9",
        ErrorCode.SPOT_NOT_MATCHED,
        "SpotPriceLimit: 0.9 is less than what an hour costs now:"
            + " 1 CNY in zone r-a, 3.5 CNY in zone r-b.");
    refused(in(B), "1", ErrorCode.SPOT_NOT_MATCHED, "now: 3.5 CNY in zone r-b.");
    GroupPlace atDisks = ANYWHERE.with(ANYWHERE.wanted().onHost(new HostId("h2")));
    refused(atDisks, "1", ErrorCode.SPOT_NOT_MATCHED, "now: 3.5 CNY in zone r-b.");
    assertThat(bids.ofNew(List.of(atDisks), null)).as("it pays in full").containsExactly(atDisks);
  }

  @Test
  void whereThereIsNoPriceNobodyIsPutWhoCanBeElsewhere() {
    refused(
        ANYWHERE, null, ErrorCode.ZONE_NOT_ON_SALE, "in zone r-a, r-b of region r: spot groups");
    assertThat(bids.affordable(List.of(ANYWHERE), bid(null, 0)))
        .as("its price may be gone for a while")
        .containsExactly(ANYWHERE);
    price(B, "3");
    assertThat(ofNew(ANYWHERE, null)).containsExactly(in(B));
    assertThat(ofNew(ANYWHERE, "3")).containsExactly(in(B));
    assertThat(bids.affordable(List.of(ANYWHERE), bid(null, 0))).containsExactly(in(B));
    assertThat(bids.affordable(List.of(ANYWHERE), bid("3", 0))).containsExactly(in(B));
    refused(in(A), "3", ErrorCode.ZONE_NOT_ON_SALE, "in zone r-a of region r");
    refused(ANYWHERE, "2", ErrorCode.SPOT_NOT_MATCHED, "now: 3 CNY in zone r-b.");
  }

  @Test
  void forWhoWaitsThePricesOfItsCreationCountWhileItIsProtected() {
    price(A, "1");
    price(B, "3");
    clock.advance(Duration.ofMinutes(10));
    price(A, "3");
    price(B, "1");
    SpotBid sheltered = bid("2", 1);
    assertThat(bids.affordable(List.of(ANYWHERE), sheltered)).containsExactly(in(A));
    assertThat(bids.affordable(List.of(in(A)), sheltered)).containsExactly(in(A));
    assertThat(bids.affordable(List.of(ANYWHERE), bid("2", 0))).containsExactly(in(B));
    clock.advance(Duration.ofMinutes(50));
    assertThat(bids.affordable(List.of(ANYWHERE), sheltered)).containsExactly(in(B));
    assertThat(bids.affordable(List.of(in(A)), sheltered)).isEmpty();
    assertThat(bids.tooDear(List.of(in(A)), sheltered))
        .isEqualTo("An hour of it costs 3 CNY now, which is more than its SpotPriceLimit of 2.");
  }
}
