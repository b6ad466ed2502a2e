package io.podyard.controlplane.lease;

import java.time.Duration;

/**
 * How the shards stand as a process sees them in the tables.
 *
 * @param shards all there are
 * @param free those that nobody holds
 * @param processes those that live, this one among them; 1 or more
 * @param rank how many of them started before this one
 * @param nextEnd until the first lease of another process ends unless it is renewed; a long time if
 *     no other one holds any
 */
record Standing(int shards, int free, int processes, int rank, Duration nextEnd) {

  /** What {@link #nextEnd} says if there is none. */
  static final Duration NEVER = Duration.ofDays(1);

  /**
   * How many of the shards are this process's: as many as everybody's, and those that are left over
   * go one each to those that started first. All processes come to shares that add up.
   */
  int share() {
    return shards / processes + (rank < shards % processes ? 1 : 0);
  }
}
