package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import org.jspecify.annotations.Nullable;

/**
 * Where a new group is to be.
 *
 * @param wanted the region, and the zone if only one will do
 * @param vSwitch the vSwitch it is in, null if the request names none
 * @param unregistered whether that vSwitch was in no zone yet; then it gets the one wanted
 */
record GroupPlace(PlacementRequest wanted, VSwitches.@Nullable Key vSwitch, boolean unregistered) {

  /** The same for the one host that will do. */
  GroupPlace onHost(@Nullable HostId host) {
    return new GroupPlace(wanted.onHost(host), vSwitch, unregistered);
  }

  /** The same with so much of the host's ephemeral disk. */
  GroupPlace withDisk(int mib) {
    return new GroupPlace(wanted.withDisk(mib), vSwitch, unregistered);
  }

  /** What is to be registered with the group, null if nothing is. */
  VSwitches.@Nullable Placed registers() {
    return vSwitch == null || !unregistered || wanted.zone() == null
        ? null
        : new VSwitches.Placed(vSwitch, wanted.zone());
  }
}
