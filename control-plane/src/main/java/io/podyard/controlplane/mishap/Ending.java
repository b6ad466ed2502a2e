package io.podyard.controlplane.mishap;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How threads that work with the database and with hosts end, as long as both are still there. What
 * is under way is done first: to interrupt a virtual thread closes its connection in the middle of
 * a statement, and one that nobody waits for asks a database that ends.
 */
public final class Ending {

  /** Statements take milliseconds. What takes longer mostly waits for a host that is silent. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** For what is interrupted to see that it is. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(Ending.class);

  private Ending() {}

  /**
   * Lets nothing new begin, and waits for what is under way; what takes too long is interrupted.
   * Returns within three seconds.
   *
   * @param executors that end together; what waits for a time that is still to come is dropped
   */
  public static void of(ExecutorService... executors) {
    List<ExecutorService> all = List.of(executors);
    all.forEach(ExecutorService::shutdown);
    try {
      if (!await(all, PATIENCE)) {
        all.forEach(ExecutorService::shutdownNow);
        if (!await(all, LAST_WORDS)) {
          log.debug("some threads go on");
        }
      }
    } catch (InterruptedException e) {
      all.forEach(ExecutorService::shutdownNow);
      Thread.currentThread().interrupt();
    }
  }

  /** The same for a thread that was told to end. */
  public static void of(Thread thread) {
    try {
      if (thread.isAlive() && !thread.join(PATIENCE)) {
        thread.interrupt();
        if (!thread.join(LAST_WORDS)) {
          log.debug("{} goes on", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean await(List<ExecutorService> all, Duration time)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    boolean ended = true;
    for (ExecutorService one : all) {
      ended &= one.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    return ended;
  }
}
