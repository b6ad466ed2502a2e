package io.podyard.model;

import java.math.BigDecimal;

/**
 * An exact amount in one currency. Amounts of different currencies cannot be added; rounding
 * happens in one place of billing, never here.
 */
public record Money(BigDecimal amount, CurrencyCode currency) {

  public static Money zero(CurrencyCode currency) {
    return new Money(BigDecimal.ZERO, currency);
  }

  /**
   * @throws IllegalArgumentException if the currencies differ
   */
  public Money plus(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException("cannot add " + other.currency + " to " + currency);
    }
    return new Money(amount.add(other.amount), currency);
  }
}
