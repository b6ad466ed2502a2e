package io.podyard.controlplane.quota;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.Comparator;

/** What quotas are for. In the order in which their rows are locked. */
public record QuotaPlace(AccountId account, RegionId region) implements Comparable<QuotaPlace> {

  private static final Comparator<QuotaPlace> IN_ORDER =
      Comparator.comparing((QuotaPlace place) -> place.account().value())
          .thenComparing(place -> place.region().value());

  @Override
  public int compareTo(QuotaPlace other) {
    return IN_ORDER.compare(this, other);
  }
}
