package io.podyard.billing;

import java.math.BigDecimal;

/** Which part of a price is paid. */
final class Share {

  /** Keeps every amount within {@link Price#MOST_DECIMALS} plus this plus those of a quantity. */
  static final int MOST_DECIMALS = 4;

  private Share() {}

  /**
   * The share in its shortest form.
   *
   * @throws IllegalArgumentException unless it is from 0 to 1 with at most {@link #MOST_DECIMALS}
   *     decimals
   */
  static BigDecimal checked(BigDecimal share) {
    BigDecimal shortest = Decimals.shortest(share);
    if (shortest.signum() < 0
        || shortest.compareTo(BigDecimal.ONE) > 0
        || shortest.scale() > MOST_DECIMALS) {
      throw new IllegalArgumentException(
          "a share is from 0 to 1 with at most %d decimals, not %s"
              .formatted(MOST_DECIMALS, shortest.toPlainString()));
    }
    return shortest;
  }
}
