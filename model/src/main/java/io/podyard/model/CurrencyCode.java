package io.podyard.model;

import java.util.Currency;

/** An ISO 4217 currency code such as {@code CNY}. */
public record CurrencyCode(String value) {

  /**
   * @throws IllegalArgumentException if it is no ISO 4217 code
   */
  public CurrencyCode {
    Currency.getInstance(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
