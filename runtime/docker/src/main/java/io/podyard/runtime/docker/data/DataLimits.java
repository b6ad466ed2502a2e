package io.podyard.runtime.docker.data;

import java.time.Duration;

/**
 * How long and how much the reading of a source may take. Its size is limited by the order.
 *
 * @param connect to make a connection
 * @param answer from a request to the head of its answer
 * @param stall without a byte
 * @param total of one source
 * @param attempts at one request, or at one file without a byte of progress; 1 or more
 * @param firstPause after the first failed attempt; doubles with each
 * @param longestPause most that is waited, also if the source asks for more
 * @param mostEntries files, folders and links of one source; 1 or more
 * @param thisMachine whether sources may be on this machine
 */
public record DataLimits(
    Duration connect,
    Duration answer,
    Duration stall,
    Duration total,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    int mostEntries,
    boolean thisMachine) {

  public static final DataLimits DEFAULTS =
      new DataLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofHours(12),
          6,
          Duration.ofMillis(500),
          Duration.ofMinutes(2),
          500_000,
          false);

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public DataLimits {
    if (attempts < 1 || mostEntries < 1) {
      throw new IllegalArgumentException("limits of a source must be 1 or more");
    }
    for (Duration limit : new Duration[] {connect, answer, stall, total, firstPause}) {
      if (!limit.isPositive()) {
        throw new IllegalArgumentException("times of a source must be positive, not " + limit);
      }
    }
  }
}
