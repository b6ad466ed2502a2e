package io.podyard.controlplane.containergroup;

import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a group that passed every check which needs no more than the request.
 *
 * @param spec with the size raised to one there is, in the first of {@code vSwitchIds}; whoever
 *     picks another one says so
 * @param kept with the same vSwitch
 * @param vSwitchIds none to ten, each fit to be a {@link io.podyard.model.VSwitchId}
 * @param strategy in which order these are tried
 * @param zone the zone asked for, null if any will do
 * @param clientToken null if there is none
 * @param dryRun whether nothing is to be created
 */
public record GroupDraft(
    String name,
    GroupSpec spec,
    KeptFields kept,
    Map<String, String> tags,
    List<String> vSwitchIds,
    ScheduleStrategy strategy,
    @Nullable ZoneId zone,
    @Nullable String clientToken,
    boolean dryRun) {

  public GroupDraft {
    vSwitchIds = List.copyOf(vSwitchIds);
  }
}
