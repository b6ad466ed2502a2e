package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.scheduler.PlacementRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a group can be.
 *
 * @param wanted the region, and the zone if only one will do, and what is asked of hosts there
 * @param vSwitch the vSwitch it is in there, null if the request names none
 * @param attempt the way in which hosts are asked
 */
record GroupPlace(
    PlacementRequest wanted, VSwitches.@Nullable Placed vSwitch, HostAttempt attempt) {

  GroupPlace(PlacementRequest wanted, VSwitches.@Nullable Placed vSwitch) {
    this(wanted, vSwitch, HostAttempt.plain(wanted.size(), wanted.gpus()));
  }

  /** The same for other hosts. */
  GroupPlace with(PlacementRequest other) {
    return new GroupPlace(other, vSwitch, attempt);
  }
}
