package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits a little for what soon is so. Whoever begins a mount namespace, as each container does, has
 * all mounts for a moment, also one that has just been undone.
 */
final class Patience {

  static final Duration LONGEST = Duration.ofSeconds(3);

  private static final long POLL_MILLIS = 100;

  private Patience() {}

  /** Something to be asked again and again. */
  @FunctionalInterface
  interface Question {
    boolean isSo() throws IOException;
  }

  /** Whether it came to be so in time. */
  static boolean until(Question question) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!question.isSo()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for a disk", e);
      }
    }
    return true;
  }
}
