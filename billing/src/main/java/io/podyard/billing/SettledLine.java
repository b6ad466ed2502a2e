package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an account was charged for an hour: {@code amount = units x unit price}, exact. Lines are
 * only ever added; one of a later revision corrects those before it by what it adds to them or,
 * negative, takes from them.
 *
 * @param revision 0 for the first time that the resource is charged for the hour, then counting
 * @param units unit-seconds: two vCPU for a minute are 120; or money, see {@link LineSlot#unit()}
 * @param why null if the hour had never been settled, else what changed since
 */
public record SettledLine(
    AccountHour of,
    LineSlot slot,
    int revision,
    BigDecimal units,
    Money amount,
    @Nullable Why why) {

  /**
   * @throws IllegalArgumentException if the revision is negative, or the amount or its currency is
   *     not what follows from the rest
   */
  public SettledLine {
    if (revision < 0) {
      throw new IllegalArgumentException("no revision: " + revision);
    }
    units = Decimals.shortest(units);
    BigDecimal product = product(units, slot.unitPrice());
    if (product.compareTo(amount.amount()) != 0 || !amount.currency().equals(slot.currency())) {
      throw new IllegalArgumentException(
          "the amount is %s %s, not %s".formatted(product, slot.currency(), amount));
    }
    amount = new Money(product, amount.currency());
  }

  static SettledLine of(
      AccountHour of, LineSlot slot, int revision, BigDecimal units, @Nullable Why why) {
    Money amount = new Money(product(units, slot.unitPrice()), slot.currency());
    return new SettledLine(of, slot, revision, units, amount, why);
  }

  private static BigDecimal product(BigDecimal units, BigDecimal unitPrice) {
    return Decimals.withAtLeast(ChargeLine.DECIMALS, units.multiply(unitPrice));
  }

  /** Whether it corrects an hour that had been settled. */
  public boolean isAdjustment() {
    return why != null;
  }

  /** What it would be at the price of the book. */
  public Money listAmount() {
    return new Money(product(units, slot.listPrice()), slot.currency());
  }

  /**
   * Its identity, the same each time that it is computed from the same things. A database that
   * keeps it unique cannot be charged twice.
   */
  public String key() {
    return "%s/%s/%s/%d".formatted(of.account(), of.hour(), slot.text(), revision);
  }

  /** The sum as a person writes it: {@code 7200 vCPU-seconds x 0.000049 CNY = 0.3528 CNY}. */
  public String sentence() {
    CurrencyCode currency = slot.currency();
    String sum =
        slot.item() == null
            ? "%s %s not used".formatted(Decimals.words(amount.amount()), currency)
            : "%s %s x %s %s = %s %s"
                .formatted(
                    Decimals.words(units),
                    slot.unit(),
                    Decimals.words(slot.unitPrice()),
                    currency,
                    Decimals.words(amount.amount()),
                    currency);
    return why == null ? sum : sum + ", for " + why.words();
  }
}
