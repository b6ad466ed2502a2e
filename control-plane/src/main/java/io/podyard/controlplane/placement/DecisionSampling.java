package io.podyard.controlplane.placement;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which picks are explained, since that costs a look at every host: all of them where few groups
 * are made, and under load {@link #PER_SECOND}. Not synchronised.
 */
final class DecisionSampling {

  /** At 10,000 hosts some milliseconds of each second. */
  static final int PER_SECOND = 5;

  /** As many are explained together after a quiet time. */
  static final int AT_ONCE = 50;

  private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final LongSupplier nanoTime;
  private long left = AT_ONCE;
  private long countedAt;

  DecisionSampling(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.countedAt = nanoTime.getAsLong();
  }

  /** Whether the next one is explained. */
  boolean next() {
    long more = (nanoTime.getAsLong() - countedAt) / NANOS_EACH;
    if (more > 0) {
      left = Math.min(AT_ONCE, left + more);
      countedAt += more * NANOS_EACH;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
