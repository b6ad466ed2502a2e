package io.podyard.billing;

import io.podyard.model.Size;

/**
 * What a group is billed for while its meter runs.
 *
 * @param size what it has after it was raised to a supported size
 * @param gpuMilli thousandths of a GPU in all, 0 or more
 * @param tariff by which items it is charged
 */
public record Metered(Size size, int gpuMilli, Tariff tariff) {

  /**
   * @throws IllegalArgumentException if the GPUs are negative
   */
  public Metered {
    if (gpuMilli < 0) {
      throw new IllegalArgumentException("nobody uses " + gpuMilli + " thousandths of a GPU");
    }
  }

  /** Of a group without GPUs that is charged by {@link Tariff#STANDARD}. */
  public static Metered of(Size size) {
    return new Metered(size, 0, Tariff.STANDARD);
  }
}
