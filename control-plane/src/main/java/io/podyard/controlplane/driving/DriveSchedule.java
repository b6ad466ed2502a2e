package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which group is looked at when. A group is worked on by one thread at a time; a call that comes
 * meanwhile makes it be looked at once more. Nothing here is the truth: a restart forgets all of it
 * and reads the tables.
 */
final class DriveSchedule implements AutoCloseable {

  /** What is done with a group. */
  interface Work {

    /** The host it has or may have something on; it never changes. */
    Optional<HostId> hostOf(ContainerGroupId group);

    /**
     * Looks at one group.
     *
     * @param starts asked before anything of it is started on its host
     * @return how long until the next look at the latest, null if it is done with
     */
    @Nullable Duration look(ContainerGroupId group, HostStarts starts);
  }

  /** One group that fails must not stop the others, nor be forgotten. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private static final Duration BETWEEN_TRIALS = Duration.ofMillis(250);

  /** A group that waits for its turn on its host is looked at after so long, whatever it is. */
  private static final Duration IN_LINE = Duration.ofSeconds(30);

  /** Looking for hosts takes a connection to the database each. */
  private static final int LOOKUPS_AT_ONCE = 8;

  private static final Logger log = LoggerFactory.getLogger(DriveSchedule.class);

  private enum Stage {
    RESTING,
    /** Will look at what is stored by then. */
    QUEUED,
    BUSY
  }

  private static final class Slot {
    private final ContainerGroupId group;
    private Stage stage = Stage.RESTING;
    private boolean again;
    private boolean removed;
    private @Nullable HostId host;

    /** While QUEUED: whether it is only to be started, which can wait. */
    private boolean yields;

    private @Nullable ScheduledFuture<?> timer;

    Slot(ContainerGroupId group) {
      this.group = group;
    }
  }

  private final ConcurrentHashMap<ContainerGroupId, Slot> slots = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService workers;
  private final HostSilence silence;
  private final HostQueues queues;
  private final HostStarts starts;
  private final StartGate gate;
  private final Semaphore lookups = new Semaphore(LOOKUPS_AT_ONCE);
  private final Work work;
  private volatile boolean closed;

  /**
   * @param share what part of all hosts this process drives, 0 to 1
   */
  DriveSchedule(HostSilence silence, BindingLoad load, DoubleSupplier share, Work work) {
    this.silence = silence;
    this.work = work;
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("drive-timers").daemon().factory());
    timers.setRemoveOnCancelPolicy(true);
    this.workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("drive-", 0).factory());
    this.queues = new HostQueues(silence, workers);
    this.starts = new HostStarts(queues::free, (host, group) -> now(host, group));
    this.gate = new StartGate(load, share, queues::add, queues::backlog, System::nanoTime);
    silence.onReturn(queues::look);
    ScheduledFuture<?> _ =
        timers.scheduleWithFixedDelay(
            this::lookAtQueues,
            BETWEEN_TRIALS.toMillis(),
            BETWEEN_TRIALS.toMillis(),
            TimeUnit.MILLISECONDS);
    ScheduledFuture<?> _ =
        timers.scheduleWithFixedDelay(
            this::lookAtGate,
            StartGate.LOOK.toMillis(),
            StartGate.LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void lookAtGate() {
    try {
      gate.look();
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.DRIVE, "letting in groups to start failed", failure);
    }
  }

  private void lookAtQueues() {
    try {
      queues.look();
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.DRIVE, "looking at silent hosts failed", failure);
    }
  }

  /** Looks at the group as soon as its host has a place for it. */
  void now(ContainerGroupId group) {
    want(group, null, false);
  }

  /** The same for a group whose host is known. */
  void now(HostId host, ContainerGroupId group) {
    want(group, host, false);
  }

  /**
   * The same for a group that is only to be started: it waits while many others get their hosts,
   * and where it stands in line on its host that is all it needs.
   */
  void toStart(HostId host, ContainerGroupId group) {
    if (!starts.isInLine(group)) {
      want(group, host, true);
    }
  }

  private void want(ContainerGroupId group, @Nullable HostId host, boolean yields) {
    while (!closed) {
      Slot slot = slots.computeIfAbsent(group, Slot::new);
      HostId known;
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        switch (slot.stage) {
          case QUEUED -> {
            if (yields || !slot.yields) {
              return;
            }
            // Whichever of its two turns comes first is the one that counts.
          }
          case BUSY -> {
            slot.again = true;
            return;
          }
          case RESTING -> cancelTimer(slot);
        }
        if (slot.host == null) {
          slot.host = host;
        }
        known = slot.host;
        slot.stage = known == null ? Stage.BUSY : Stage.QUEUED;
        slot.yields = yields;
      }
      begin(slot, known);
      return;
    }
  }

  /** Groups that are known. */
  int size() {
    return slots.size();
  }

  /** Whether a group of any of these hosts is looked at right now. */
  boolean worksOn(Collection<HostId> hosts) {
    return queues.workOn(hosts);
  }

  /** Hosts whose groups need not be looked for: they do not answer, or enough waits for them. */
  Set<HostId> unreached() {
    return Stream.concat(silence.silent().stream(), queues.crowded().stream())
        .collect(Collectors.toSet());
  }

  private void begin(Slot slot, @Nullable HostId host) {
    try {
      if (host == null) {
        workers.execute(() -> seekHost(slot));
      } else {
        boolean yields;
        synchronized (slot) {
          yields = slot.yields;
        }
        if (yields) {
          gate.add(host, () -> run(slot));
        } else {
          queues.add(host, () -> run(slot));
        }
      }
    } catch (Throwable failure) {
      tell(slot, "driving " + slot.group + " could not begin", failure);
      settle(slot, AFTER_FAILURE);
    }
  }

  private void seekHost(Slot slot) {
    Optional<HostId> host;
    try {
      lookups.acquire();
      try (LogScope _ = LogScope.ofGroup(slot.group)) {
        host = closed ? Optional.empty() : work.hostOf(slot.group);
      } finally {
        lookups.release();
      }
    } catch (Throwable failure) {
      tell(slot, "the host of " + slot.group + " is not known", failure);
      settle(slot, AFTER_FAILURE);
      return;
    }
    if (host.isEmpty()) {
      settle(slot, null);
      return;
    }
    synchronized (slot) {
      slot.host = host.get();
      slot.stage = Stage.QUEUED;
      slot.again = false;
    }
    begin(slot, host.get());
  }

  private void run(Slot slot) {
    boolean onlyStarts;
    HostId host;
    synchronized (slot) {
      if (slot.stage != Stage.QUEUED) {
        return;
      }
      slot.stage = Stage.BUSY;
      onlyStarts = slot.yields;
      slot.yields = false;
      host = slot.host;
    }
    Duration next = AFTER_FAILURE;
    try (LogScope _ = LogScope.ofGroup(slot.group)) {
      boolean waits = onlyStarts && host != null && starts.stepsBehind(host, slot.group);
      next = waits ? IN_LINE : work.look(slot.group, starts);
    } catch (Throwable failure) {
      tell(slot, "driving " + slot.group + " failed", failure);
    } finally {
      settle(slot, next);
    }
  }

  private void tell(Slot slot, String what, Throwable failure) {
    if (closed) {
      return;
    }
    try (LogScope _ = LogScope.ofGroup(slot.group)) {
      Mishaps.tell(log, Loop.DRIVE, what, failure);
    } catch (Throwable noMemory) {
      // Whoever tells of it goes on.
    }
  }

  /** What becomes of a group that was looked at: never does it stay taken. */
  private void settle(Slot slot, @Nullable Duration next) {
    HostId host;
    synchronized (slot) {
      if (slot.again && !closed) {
        slot.again = false;
        host = slot.host;
        slot.stage = host == null ? Stage.BUSY : Stage.QUEUED;
      } else {
        slot.stage = Stage.RESTING;
        if (next == null || closed) {
          slot.removed = true;
          slots.remove(slot.group, slot);
        } else {
          Duration leisure = Resync.after(slots.size(), ThreadLocalRandom.current().nextDouble());
          setTimer(slot, next.compareTo(leisure) < 0 ? next : leisure);
        }
        return;
      }
    }
    begin(slot, host);
  }

  private void setTimer(Slot slot, Duration delay) {
    try {
      slot.timer =
          timers.schedule(() -> timeIsUp(slot), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
    } catch (Throwable failure) {
      // Known no more, it is found in the tables or heard of again.
      slot.removed = true;
      slots.remove(slot.group, slot);
      tell(slot, "no timer for " + slot.group, failure);
    }
  }

  private void timeIsUp(Slot slot) {
    try {
      want(slot.group, null, false);
    } catch (Throwable failure) {
      tell(slot, "driving " + slot.group + " could not begin", failure);
      synchronized (slot) {
        if (slot.stage == Stage.RESTING && !slot.removed) {
          setTimer(slot, AFTER_FAILURE);
        }
      }
    }
  }

  private static void cancelTimer(Slot slot) {
    ScheduledFuture<?> timer = slot.timer;
    if (timer != null) {
      timer.cancel(false);
      slot.timer = null;
    }
  }

  /** Begins nothing any more; its workers are for the caller to end. */
  ExecutorService stop() {
    closed = true;
    timers.shutdownNow();
    return workers;
  }

  @Override
  public void close() {
    Ending.of(stop());
  }
}
