package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often an account may call an operation: a bucket of tokens, one for each call, that is full
 * at first and is refilled evenly.
 *
 * @param burst how many tokens the bucket holds, 1 to 1,000,000
 * @param refill how many are put in during a period, 1 to 1,000,000
 * @param per the period, 1 ms to one day
 */
public record RateLimit(int burst, int refill, @DefaultValue("1s") Duration per) {

  private static final int MOST = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException if a value is out of its range
   */
  public RateLimit {
    requireCount("burst", burst);
    requireCount("refill", refill);
    if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "per of a rate limit must be from %s to %s, not %s".formatted(SHORTEST, LONGEST, per));
    }
  }

  private static void requireCount(String name, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "%s of a rate limit must be from 1 to %d, not %d".formatted(name, MOST, count));
    }
  }

  /** How long an empty bucket takes to be full again. */
  public Duration timeToFill() {
    return per.multipliedBy(burst).dividedBy(refill);
  }
}
