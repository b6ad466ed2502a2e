package io.podyard.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something, with a bound. */
public final class Waiting {

  /** Something that may be so or not. */
  @FunctionalInterface
  public interface Condition<X extends Exception> {
    boolean holds() throws X;
  }

  private Waiting() {}

  /**
   * Asks again and again until it is so.
   *
   * @param pause between two looks
   * @throws IllegalStateException if it takes longer than it may
   */
  public static <X extends Exception> void until(
      String what, Duration longest, Duration pause, Condition<X> condition) throws X {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(what + " took longer than " + longest.toSeconds() + " s");
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /** Waits for the end of a process. */
  public static boolean forEnd(ProcessHandle process, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    while (process.isAlive()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }
}
