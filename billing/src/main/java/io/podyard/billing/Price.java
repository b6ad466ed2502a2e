package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one unit of an item costs for one second. The price per second is the truth; hourly figures
 * are for display. A price in use is never edited: it is given an end and followed by another.
 *
 * @param region the regions it is for
 * @param perSecond 0 or more, with at most {@link #MOST_DECIMALS} decimals
 * @param validFrom first second it is valid, a whole UTC second
 * @param validTo first second it is no longer valid, a whole UTC second; null for no end
 */
public record Price(
    RegionPattern region,
    Item item,
    CurrencyCode currency,
    BigDecimal perSecond,
    Instant validFrom,
    @Nullable Instant validTo) {

  /** By pattern, item and time. */
  public static final Comparator<Price> IN_ORDER =
      Comparator.comparing(Price::region)
          .thenComparing(Price::item)
          .thenComparing(Price::validFrom);

  /** Far below any published price; keeps every product within 22 decimals. */
  public static final int MOST_DECIMALS = 12;

  /**
   * @throws IllegalArgumentException if the price is negative or has too many decimals, or if its
   *     validity is empty or not in whole seconds
   */
  public Price {
    perSecond = checked(perSecond);
    if (!WholeSeconds.isWhole(validFrom) || (validTo != null && !WholeSeconds.isWhole(validTo))) {
      throw new IllegalArgumentException(
          "a price is valid for whole seconds, not from " + validFrom + " to " + validTo);
    }
    if (validTo != null && !validTo.isAfter(validFrom)) {
      throw new IllegalArgumentException(
          "a price must be valid for a time, not from " + validFrom + " to " + validTo);
    }
  }

  /** The amount in its shortest form, unless it is negative or too fine for a price. */
  static BigDecimal checked(BigDecimal amount) {
    BigDecimal shortest = Decimals.shortest(amount);
    if (shortest.signum() < 0) {
      throw new IllegalArgumentException("a price must not be negative: " + shortest);
    }
    if (shortest.scale() > MOST_DECIMALS) {
      throw new IllegalArgumentException(
          "a price has at most %d decimals, not %s"
              .formatted(MOST_DECIMALS, shortest.toPlainString()));
    }
    return shortest;
  }

  public boolean isValidAt(Instant instant) {
    return !instant.isBefore(validFrom) && (validTo == null || instant.isBefore(validTo));
  }

  /** What is left of it where others of its pattern and item count, in order of time. */
  List<Price> outside(List<Price> others) {
    List<Price> left = List.of(this);
    for (Price other : others) {
      if (other.region.equals(region) && other.item.equals(item)) {
        left = left.stream().flatMap(price -> price.outside(other)).toList();
      }
    }
    return left;
  }

  private Stream<Price> outside(Price other) {
    if (!overlaps(other)) {
      return Stream.of(this);
    }
    List<Price> left = new ArrayList<>();
    if (validFrom.isBefore(other.validFrom)) {
      left.add(new Price(region, item, currency, perSecond, validFrom, other.validFrom));
    }
    Instant after = other.validTo;
    if (after != null && (validTo == null || after.isBefore(validTo))) {
      left.add(new Price(region, item, currency, perSecond, after, validTo));
    }
    return left.stream();
  }

  /** Whether the other is this one with an earlier end. */
  public boolean endsAs(Price other) {
    return other.validTo != null
        && validFrom.equals(other.validFrom)
        && (validTo == null || other.validTo.isBefore(validTo))
        && other.equals(new Price(region, item, currency, perSecond, validFrom, other.validTo));
  }

  boolean overlaps(Price other) {
    return (other.validTo == null || validFrom.isBefore(other.validTo))
        && (validTo == null || other.validFrom.isBefore(validTo));
  }

  /** As a person names it in a message. */
  String words() {
    return "%s of %s from %s to %s"
        .formatted(item.code(), region, validFrom, validTo == null ? "no end" : validTo);
  }
}
