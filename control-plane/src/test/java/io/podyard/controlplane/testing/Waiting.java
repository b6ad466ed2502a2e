package io.podyard.controlplane.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something with a bound. Generous: the machines that run the tests are busy. */
public final class Waiting {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Waiting() {}

  public static void until(BooleanSupplier condition) {
    until("the condition", condition);
  }

  public static void until(String what, BooleanSupplier condition) {
    until(what, LONGEST, condition);
  }

  public static void until(String what, Duration longest, BooleanSupplier condition) {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("%s did not come true within %s", what, longest);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Looks again and again that it stays true. */
  public static void during(Duration time, BooleanSupplier condition) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      assertThat(condition.getAsBoolean()).isTrue();
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
