package io.podyard.billing;

import static java.util.Comparator.comparing;

import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.util.List;

/**
 * What an account owes for a period in one currency: {@code total = sum of the lines + sum of the
 * roundings}. {@link BillRounding} makes it.
 *
 * @param period what the bill is for; every line lies in it
 * @param lines exact charges
 * @param exact their sum
 * @param roundings what turns the exact sum into the total
 * @param total what is to be paid, in whole smallest coins of the currency
 */
public record Bill(
    AccountId account,
    Period period,
    CurrencyCode currency,
    List<ChargeLine> lines,
    Money exact,
    List<RoundingLine> roundings,
    Money total) {

  /**
   * @throws IllegalArgumentException if the sums do not add up, if a line is of another currency or
   *     lies outside the period, or if two lines charge an item of a group for the same second
   */
  public Bill {
    lines = List.copyOf(lines);
    roundings = List.copyOf(roundings);
    Money sum = Money.zero(currency);
    for (ChargeLine line : lines) {
      if (line.period().start().isBefore(period.start())
          || line.period().end().isAfter(period.end())) {
        throw new IllegalArgumentException("not in " + period + ": " + line);
      }
      sum = sum.plus(line.amount());
    }
    requireEqual(exact, sum);
    for (RoundingLine rounding : roundings) {
      sum = sum.plus(rounding.amount());
    }
    requireEqual(total, sum);
    refuseDoubleCharges(lines);
  }

  private static void requireEqual(Money stated, Money sum) {
    if (!stated.currency().equals(sum.currency()) || stated.amount().compareTo(sum.amount()) != 0) {
      throw new IllegalArgumentException("the lines add up to " + sum + ", not " + stated);
    }
  }

  /** The meter never overlaps; a bill is the last place to notice if it did. */
  private static void refuseDoubleCharges(List<ChargeLine> lines) {
    List<ChargeLine> inOrder =
        lines.stream()
            .sorted(
                comparing(ChargeLine::group)
                    .thenComparing(ChargeLine::item)
                    .thenComparing(line -> line.period().start()))
            .toList();
    for (int i = 1; i < inOrder.size(); i++) {
      ChargeLine before = inOrder.get(i - 1);
      ChargeLine line = inOrder.get(i);
      if (line.group().equals(before.group())
          && line.item().equals(before.item())
          && line.period().overlaps(before.period())) {
        throw new IllegalArgumentException("charged twice: " + before + " and " + line);
      }
    }
  }
}
