package io.podyard.controlplane.driving;

import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which group is looked at when. A group is worked on by one thread at a time; a call that comes
 * meanwhile makes it be looked at once more. Nothing here is the truth: a restart forgets all of it
 * and reads the tables.
 */
final class DriveSchedule implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DriveSchedule.class);

  private static final class Slot {
    private boolean running;
    private boolean again;
    private boolean removed;
    private @Nullable ScheduledFuture<?> timer;
  }

  private final ConcurrentHashMap<ContainerGroupId, Slot> slots = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService workers;
  private final Semaphore places;
  private final Function<ContainerGroupId, @Nullable Duration> work;
  private volatile boolean closed;

  /**
   * @param mostAtOnce how many groups are worked on at the same time
   * @param work looks at one group; how long until the next look, null if it is done with
   */
  DriveSchedule(int mostAtOnce, Function<ContainerGroupId, @Nullable Duration> work) {
    this.work = work;
    this.places = new Semaphore(mostAtOnce);
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("drive-timers").daemon().factory());
    timers.setRemoveOnCancelPolicy(true);
    this.workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("drive-", 0).factory());
  }

  /** Looks at the group as soon as there is a place. */
  void now(ContainerGroupId group) {
    if (closed) {
      return;
    }
    while (true) {
      Slot slot = slots.computeIfAbsent(group, id -> new Slot());
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        cancelTimer(slot);
        if (slot.running) {
          slot.again = true;
          return;
        }
        slot.running = true;
      }
      workers.execute(() -> run(group, slot));
      return;
    }
  }

  /** How many groups are known. */
  int size() {
    return slots.size();
  }

  private void run(ContainerGroupId group, Slot slot) {
    while (true) {
      Duration next = look(group);
      synchronized (slot) {
        if (slot.again && !closed) {
          slot.again = false;
          continue;
        }
        slot.running = false;
        if (next == null || closed) {
          slot.removed = true;
          slots.remove(group, slot);
        } else {
          setTimer(group, slot, next);
        }
        return;
      }
    }
  }

  private @Nullable Duration look(ContainerGroupId group) {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    try {
      return work.apply(group);
    } catch (RuntimeException failure) {
      // One group that fails must not stop the others, nor be forgotten.
      log.error("driving {} failed", group, failure);
      return Duration.ofSeconds(5);
    } finally {
      places.release();
    }
  }

  private void setTimer(ContainerGroupId group, Slot slot, Duration delay) {
    long nanos = Math.max(0, delay.toNanos());
    slot.timer = timers.schedule(() -> now(group), nanos, TimeUnit.NANOSECONDS);
  }

  private static void cancelTimer(Slot slot) {
    ScheduledFuture<?> timer = slot.timer;
    if (timer != null) {
      timer.cancel(false);
      slot.timer = null;
    }
  }

  @Override
  public void close() {
    closed = true;
    timers.shutdownNow();
    workers.shutdownNow();
  }
}
