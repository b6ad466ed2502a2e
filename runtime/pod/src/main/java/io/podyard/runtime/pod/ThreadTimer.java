package io.podyard.runtime.pod;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that waits, and a virtual one for each work. */
final class ThreadTimer implements Timer {

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor waiting;
  private final ExecutorService working = Executors.newVirtualThreadPerTaskExecutor();

  ThreadTimer(InstantSource clock) {
    this.clock = clock;
    waiting =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("podyard-checks").factory());
    waiting.setRemoveOnCancelPolicy(true);
    waiting.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void at(Instant when, Runnable work) {
    Duration delay = Duration.between(clock.instant(), when);
    try {
      if (delay.isPositive()) {
        var _ =
            waiting.schedule(() -> working.execute(work), delay.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        working.execute(work);
      }
    } catch (RejectedExecutionException e) {
      // It is closed: nothing is begun any more.
    }
  }

  @Override
  public void close() {
    waiting.shutdownNow();
    working.shutdownNow();
  }
}
