package io.podyard.billing;

import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Instances that an account pays for whether it uses them or not. In each hour they cover {@code
 * count x 3600} seconds of groups that are charged as this instance type, however many ran at once.
 *
 * @param instanceType an item that is one
 * @param zone the only zone whose groups they cover, null for all of the region
 * @param count how many, 1 or more
 * @param perSecond what one of them costs for a second, used or not; 0 if they were paid upfront.
 *     They cover only what is priced in its currency.
 * @param from first hour they are valid
 * @param to first hour they are no longer valid, null for no end
 */
public record ReservedInstances(
    AgreementId id,
    Item instanceType,
    RegionId region,
    @Nullable ZoneId zone,
    int count,
    Money perSecond,
    Hour from,
    @Nullable Hour to)
    implements Agreement {

  /**
   * @throws IllegalArgumentException if it is no instance type, if there are none of it, if the fee
   *     is negative or has more than {@link Price#MOST_DECIMALS} decimals, or if the validity is
   *     empty
   */
  public ReservedInstances {
    if (!instanceType.isInstanceType()) {
      throw new IllegalArgumentException("only instance types are reserved, not " + instanceType);
    }
    if (count < 1) {
      throw new IllegalArgumentException("1 or more are reserved, not " + count);
    }
    perSecond = new Money(Price.checked(perSecond.amount()), perSecond.currency());
    Agreement.requireTime(from, to);
  }

  boolean covers(UsageClass usage) {
    return usage.item().equals(instanceType)
        && usage.region().equals(region)
        && (zone == null || zone.equals(usage.zone()))
        && usage.currency().equals(perSecond.currency());
  }

  /** Seconds of instances in an hour. */
  long secondsPerHour() {
    return count * Hour.SECONDS;
  }
}
