package io.podyard.billing;

import static java.util.Comparator.comparing;

import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From usage and prices to charge lines. Intervals change with the size only; changes of price are
 * cut here, so a price can be announced without touching the meter.
 */
public final class Rating {

  private Rating() {}

  /**
   * The charges of that part of the interval which lies in the window, in order of time and item.
   * The windows of a time cut into pieces give lines that add up to those of the whole. An open
   * interval runs to the end of the window. No time and nothing used give no line.
   *
   * @param window floored to whole seconds
   * @throws MissingPriceException if an item has no price for some of the time
   */
  public static List<ChargeLine> rate(UsageInterval interval, Period window, PriceBook book) {
    Period charged = interval.until(window.end()).intersect(WholeSeconds.floor(window));
    List<ChargeLine> lines = new ArrayList<>();
    for (Item item : interval.tariff().items()) {
      BigDecimal quantity = item.quantity(interval.metered());
      if (quantity.signum() > 0) {
        lines.addAll(
            interval.spot() == null
                ? atFullPrice(interval, item, quantity, charged, book)
                : SpotRating.rate(interval, interval.spot(), item, quantity, charged, book));
      }
    }
    lines.sort(
        comparing((ChargeLine line) -> line.period().start()).thenComparing(ChargeLine::item));
    return List.copyOf(lines);
  }

  private static List<ChargeLine> atFullPrice(
      UsageInterval interval, Item item, BigDecimal quantity, Period charged, PriceBook book) {
    List<ChargeLine> lines = new ArrayList<>();
    for (PriceBook.Stretch stretch : book.during(interval.region(), item, charged)) {
      lines.add(ChargeLine.of(interval.group(), item, stretch.period(), quantity, stretch.price()));
    }
    return lines;
  }

  /**
   * The charges of the interval from its start to this instant, or to its end if that is earlier.
   *
   * @throws MissingPriceException if an item has no price for some of the time
   */
  public static List<ChargeLine> rate(UsageInterval interval, Instant upTo, PriceBook book) {
    return rate(interval, interval.until(upTo), book);
  }

  /**
   * The charges of those parts of the intervals which lie in the window, interval by interval.
   *
   * @param window floored to whole seconds
   * @throws MissingPriceException if an item has no price for some of the time
   */
  public static List<ChargeLine> rate(
      List<UsageInterval> intervals, Period window, PriceBook book) {
    List<ChargeLine> lines = new ArrayList<>();
    for (UsageInterval interval : intervals) {
      lines.addAll(rate(interval, window, book));
    }
    return List.copyOf(lines);
  }

  /**
   * What the intervals cost up to now, exact: one amount per currency in order of its code, none if
   * nothing was charged yet.
   *
   * @throws MissingPriceException if an item has no price for some of the time
   */
  public static List<Money> costSoFar(List<UsageInterval> intervals, Instant now, PriceBook book) {
    List<ChargeLine> lines = new ArrayList<>();
    for (UsageInterval interval : intervals) {
      lines.addAll(rate(interval, now, book));
    }
    return sums(lines);
  }

  /** The exact sum of the lines for each currency, in order of its code. */
  static List<Money> sums(List<ChargeLine> lines) {
    Map<String, Money> sums = new TreeMap<>();
    for (ChargeLine line : lines) {
      sums.merge(line.amount().currency().value(), line.amount(), Money::plus);
    }
    return List.copyOf(sums.values());
  }

  /**
   * What each item of what is metered costs per second at the instant; items of which there is none
   * are left out.
   *
   * @throws MissingPriceException if an item has no price there and then
   */
  public static List<ItemRate> rates(Metered metered, RegionId region, Instant at, PriceBook book) {
    List<ItemRate> rates = new ArrayList<>();
    for (Item item : metered.tariff().items()) {
      BigDecimal quantity = item.quantity(metered);
      if (quantity.signum() > 0) {
        rates.add(ItemRate.of(item, quantity, book.price(region, item, at)));
      }
    }
    return List.copyOf(rates);
  }

  /**
   * What all that is metered costs per second at the instant, exact and without trailing zeros.
   *
   * @throws MissingPriceException if an item has no price there and then
   */
  public static Money pricePerSecond(Metered metered, RegionId region, Instant at, PriceBook book) {
    return sum(rates(metered, region, at, book), currency(metered, region, at, book));
  }

  /**
   * What each item of what is metered costs a spot group per second at the instant, if that is not
   * protected.
   *
   * @param zone null for no zone in particular
   * @return empty if spot groups have no price there and then
   * @throws MissingPriceException if an item has no price there and then
   */
  public static Optional<List<ItemRate>> spotRates(
      Metered metered, RegionId region, @Nullable ZoneId zone, Instant at, PriceBook book) {
    List<ItemRate> rates = new ArrayList<>();
    for (ItemRate rate : rates(metered, region, at, book)) {
      Optional<BigDecimal> share = book.spot().find(region, zone, rate.item(), at);
      if (share.isEmpty()) {
        return Optional.empty();
      }
      rates.add(rate.times(share.get()));
    }
    return Optional.of(rates);
  }

  /**
   * What all that is metered costs a spot group per second, exact and without trailing zeros.
   *
   * @param zone null for no zone in particular
   * @param at whose prices count
   * @return empty if spot groups have no price there and then
   * @throws MissingPriceException if an item has no price there and then
   */
  public static Optional<Money> spotPricePerSecond(
      Metered metered, RegionId region, @Nullable ZoneId zone, Instant at, PriceBook book) {
    CurrencyCode currency = currency(metered, region, at, book);
    return spotRates(metered, region, zone, at, book).map(rates -> sum(rates, currency));
  }

  /**
   * What all of these are together, exact and without trailing zeros.
   *
   * @param rates at least one, of one region and instant
   */
  public static Money sum(List<ItemRate> rates) {
    return sum(rates, rates.getFirst().perSecond().currency());
  }

  private static CurrencyCode currency(
      Metered metered, RegionId region, Instant at, PriceBook book) {
    return book.price(region, metered.tariff().items().getFirst(), at).currency();
  }

  private static Money sum(List<ItemRate> rates, CurrencyCode currency) {
    Money sum = Money.zero(currency);
    for (ItemRate rate : rates) {
      sum = sum.plus(rate.perSecond());
    }
    return new Money(Decimals.shortest(sum.amount()), currency);
  }
}
