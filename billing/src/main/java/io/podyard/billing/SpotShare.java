package io.podyard.billing;

import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What spot groups cost from an instant on, until another one for the same place begins. It is
 * never edited.
 *
 * @param region the regions it is for
 * @param zone the only zone of them that it is for, null for all
 * @param items those of what is charged that it is for
 * @param share of the price that others pay, 0 to 1, with at most {@link #MOST_DECIMALS} decimals
 * @param validFrom its first second, a whole UTC second
 */
public record SpotShare(
    RegionPattern region,
    @Nullable ZoneId zone,
    ItemPattern items,
    BigDecimal share,
    Instant validFrom) {

  public static final int MOST_DECIMALS = Share.MOST_DECIMALS;

  /**
   * @throws IllegalArgumentException if the share is out of range or too fine, or begins within a
   *     second
   */
  public SpotShare {
    share = Share.checked(share);
    if (!WholeSeconds.isWhole(validFrom)) {
      throw new IllegalArgumentException("a share is valid from a whole second, not " + validFrom);
    }
  }

  /** Of all that is charged. */
  public SpotShare(
      RegionPattern region, @Nullable ZoneId zone, BigDecimal share, Instant validFrom) {
    this(region, zone, ItemPattern.ALL, share, validFrom);
  }
}
