package io.podyard.billing;

import java.math.BigDecimal;

/** One written form per value, so that equal numbers are also equal records. Never rounds. */
final class Decimals {

  private Decimals() {}

  /** Without trailing zeros after the point and without an exponent. */
  static BigDecimal shortest(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** With this many decimals, or with more where the value needs them. */
  static BigDecimal withAtLeast(int decimals, BigDecimal value) {
    BigDecimal shortest = shortest(value);
    return shortest.scale() < decimals ? shortest.setScale(decimals) : shortest;
  }

  static String words(BigDecimal value) {
    return shortest(value).toPlainString();
  }
}
