package io.podyard.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Memory in MiB, never negative.
 *
 * @param value MiB, 0 or more
 */
public record MemoryMib(int value) implements Comparable<MemoryMib> {

  public static final MemoryMib ZERO = new MemoryMib(0);

  private static final BigDecimal MIB_PER_GIB = BigDecimal.valueOf(1024);

  /**
   * @throws IllegalArgumentException if negative
   */
  public MemoryMib {
    if (value < 0) {
      throw new IllegalArgumentException("memory must not be negative: " + value + " MiB");
    }
  }

  public static MemoryMib of(int value) {
    return new MemoryMib(value);
  }

  /**
   * From a number of GiB as a door receives it, rounded up to a MiB.
   *
   * @throws ArithmeticException if it does not fit
   */
  public static MemoryMib ofGib(BigDecimal gib) {
    return new MemoryMib(
        gib.multiply(MIB_PER_GIB).setScale(0, RoundingMode.CEILING).intValueExact());
  }

  /** As a number of GiB, exact (1024 is a power of two, so the decimals end). */
  public BigDecimal gib() {
    return BigDecimal.valueOf(value).divide(MIB_PER_GIB);
  }

  public long bytes() {
    return value * 1024L * 1024L;
  }

  public MemoryMib plus(MemoryMib other) {
    return new MemoryMib(Math.addExact(value, other.value));
  }

  @Override
  public int compareTo(MemoryMib other) {
    return Integer.compare(value, other.value);
  }
}
