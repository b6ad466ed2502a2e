package io.podyard.billing;

import static java.util.Comparator.comparing;

import io.podyard.model.CurrencyCode;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.util.Comparator;

/**
 * Usage that agreements cannot tell apart: commitments cover sums of it, so it makes no difference
 * in how many groups it was used.
 *
 * @param price of one unit for one second
 */
record UsageClass(RegionId region, ZoneId zone, Item item, BigDecimal price, CurrencyCode currency)
    implements Comparable<UsageClass> {

  private static final Comparator<UsageClass> IN_ORDER =
      comparing(UsageClass::item)
          .thenComparing(UsageClass::region)
          .thenComparing(UsageClass::zone)
          .thenComparing(UsageClass::price, Comparator.reverseOrder())
          .thenComparing(usage -> usage.currency().value());

  /** By item and place, the dearer first. */
  @Override
  public int compareTo(UsageClass other) {
    return IN_ORDER.compare(this, other);
  }
}
