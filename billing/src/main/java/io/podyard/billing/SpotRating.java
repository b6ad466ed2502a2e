package io.podyard.billing;

import io.podyard.model.Period;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The charges of spot groups: a share of the price, both as they were at the creation while the
 * group is protected, and as they are at each moment afterwards.
 */
final class SpotRating {

  private SpotRating() {}

  /**
   * The charges of one item.
   *
   * @param charged the part of the interval that is charged
   * @throws MissingPriceException if the item, or spot, has no price for some of the time
   */
  static List<ChargeLine> rate(
      UsageInterval interval,
      SpotTerms terms,
      Item item,
      BigDecimal quantity,
      Period charged,
      PriceBook book) {
    List<ChargeLine> lines = new ArrayList<>();
    Instant from = charged.start();
    while (from.isBefore(charged.end())) {
      Instant to = end(interval, terms, item, from, charged.end(), book);
      Instant pricedAt = terms.pricedAt(from);
      lines.add(
          ChargeLine.ofShare(
              interval.group(),
              item,
              new Period(from, to),
              quantity,
              book.price(interval.region(), item, pricedAt),
              share(interval, item, pricedAt, book)));
      from = to;
    }
    return lines;
  }

  /** Until when what counts at an instant is sure to count. */
  private static Instant end(
      UsageInterval interval,
      SpotTerms terms,
      Item item,
      Instant from,
      Instant limit,
      PriceBook book) {
    if (from.isBefore(terms.protectedUntil())) {
      return WholeSeconds.earlier(limit, terms.protectedUntil());
    }
    RegionId region = interval.region();
    Price price = book.price(region, item, from);
    BigDecimal share = share(interval, item, from, book);
    Instant to = from;
    do {
      to =
          book.spot()
              .nextChange(
                  region, interval.zone(), item, to, book.nextChange(region, item, to, limit));
    } while (to.isBefore(limit)
        && price.equals(book.find(region, item, to).orElse(null))
        && share.equals(book.spot().find(region, interval.zone(), item, to).orElse(null)));
    return to;
  }

  private static BigDecimal share(UsageInterval interval, Item item, Instant at, PriceBook book) {
    return book.spot()
        .find(interval.region(), interval.zone(), item, at)
        .orElseThrow(() -> new MissingPriceException(item, interval.region(), at));
  }
}
