package io.podyard.controlplane.bill;

import java.math.BigDecimal;

/** Exact numbers as texts: without an exponent, and without zeros at the end of decimals. */
public final class ExactText {

  private ExactText() {}

  public static String of(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
