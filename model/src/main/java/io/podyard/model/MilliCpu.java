package io.podyard.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * CPU in thousandths of a vCPU, never negative.
 *
 * @param value thousandths of a vCPU, 0 or more
 */
public record MilliCpu(int value) implements Comparable<MilliCpu> {

  public static final MilliCpu ZERO = new MilliCpu(0);

  /**
   * @throws IllegalArgumentException if negative
   */
  public MilliCpu {
    if (value < 0) {
      throw new IllegalArgumentException("milli-vCPU must not be negative: " + value);
    }
  }

  public static MilliCpu of(int value) {
    return new MilliCpu(value);
  }

  /**
   * From a number of vCPU as a door receives it, rounded up to a thousandth.
   *
   * @throws ArithmeticException if it does not fit
   */
  public static MilliCpu ofVcpu(BigDecimal vcpu) {
    return new MilliCpu(vcpu.movePointRight(3).setScale(0, RoundingMode.CEILING).intValueExact());
  }

  /** As a number of vCPU, exact. */
  public BigDecimal vcpu() {
    return BigDecimal.valueOf(value, 3);
  }

  public MilliCpu plus(MilliCpu other) {
    return new MilliCpu(Math.addExact(value, other.value));
  }

  @Override
  public int compareTo(MilliCpu other) {
    return Integer.compare(value, other.value);
  }
}
