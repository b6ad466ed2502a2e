package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When accounts are charged for an hour.
 *
 * @param grace how long after its end an hour is settled, 0 to 30 min; what ends late and is known
 *     by then needs no line that corrects another
 */
public record SettlementSettings(@DefaultValue("30s") Duration grace) {

  /** Longer than that nobody knows what the last hour cost. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /**
   * @throws IllegalArgumentException if the grace is out of range
   */
  public SettlementSettings {
    if (grace.isNegative() || grace.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "PODYARD_SETTLEMENT_GRACE must be from 0s to 30m, not " + grace);
    }
  }
}
