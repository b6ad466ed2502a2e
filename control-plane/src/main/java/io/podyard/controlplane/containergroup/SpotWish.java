package io.podyard.controlplane.containergroup;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of a spot group (contract section 17).
 *
 * @param priceLimit the most that an hour of the group may cost once it is not protected any more,
 *     null if it takes any price
 * @param hours for how long after its creation it is protected
 */
public record SpotWish(@Nullable BigDecimal priceLimit, int hours) {

  static final String NO_SPOT = "NoSpot";
  static final String ANY_PRICE = "SpotAsPriceGo";
  static final String WITH_LIMIT = "SpotWithPriceLimit";

  public SpotWish {
    // One form of one number: what a request means is hashed.
    priceLimit = priceLimit == null ? null : priceLimit.stripTrailingZeros();
  }

  /** The contract's name of what was asked. */
  String strategy() {
    return priceLimit == null ? ANY_PRICE : WITH_LIMIT;
  }
}
