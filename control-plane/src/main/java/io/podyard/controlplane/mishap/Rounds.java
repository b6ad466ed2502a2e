package io.podyard.controlplane.mishap;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Work that is done in rounds, with a pause after each, until the process stops. A round that fails
 * ends no other: without a database it is tried again, anything else is a mishap of its loop, what
 * the database refuses too.
 */
public final class Rounds {

  /** One round; what it throws ends it alone. */
  @FunctionalInterface
  public interface Round {
    void go() throws Exception;
  }

  private final Logger log;
  private final Loop loop;
  private final ScheduledExecutorService timer;
  private final ExecutorService threads;
  private volatile boolean running;

  /**
   * @param name of the threads
   * @param atOnce how many kinds of rounds there are, none of which waits for another
   */
  public Rounds(Logger log, Loop loop, String name, int atOnce) {
    this.log = log;
    this.loop = loop;
    this.timer =
        Executors.newScheduledThreadPool(
            atOnce, Thread.ofPlatform().name(name + "-poll-", 0).daemon().factory());
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(name + "-", 0).factory());
  }

  /**
   * Begins rounds of one kind, the first after a pause.
   *
   * @param what is done, as in "sweeping images"
   */
  public void every(Duration pause, String what, Round round) {
    running = true;
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> survive(what, round), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Has something done beside the rounds, on a thread of its own. */
  public void beside(String what, Round work) {
    threads.execute(() -> survive(what, work));
  }

  private void survive(String what, Round round) {
    try {
      round.go();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TransientDataAccessException
        | NonTransientDataAccessResourceException
        | TransactionException e) {
      log.debug("{} goes on later: {}", what, e.getMessage());
    } catch (Throwable failure) {
      mishap(what, failure);
    }
  }

  /** Tells of a failure, unless it is because the process stops. */
  private void mishap(String what, Throwable failure) {
    if (running) {
      Mishaps.tell(log, loop, what + " failed", failure);
    }
  }

  public boolean areRunning() {
    return running;
  }

  /** Waits for what is under way, as long as that does not take too long. */
  public void stop() {
    running = false;
    Ending.of(timer, threads);
  }
}
