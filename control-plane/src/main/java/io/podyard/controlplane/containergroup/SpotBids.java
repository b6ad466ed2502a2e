package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.usage.SpotPricing;
import io.podyard.model.Money;
import io.podyard.model.ZoneId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where spot groups that wait may get a host: one whose limit is below the price would be told to
 * leave as soon as it was there, so it waits until it is not (contract section 17). What has no
 * price is not too dear, as for groups that have a host.
 */
@Component
class SpotBids {

  private final SpotPricing prices;
  private final Placement placement;
  private final Clock clock;

  SpotBids(SpotPricing prices, Placement placement, Clock clock) {
    this.prices = prices;
    this.placement = placement;
    this.clock = clock;
  }

  /** Those of the places of a group where it may be now, in their order; maybe none. */
  List<GroupPlace> affordable(List<GroupPlace> places, @Nullable SpotBid bid) {
    if (bid == null || clock.instant().isBefore(bid.protectedUntil())) {
      return places;
    }
    List<GroupPlace> affordable = new ArrayList<>();
    for (GroupPlace place : places) {
      if (place.wanted().zone() != null) {
        if (isAffordable(place, bid)) {
          affordable.add(place);
        }
        continue;
      }
      List<GroupPlace> zones = inZones(place);
      List<GroupPlace> some = zones.stream().filter(one -> isAffordable(one, bid)).toList();
      if (some.size() < zones.size()) {
        affordable.addAll(some);
      } else {
        affordable.add(place);
      }
    }
    return affordable;
  }

  private List<GroupPlace> inZones(GroupPlace place) {
    return placement.openZones(place.wanted().region()).stream()
        .map(zone -> place.with(place.wanted().inZone(zone)))
        .toList();
  }

  private boolean isAffordable(GroupPlace place, SpotBid bid) {
    return price(place, bid).filter(price -> price.amount().compareTo(bid.limit()) > 0).isEmpty();
  }

  private Optional<Money> price(GroupPlace place, SpotBid bid) {
    ZoneId zone = place.wanted().zone();
    return prices.spotPricePerHour(
        place.wanted().region(), zone, bid.options().get(place.attempt().option()));
  }

  /** Of a group that may be at none of its places, in words. */
  String tooDear(List<GroupPlace> places, SpotBid bid) {
    return places.stream()
        .flatMap(
            place -> (place.wanted().zone() == null ? inZones(place) : List.of(place)).stream())
        .flatMap(place -> price(place, bid).stream())
        .min(Comparator.comparing(Money::amount))
        .map(
            price ->
                "An hour of it costs %s %s now, which is more than its SpotPriceLimit of %s."
                    .formatted(
                        price.amount().stripTrailingZeros().toPlainString(),
                        price.currency(),
                        bid.limit().toPlainString()))
        .orElse("An hour of it costs more than its SpotPriceLimit.");
  }
}
