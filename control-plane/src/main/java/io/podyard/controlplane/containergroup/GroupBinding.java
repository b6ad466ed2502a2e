package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import io.podyard.scheduler.GpuRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A waiting group to be bound to the host that was picked for it.
 *
 * @param vSwitch the one it is to be in there, which may be another than that in which it waited;
 *     null if it is in none
 * @param attempt how the host was asked for it
 */
record GroupBinding(
    ContainerGroupId group,
    Placement.Pick pick,
    VSwitches.@Nullable Placed vSwitch,
    HostAttempt attempt,
    Instant at) {

  /** Of a group that named no kind of machine. */
  GroupBinding(
      ContainerGroupId group, Placement.Pick pick, VSwitches.@Nullable Placed vSwitch, Instant at) {
    this(group, pick, vSwitch, HostAttempt.plain(pick.taken().size(), GpuRequest.NONE), at);
  }

  /** What happens to every group that gets a host, at once or later. */
  static final Occurrence HOST_FOUND =
      Occurrence.normal("Scheduled", "A host was found for the group.");
}
