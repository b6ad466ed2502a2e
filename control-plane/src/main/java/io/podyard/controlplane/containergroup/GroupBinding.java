package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
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

  /** What became of it. */
  sealed interface Outcome {

    /** It has its host. */
    record Bound(Reservations.Grant grant) implements Outcome {}

    /** It waits still: the host has no room, is kept for another group or takes nobody. */
    record NoRoom() implements Outcome {}

    /**
     * The host was not asked: the group waits no more, another process binds it, or what it needs
     * beside the host is not as it was.
     */
    record NotAsked() implements Outcome {}
  }

  /** Of a group that named no kind of machine. */
  GroupBinding(
      ContainerGroupId group, Placement.Pick pick, VSwitches.@Nullable Placed vSwitch, Instant at) {
    this(group, pick, vSwitch, HostAttempt.plain(pick.taken().size(), GpuRequest.NONE), at);
  }

  /** What happens to every group that gets a host, at once or later. */
  static final Occurrence HOST_FOUND =
      Occurrence.normal("Scheduled", "A host was found for the group.");
}
