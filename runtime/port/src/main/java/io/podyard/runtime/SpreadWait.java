package io.podyard.runtime;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long somebody waits whom a server asked to wait. Never shorter than that, and for each a
 * different share longer, so that all whom one limit refused do not come back together. The same
 * for the same waiter whenever it is asked, so plans may use it.
 */
public final class SpreadWait {

  private static final int PARTS = 4;
  private static final Duration LONGEST_MORE = Duration.ofMinutes(5);

  private SpreadWait() {}

  /**
   * At least the time, and at most a quarter and five minutes more.
   *
   * @param who waits, for which time
   */
  public static Duration of(Duration least, String who) {
    Duration part = least.dividedBy(PARTS);
    Duration most = part.compareTo(LONGEST_MORE) < 0 ? part : LONGEST_MORE;
    long millis = new SplittableRandom(who.hashCode()).nextLong(most.toMillis() + 1);
    return least.plusMillis(millis);
  }
}
