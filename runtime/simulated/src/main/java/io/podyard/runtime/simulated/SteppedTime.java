package io.podyard.runtime.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that stands still until it is advanced; what is due then runs in order on the caller's
 * thread. For tests and for a whole simulation in one process.
 */
public final class SteppedTime implements SimulatedTime {

  private record Task(Instant at, long order, Runnable run) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
  private Instant now;
  private long order;

  public SteppedTime(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), order++, task));
  }

  /** Goes on by that much, running on the way what falls due, at its own time. */
  public void advance(Duration by) {
    advanceTo(instant().plus(by));
  }

  public void advanceTo(Instant end) {
    while (true) {
      Task due;
      synchronized (this) {
        due = tasks.peek();
        if (due == null || due.at().isAfter(end)) {
          now = end.isAfter(now) ? end : now;
          return;
        }
        tasks.remove();
        now = due.at().isAfter(now) ? due.at() : now;
      }
      due.run().run();
    }
  }
}
