package io.podyard.controlplane.settings;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When hosts that do not answer are given up.
 *
 * @param lostAfter how long a host is not reached by whoever drives it before it is lost, 10 s to 1
 *     day; it is unreachable first, which takes 5 s
 * @param massLossPercent if more than this share of the hosts vanish together, none of them is
 *     declared lost, 0 to 100; with 100 they always are
 * @param massLossWithin what vanishes in this time vanishes together, 10 s to 1 day
 */
public record HostSettings(
    @DefaultValue("60s") Duration lostAfter,
    @DefaultValue("30") int massLossPercent,
    @DefaultValue("60s") Duration massLossWithin) {

  /** Hosts that vanish at once are not all found so in the same second. */
  private static final Duration LEAST = Duration.ofSeconds(10);

  private static final Duration MOST = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public HostSettings {
    requireTime("PODYARD_HOST_LOST_AFTER", lostAfter);
    requireTime("PODYARD_HOST_MASS_LOSS_WITHIN", massLossWithin);
    if (massLossPercent < 0 || massLossPercent > 100) {
      throw new IllegalArgumentException(
          "PODYARD_HOST_MASS_LOSS_PERCENT must be from 0 to 100, not " + massLossPercent);
    }
  }

  private static void requireTime(String name, Duration time) {
    if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %d s to %d s, not %s"
              .formatted(name, LEAST.toSeconds(), MOST.toSeconds(), time));
    }
  }
}
