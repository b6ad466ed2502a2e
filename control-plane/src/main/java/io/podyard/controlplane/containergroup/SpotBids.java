package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.usage.SpotPricing;
import io.podyard.model.HostId;
import io.podyard.model.Money;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where spot groups may get a host: only in zones where they cost no more than their limit, at the
 * prices that would count for them there. One above it would be told to leave as soon as it was
 * there, or be charged more than its owner allows for as long as it is protected; so it is not made
 * where there is no such zone, and waits where there is none any more (contract section 17).
 */
@Component
class SpotBids {

  /**
   * A place in one zone.
   *
   * @param price of an hour there, null if it has none
   */
  private record Offer(GroupPlace place, ZoneId zone, @Nullable Money price) {

    boolean isWithin(SpotBid bid) {
      Money asked = price;
      BigDecimal limit = bid.limit();
      return asked == null || limit == null || asked.amount().compareTo(limit) <= 0;
    }
  }

  /**
   * A place in each of the zones that it may be in.
   *
   * @param offers none in a region that has no hosts
   */
  private record InZones(GroupPlace place, List<Offer> offers) {}

  private final SpotPricing prices;
  private final Placement placement;
  private final Clock clock;

  SpotBids(SpotPricing prices, Placement placement, Clock clock) {
    this.prices = prices;
    this.placement = placement;
    this.clock = clock;
  }

  /** The same by the prices that are known now; it reads nothing more. */
  SpotBids asKnown() {
    return new SpotBids(prices.asKnown(), placement, clock);
  }

  /**
   * Those of the places of a group that is made now where it may be, in their order; at least one.
   *
   * @param places at least one
   * @param bid null if it pays in full
   * @throws ApiException if it has no price at any of them, or one above its limit at all that have
   */
  List<GroupPlace> ofNew(List<GroupPlace> places, @Nullable SpotBid bid) {
    if (bid == null) {
      return places;
    }
    List<InZones> all = inZones(places, bid, bid.pricedAt(clock.instant()));
    List<Offer> offers = all.stream().flatMap(one -> one.offers().stream()).toList();
    if (!offers.isEmpty() && !anyPriced(all)) {
      throw SpotRefusals.notOnSale(
          places.getFirst().wanted().region(),
          offers.stream().map(Offer::zone).distinct().toList());
    }
    List<GroupPlace> affordable = within(all, bid);
    if (affordable.isEmpty()) {
      throw SpotRefusals.tooDear(
          Objects.requireNonNull(bid.limit()),
          offers.stream().flatMap(offer -> inWords(offer).stream()).distinct().toList());
    }
    return affordable;
  }

  private static Optional<String> inWords(Offer offer) {
    HostAttempt attempt = offer.place().attempt();
    return Optional.ofNullable(offer.price())
        .map(price -> SpotRefusals.price(price, offer.zone()))
        .map(words -> attempt.named() ? words + " (" + attempt.label() + ")" : words);
  }

  /**
   * Those of the places of a group that waits where it may be now, in their order; maybe none. What
   * has no price anywhere is not too dear, as for groups that have a host.
   *
   * @param places at least one
   * @param bid null if it pays in full
   */
  List<GroupPlace> affordable(List<GroupPlace> places, @Nullable SpotBid bid) {
    Instant now = clock.instant();
    if (bid == null || (bid.isProtected(now) && areInOneZone(places)) || takesAny(places, bid)) {
      return places;
    }
    return within(inZones(places, bid, bid.pricedAt(now)), bid);
  }

  /** What it costs there while it is protected was not above its limit when it was made. */
  private static boolean areInOneZone(List<GroupPlace> places) {
    ZoneId zone = places.getFirst().wanted().zone();
    return zone != null && places.stream().allMatch(place -> zone.equals(place.wanted().zone()));
  }

  /** Whether it takes any price and there is one in all zones: they need not be looked at. */
  private boolean takesAny(List<GroupPlace> places, SpotBid bid) {
    Instant at = bid.pricedAt(clock.instant());
    return bid.limit() == null
        && places.stream().allMatch(place -> price(place, null, bid, at) != null);
  }

  /** Zones without a price count only where there is none with one. */
  private static List<GroupPlace> within(List<InZones> places, SpotBid bid) {
    boolean anyPriced = anyPriced(places);
    List<GroupPlace> affordable = new ArrayList<>();
    for (InZones place : places) {
      List<GroupPlace> some =
          place.offers().stream()
              .filter(offer -> (offer.price() != null || !anyPriced) && offer.isWithin(bid))
              .map(Offer::place)
              .toList();
      if (some.size() < place.offers().size()) {
        affordable.addAll(some);
      } else {
        affordable.add(place.place());
      }
    }
    return affordable;
  }

  private static boolean anyPriced(List<InZones> places) {
    return places.stream()
        .flatMap(place -> place.offers().stream())
        .anyMatch(offer -> offer.price() != null);
  }

  private List<InZones> inZones(List<GroupPlace> places, SpotBid bid, Instant at) {
    return places.stream()
        .map(
            place ->
                new InZones(
                    place,
                    zones(place)
                        .map(
                            zone ->
                                new Offer(
                                    place.with(place.wanted().inZone(zone)),
                                    zone,
                                    price(place, zone, bid, at)))
                        .toList()))
        .toList();
  }

  private Stream<ZoneId> zones(GroupPlace place) {
    ZoneId zone = place.wanted().zone();
    if (zone != null) {
      return Stream.of(zone);
    }
    HostId ofDisks = place.wanted().host();
    return ofDisks == null
        ? placement.openZones(place.wanted().region()).stream()
        : placement.host(ofDisks).stream().map(host -> host.snapshot().zone());
  }

  private @Nullable Money price(GroupPlace place, @Nullable ZoneId zone, SpotBid bid, Instant at) {
    return prices
        .spotPricePerHour(
            place.wanted().region(), zone, bid.options().get(place.attempt().option()), at)
        .orElse(null);
  }

  /** Of a group that may be at none of its places, in words. */
  String tooDear(List<GroupPlace> places, SpotBid bid) {
    return inZones(places, bid, bid.pricedAt(clock.instant())).stream()
        .flatMap(place -> place.offers().stream())
        .flatMap(offer -> Optional.ofNullable(offer.price()).stream())
        .min(Comparator.comparing(Money::amount))
        .map(
            price ->
                "An hour of it costs %s %s now, which is more than its SpotPriceLimit of %s."
                    .formatted(
                        price.amount().stripTrailingZeros().toPlainString(),
                        price.currency(),
                        Objects.requireNonNull(bid.limit()).toPlainString()))
        .orElse("An hour of it costs more than its SpotPriceLimit.");
  }
}
