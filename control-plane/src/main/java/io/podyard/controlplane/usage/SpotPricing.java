package io.podyard.controlplane.usage;

import io.podyard.billing.Metered;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what spot groups cost now. */
@FunctionalInterface
public interface SpotPricing {

  /**
   * What an hour of all that is metered of a spot group costs now, if it is not protected.
   *
   * @param zone null for no zone in particular
   * @return empty if spot groups, or others, have no price there
   */
  Optional<Money> spotPricePerHour(RegionId region, @Nullable ZoneId zone, Metered metered);
}
