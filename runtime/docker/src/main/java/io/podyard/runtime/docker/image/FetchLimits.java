package io.podyard.runtime.docker.image;

import java.time.Duration;

/**
 * How long and how much a fetch may take.
 *
 * @param connect to make a connection
 * @param answer from a request to the head of its answer
 * @param stall without a byte of a body
 * @param total of one fetch
 * @param attempts at one request, or at one layer without a byte of progress; 1 or more
 * @param firstPause after the first failed attempt; doubles with each
 * @param longestPause most that is waited inside a fetch, also if the registry asks for more
 * @param parallelLayers layers of one image fetched at the same time; 1 or more
 * @param parallelFetches images fetched at the same time; 1 or more
 * @param mostBytes compressed size of an image; 1 or more
 */
public record FetchLimits(
    Duration connect,
    Duration answer,
    Duration stall,
    Duration total,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    int parallelLayers,
    int parallelFetches,
    long mostBytes) {

  public static final FetchLimits DEFAULTS =
      new FetchLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(60),
          4,
          Duration.ofMillis(500),
          Duration.ofSeconds(30),
          3,
          4,
          64L << 30);

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public FetchLimits {
    if (attempts < 1 || parallelLayers < 1 || parallelFetches < 1 || mostBytes < 1) {
      throw new IllegalArgumentException("limits of a fetch must be 1 or more");
    }
    for (Duration limit : new Duration[] {connect, answer, stall, total, firstPause}) {
      if (!limit.isPositive()) {
        throw new IllegalArgumentException("times of a fetch must be positive, not " + limit);
      }
    }
  }
}
