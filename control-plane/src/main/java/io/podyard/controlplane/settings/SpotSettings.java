package io.podyard.controlplane.settings;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Spot groups.
 *
 * @param notice how long before a spot group is stopped it is told, 1 s to 1 h
 * @param priceCheck how often prices are compared with the limits of spot groups, 1 s to 1 h
 * @param share what spot groups cost everywhere from the first start of the installation on, as a
 *     share of what others cost, 0 to 1; null for nothing, and then there are none before the
 *     operator says what they cost
 */
public record SpotSettings(
    @DefaultValue("3m") Duration notice,
    @DefaultValue("5m") Duration priceCheck,
    @DefaultValue("0.3") @Nullable BigDecimal share) {

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(1);

  /**
   * @throws IllegalArgumentException if one is out of range
   */
  public SpotSettings {
    require("PODYARD_SPOT_NOTICE", notice);
    require("PODYARD_SPOT_PRICE_CHECK", priceCheck);
    if (share != null
        && (share.signum() < 0
            || share.compareTo(BigDecimal.ONE) > 0
            || share.stripTrailingZeros().scale() > 4)) {
      throw new IllegalArgumentException(
          "PODYARD_SPOT_SHARE must be from 0 to 1 with at most 4 decimals, not " + share);
    }
  }

  private static void require(String name, Duration time) {
    if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %d s to %d s, not %s"
              .formatted(name, LEAST.toSeconds(), MOST.toSeconds(), time));
    }
  }
}
