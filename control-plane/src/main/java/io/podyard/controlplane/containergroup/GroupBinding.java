package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.Placement;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.time.Instant;

/** A waiting group to be bound to the host that was picked for it. */
record GroupBinding(ContainerGroupId group, Placement.Pick pick, Instant at) {

  /** What happens to every group that gets a host, at once or later. */
  static final Occurrence HOST_FOUND =
      Occurrence.normal("Scheduled", "A host was found for the group.");
}
