package io.podyard.runtime.docker.data;

import java.net.URI;
import java.time.Duration;

/**
 * How sources are read: how long and how much that may take, and who is asked. The size of one is
 * limited by its order.
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
 * @param hub where models and data sets are that are named by their repositories
 */
public record DataSettings(
    Duration connect,
    Duration answer,
    Duration stall,
    Duration total,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    int mostEntries,
    boolean thisMachine,
    URI hub) {

  public static final DataSettings DEFAULTS =
      new DataSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofHours(12),
          6,
          Duration.ofMillis(500),
          Duration.ofMinutes(2),
          500_000,
          false,
          URI.create("https://huggingface.co"));

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public DataSettings {
    if (attempts < 1 || mostEntries < 1) {
      throw new IllegalArgumentException("limits of a source must be 1 or more");
    }
    for (Duration limit : new Duration[] {connect, answer, stall, total, firstPause}) {
      if (!limit.isPositive()) {
        throw new IllegalArgumentException("times of a source must be positive, not " + limit);
      }
    }
  }

  /** The same limits for other sources. */
  public DataSettings reading(boolean ofThisMachine, URI repositories) {
    return new DataSettings(
        connect,
        answer,
        stall,
        total,
        attempts,
        firstPause,
        longestPause,
        mostEntries,
        ofThisMachine,
        repositories);
  }
}
