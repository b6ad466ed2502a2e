package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.Set;

/**
 * The disks that hosts keep ({@link VolumeSpec.Disk}). One is made with the first group that has
 * it, grown with a group that wants more of it, and belongs to that group alone until the group is
 * gone from the host. Nothing but {@link #removeDisk} removes it.
 */
public interface HostDisks {

  /**
   * Removes a disk with all that is on it, for ever. What is not there is fine.
   *
   * @throws RuntimeUnavailableException if the host does not answer, or a group of it has the disk
   *     still; call again later
   * @throws StaleFenceException if the right to drive the host is gone
   */
  void removeDisk(InstallationId installation, HostId host, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * The ids of the disks that the host keeps for the installation, whether a group has them or not.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   */
  Set<String> disks(InstallationId installation, HostId host) throws RuntimeUnavailableException;
}
