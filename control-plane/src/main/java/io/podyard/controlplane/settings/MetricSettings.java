package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the use of groups is looked at.
 *
 * @param period how often each running group is looked at, 1 s to 10 min; 0 for never
 */
public record MetricSettings(@DefaultValue("15s") Duration period) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * @throws IllegalArgumentException if the period is out of range or not in whole seconds
   */
  public MetricSettings {
    boolean inRange = period.compareTo(SHORTEST) >= 0 && period.compareTo(LONGEST) <= 0;
    if (!period.isZero() && (!inRange || period.toNanosPart() != 0)) {
      throw new IllegalArgumentException(
          "PODYARD_METRICS_PERIOD must be 0 or whole seconds from 1s to 10m, not " + period);
    }
  }

  /** Whether groups are looked at at all. */
  public boolean on() {
    return !period.isZero();
  }
}
