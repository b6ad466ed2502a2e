package io.podyard.controlplane.driving;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Fence;
import java.util.Optional;

/** The core dumps that somebody waits for. */
@FunctionalInterface
public interface AwaitedCoreDumps {

  /**
   * Who waits for one of a group; asked when a container of it has crashed.
   *
   * @param fence under which the group is driven
   */
  Optional<CoreDumpReceiver> of(ContainerGroupId group, Fence fence);
}
