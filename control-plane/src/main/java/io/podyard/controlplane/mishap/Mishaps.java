package io.podyard.controlplane.mishap;

import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;

/**
 * For threads whose end would go unnoticed while nothing is done any more: they catch all there is,
 * also errors, tell of it here, and go on. Counted for the whole process, for operators to be woken
 * by.
 */
public final class Mishaps {

  private static final AtomicLongArray COUNTS = new AtomicLongArray(Loop.values().length);

  private Mishaps() {}

  /**
   * Counts and logs a failure. Never throws: without memory nothing can be said, only counted.
   *
   * @param what went wrong, in words
   */
  public static void tell(Logger log, Loop loop, String what, Throwable failure) {
    COUNTS.incrementAndGet(loop.ordinal());
    try {
      log.error(what, failure);
    } catch (Throwable unsaid) {
      // There may be memory again for the next one.
    }
  }

  /** How many there were in a loop since the process began. */
  public static long count(Loop loop) {
    return COUNTS.get(loop.ordinal());
  }
}
