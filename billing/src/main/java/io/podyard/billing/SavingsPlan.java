package io.podyard.billing;

import static java.util.Comparator.comparingInt;

import io.podyard.model.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An account pays so much every hour, used or not, and gets some items for a share of their price
 * as long as that lasts.
 *
 * @param perHour the commitment, above 0, with at most {@link Price#MOST_DECIMALS} decimals. It
 *     covers only what is priced in its currency.
 * @param rates which share of the price is paid for which items, 0 to 1, with at most 4 decimals;
 *     of several that match an item the closest counts
 * @param term how long it is valid
 * @param from first hour it is valid
 */
public record SavingsPlan(
    AgreementId id, Money perHour, Map<ItemPattern, BigDecimal> rates, Term term, Hour from)
    implements Agreement {

  /** For how long one commits oneself. */
  public enum Term {
    ONE_YEAR(1),
    THREE_YEARS(3);

    private final int years;

    Term(int years) {
      this.years = years;
    }

    public int years() {
      return years;
    }
  }

  /**
   * @throws IllegalArgumentException if the commitment or a share is out of range, or if no item
   *     has one
   */
  public SavingsPlan {
    perHour = new Money(Price.checked(perHour.amount()), perHour.currency());
    if (perHour.amount().signum() == 0) {
      throw new IllegalArgumentException("a savings plan commits to more than nothing");
    }
    if (rates.isEmpty()) {
      throw new IllegalArgumentException("a savings plan is for some items");
    }
    Map<ItemPattern, BigDecimal> checked = new TreeMap<>();
    rates.forEach((items, share) -> checked.put(items, Share.checked(share)));
    rates = Map.copyOf(checked);
  }

  @Override
  public Hour to() {
    Instant end = from.start().atOffset(ZoneOffset.UTC).plusYears(term.years()).toInstant();
    return new Hour(end);
  }

  /** The share that is paid of the price of an item, empty if the plan is not for it. */
  public Optional<BigDecimal> share(Item item) {
    return rates.entrySet().stream()
        .filter(rate -> rate.getKey().matches(item))
        .max(comparingInt(rate -> rate.getKey().closeness()))
        .map(Map.Entry::getValue);
  }
}
