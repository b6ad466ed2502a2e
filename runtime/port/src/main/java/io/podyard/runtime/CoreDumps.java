package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.Optional;

/**
 * Core dumps of containers that crash. Where they go is one setting of a host's kernel; they can be
 * had where that is a file, which the container itself sees then. A dump is handed to the {@link
 * GroupJournal} that drives the group, before its container is removed.
 */
public interface CoreDumps {

  /**
   * Why the core dumps of a group that is there cannot be had; empty if they can.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive the host is gone
   */
  Optional<String> noCoreDumpsBecause(
      InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;
}
