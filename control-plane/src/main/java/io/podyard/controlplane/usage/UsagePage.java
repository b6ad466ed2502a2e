package io.podyard.controlplane.usage;

import io.podyard.model.Period;
import java.util.List;

/**
 * Some groups' usage in a period.
 *
 * @param period the part of the period asked for that has passed, in whole seconds
 * @param groups newest first; of one group that group and then its disks
 * @param more whether another page follows
 */
public record UsagePage(Period period, List<GroupUsage> groups, boolean more) {

  public UsagePage {
    groups = List.copyOf(groups);
  }
}
