package io.podyard.runtime.pod;

import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.Set;

/** How one engine keeps disks; see {@link io.podyard.runtime.HostDisks}. */
public interface DiskKeepingEngine {

  /** Removes a disk that no group has. What is not there is fine. */
  void removeDisk(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** The disks that are kept for an installation. */
  Set<String> disks(InstallationId installation) throws RuntimeUnavailableException;
}
