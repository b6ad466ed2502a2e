package io.podyard.controlplane.usage;

import io.podyard.billing.ChargeLine;
import io.podyard.billing.UsageInterval;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The meter of one group in a period.
 *
 * @param intervals those that touch the period, whole, in order
 * @param seconds how long the meter ran within the period
 * @param lines exact charges within the period, in order of time and item
 * @param amounts their sums, one for each currency
 * @param unpriced which price is missing, for people; null unless one is, and then there are
 *     neither lines nor amounts
 */
public record GroupUsage(
    ContainerGroupId group,
    List<UsageInterval> intervals,
    long seconds,
    List<ChargeLine> lines,
    List<Money> amounts,
    @Nullable String unpriced) {

  public GroupUsage {
    intervals = List.copyOf(intervals);
    lines = List.copyOf(lines);
    amounts = List.copyOf(amounts);
  }
}
