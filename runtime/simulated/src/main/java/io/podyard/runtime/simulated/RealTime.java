package io.podyard.runtime.simulated;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's own time, with one daemon thread as timer however many hosts there are. */
public final class RealTime implements SimulatedTime, AutoCloseable {

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * @param clock tells what time it is; must go at the machine's pace
   */
  public RealTime(InstantSource clock) {
    this.clock = clock;
    timer =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("simulated-timer").unstarted(task));
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public void after(Duration delay, Runnable task) {
    ScheduledFuture<?> _ =
        timer.schedule(() -> report(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The timer itself would keep a failure to itself. */
  private static void report(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
