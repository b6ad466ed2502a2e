package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has new groups wait for their start while many others are being given their hosts: callers wait
 * for that, and a start takes more of the processors than it. They are never kept out: while others
 * come, one is let in for each {@value #BOUND_PER_START} of them, and {@value #STARTS_PER_SECOND} a
 * second in any case; of these each process lets in its share, as it has of the hosts. First come,
 * first served.
 */
final class StartGate {

  /** How often it has to be looked at. */
  static final Duration LOOK = Duration.ofMillis(25);

  static final int BOUND_PER_START = 16;
  static final int STARTS_PER_SECOND = 20;

  /**
   * At ease, as many are let in at each look: more in a second than are started, but few if callers
   * that hold one another up for a moment are back at once.
   */
  static final int AT_EASE = 64;

  private record Start(HostId host, Runnable task) {}

  private final BindingLoad load;
  private final DoubleSupplier share;
  private final BiConsumer<HostId, Runnable> queues;
  private final IntSupplier backlog;
  private final LongSupplier nanoTime;
  private final Deque<Start> waiting = new ArrayDeque<>();
  private long lookedAt;
  private long boundUntilLook;
  private double due;

  /**
   * @param share what part of all hosts this process drives, 0 to 1
   * @param queues where a task goes that is let in
   * @param backlog how much waits there for a place
   */
  StartGate(
      BindingLoad load,
      DoubleSupplier share,
      BiConsumer<HostId, Runnable> queues,
      IntSupplier backlog,
      LongSupplier nanoTime) {
    this.load = load;
    this.share = share;
    this.queues = queues;
    this.backlog = backlog;
    this.nanoTime = nanoTime;
  }

  /** Lets the first look at a group in now or later. */
  void add(HostId host, Runnable task) {
    synchronized (this) {
      if (!waiting.isEmpty() || load.isHeavy()) {
        if (waiting.isEmpty()) {
          lookedAt = nanoTime.getAsLong();
          boundUntilLook = load.ended();
          due = 0;
        }
        waiting.addLast(new Start(host, task));
        return;
      }
    }
    queues.accept(host, task);
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Lets in what is due. */
  void look() {
    for (int left = due(); left > 0; left--) {
      Start next = next();
      if (next == null) {
        return;
      }
      queues.accept(next.host(), next.task());
    }
  }

  private synchronized @Nullable Start next() {
    return waiting.pollFirst();
  }

  private synchronized int due() {
    if (waiting.isEmpty()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    long bound = load.ended();
    due +=
        (double) (bound - boundUntilLook) / BOUND_PER_START
            + (now - lookedAt) / 1e9 * STARTS_PER_SECOND * share.getAsDouble();
    lookedAt = now;
    boundUntilLook = bound;
    int share = (int) due;
    due -= share;
    // At ease no more at a time than there are places: more may come.
    return load.isHeavy()
        ? share
        : Math.max(share, Math.min(AT_EASE, HostQueues.PLACES - backlog.getAsInt()));
  }
}
