package io.podyard.controlplane.postgres;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process does and sends no word of: looks again and again, to a limit. */
final class BoundedWait {

  private static final long MILLIS_BETWEEN_LOOKS = 10;

  private BoundedWait() {}

  /**
   * Returns true as soon as the condition holds, or false once the limit has passed without.
   *
   * @throws LocalPostgresException if the thread is interrupted; it stays marked as interrupted
   */
  static boolean until(BooleanSupplier condition, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LocalPostgresException("interrupted while waiting for PostgreSQL", e);
      }
    }
    return true;
  }
}
