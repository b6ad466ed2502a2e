package io.podyard.controlplane.driving;

import java.time.Duration;

/**
 * How long a group rests of which nothing is heard, before it is looked at all the same. Sweeps
 * find what has changed on hosts within seconds, so this is for what they cannot see; where groups
 * are many each has its turn less often, and all together take no more than their share.
 */
final class Resync {

  /** On average. */
  static final Duration OF_FEW = Duration.ofSeconds(27);

  static final Duration LONGEST = Duration.ofMinutes(10);

  /** Of all groups together, unless they are so many that it would take longer than the longest. */
  static final int LOOKS_PER_SECOND = 200;

  /**
   * This part of the average is left to chance, half of it to either side: what began at once is
   * not looked at at once.
   */
  private static final double SPREAD = 2 / 9.0;

  private Resync() {}

  /**
   * @param groups how many are looked at by this process
   * @param chance from 0 to 1
   */
  static Duration after(int groups, double chance) {
    long average =
        Math.clamp(groups * 1_000L / LOOKS_PER_SECOND, OF_FEW.toMillis(), LONGEST.toMillis());
    return Duration.ofMillis(Math.round(average * (1 + SPREAD * (0.5 - chance))));
  }
}
