package io.podyard.controlplane.wake;

import java.time.Duration;

/**
 * How often the tables are asked for work although nobody said that there is any.
 *
 * @param changed for groups that another process changed
 * @param waiting for groups that wait for a host
 */
public record Looking(Duration changed, Duration waiting) {

  public static final Looking USUAL = new Looking(Duration.ofMillis(500), Duration.ofSeconds(1));

  /**
   * @throws IllegalArgumentException if one of them is not positive
   */
  public Looking {
    if (!changed.isPositive() || !waiting.isPositive()) {
      throw new IllegalArgumentException("not positive: " + changed + ", " + waiting);
    }
  }
}
