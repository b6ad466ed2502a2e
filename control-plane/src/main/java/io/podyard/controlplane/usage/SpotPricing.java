package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what spot groups cost. */
@FunctionalInterface
public interface SpotPricing {

  /**
   * What an hour of all that is metered of a spot group costs at the prices of an instant.
   *
   * @param zone null for no zone in particular: a price there counts in all zones without their own
   * @param at now, or for a protected group the second of its creation
   * @return empty if spot groups, or others, have no price there and then
   */
  Optional<Money> spotPricePerHour(
      RegionId region, @Nullable ZoneId zone, Metered metered, Instant at);

  /** The same by the prices that are known now; it reads nothing more. */
  default SpotPricing asKnown() {
    return this;
  }
}
