package io.podyard.runtime.docker.web;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a server that failed is asked again: later each time, never before it wishes, and at random
 * a little later than that, so that many that failed together do not come back together.
 *
 * @param attempts at one thing; 1 or more
 * @param first the longest pause after the first failure; doubles with each
 * @param longest most that is waited; who asks for more is not asked again
 * @param random used by many threads at once
 */
public record BackOff(int attempts, Duration first, Duration longest, RandomGenerator random) {

  /** 2^20 times the first pause is longer than any that makes sense. */
  private static final int MOST_DOUBLINGS = 20;

  /**
   * How long to wait before the next attempt; empty if there is to be none.
   *
   * @param failures so far, 1 or more
   */
  public Optional<Duration> after(int failures, IOException trouble) {
    Duration wish = Duration.ofSeconds(wishedSeconds(trouble));
    if (failures >= attempts || wish.compareTo(longest) > 0) {
      return Optional.empty();
    }
    Duration grown = first.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    long half = (grown.compareTo(longest) < 0 ? grown : longest).toNanos() / 2;
    long least = Math.max(wish.toNanos(), half);
    return Optional.of(Duration.ofNanos(least + random.nextLong(half + 1)));
  }

  /** How long the server wants to be left alone; 0 if it does not say. */
  public static int wishedSeconds(IOException trouble) {
    return trouble instanceof Busy busy ? busy.retryAfterSeconds() : 0;
  }
}
