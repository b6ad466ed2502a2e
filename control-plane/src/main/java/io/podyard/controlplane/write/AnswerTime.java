package io.podyard.controlplane.write;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The time in which a request is to be answered, whatever the database does. It is one for all that
 * the request's thread asks of the database: waiting for connections, statements and batches. Work
 * of no request, and threads that a request leaves behind, have none.
 */
public final class AnswerTime {

  /** Clients give up after three seconds, and the answer has its way to them before it. */
  public static final Duration LONGEST = Duration.ofMillis(2_800);

  /** What {@link #longer} gives; clients that ask for such things wait for a minute. */
  static final Duration MOST = Duration.ofSeconds(50);

  private static final ScopedValue<Long> END = ScopedValue.newInstance();

  private AnswerTime() {}

  /** Does the work for a request, whose time begins now. */
  public static <T> T start(Supplier<T> work) {
    return within(LONGEST, work);
  }

  /**
   * Does work that takes the time it takes, up to {@link #MOST}, because it goes over all that
   * there is; no SDK asks for it. Whoever does so sees to it that there is little of it at once.
   */
  public static <T> T longer(Supplier<T> work) {
    return within(MOST, work);
  }

  static <T> T within(Duration time, Supplier<T> work) {
    return ScopedValue.where(END, System.nanoTime() + time.toNanos()).call(work::get);
  }

  /** Whether this thread works for a request. */
  static boolean isRunning() {
    return END.isBound();
  }

  /** What is left of the time, zero or less if it is over, and never more than the given time. */
  static Duration atMost(Duration most) {
    if (!END.isBound()) {
      return most;
    }
    Duration left = Duration.ofNanos(END.get() - System.nanoTime());
    return left.compareTo(most) < 0 ? left : most;
  }
}
