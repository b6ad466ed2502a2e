package io.podyard.billing;

import io.podyard.model.Period;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What intervals used in one hour, at the prices of that hour, which are looked up once. */
final class HourMeter {

  private record Place(RegionId region, Item item) {}

  private final PriceBook book;
  private final Hour hour;
  private final Map<Place, List<PriceBook.Stretch>> known = new HashMap<>();

  HourMeter(PriceBook book, Hour hour) {
    this.book = book;
    this.hour = hour;
  }

  /**
   * Adds what an interval of no spot group used, in small parts of the items.
   *
   * @throws MissingPriceException if an item has no price for some of the time
   */
  void add(UsageInterval interval, Map<UsageClass, Long> used) {
    Period charged = charged(interval);
    if (charged.isEmpty()) {
      return;
    }
    for (Item item : interval.tariff().items()) {
      long small = item.small(interval.metered());
      if (small > 0) {
        for (PriceBook.Stretch stretch : stretches(interval.region(), item, charged)) {
          Price price = stretch.price();
          long seconds = stretch.period().intersect(charged).length().toSeconds();
          if (seconds > 0) {
            used.merge(
                new UsageClass(
                    interval.region(), interval.zone(), item, price.perSecond(), price.currency()),
                Math.multiplyExact(small, seconds),
                Math::addExact);
          }
        }
      }
    }
  }

  /**
   * Adds what an interval of a spot group used, in unit-seconds.
   *
   * @throws MissingPriceException if an item, or spot, has no price for some of the time
   */
  void addSpot(UsageInterval interval, SpotTerms terms, Map<LineSlot, BigDecimal> slots) {
    Period charged = charged(interval);
    for (ChargeLine line : Rating.rate(interval, charged, book)) {
      Price price =
          book.price(interval.region(), line.item(), terms.pricedAt(line.period().start()));
      LineSlot slot =
          new LineSlot(
              Resource.of(interval),
              interval.region(),
              interval.zone(),
              line.item(),
              ChargeKind.SPOT,
              null,
              price.perSecond(),
              line.unitPricePerSecond(),
              price.currency());
      slots.merge(
          slot, line.quantity().multiply(BigDecimal.valueOf(line.seconds())), BigDecimal::add);
    }
  }

  private Period charged(UsageInterval interval) {
    return interval.until(hour.end()).intersect(hour.period());
  }

  /** Of the whole hour where that has prices throughout, else only of what is charged. */
  private List<PriceBook.Stretch> stretches(RegionId region, Item item, Period charged) {
    Place place = new Place(region, item);
    List<PriceBook.Stretch> there = known.get(place);
    if (there == null) {
      try {
        there = book.during(region, item, hour.period());
      } catch (MissingPriceException e) {
        there = List.of();
      }
      known.put(place, there);
    }
    return there.isEmpty() ? book.during(region, item, charged) : there;
  }
}
