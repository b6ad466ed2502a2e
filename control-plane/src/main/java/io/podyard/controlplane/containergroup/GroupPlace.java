package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.scheduler.PlacementRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a group can be.
 *
 * @param wanted the region, and the zone if only one will do
 * @param vSwitch the vSwitch it is in there, null if the request names none
 */
record GroupPlace(PlacementRequest wanted, VSwitches.@Nullable Placed vSwitch) {

  /** The same for other hosts. */
  GroupPlace with(PlacementRequest other) {
    return new GroupPlace(other, vSwitch);
  }
}
