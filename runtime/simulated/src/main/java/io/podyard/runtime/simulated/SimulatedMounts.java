package io.podyard.runtime.simulated;

import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;

/** What simulated hosts can mount: every volume, unless the name of its server says otherwise. */
final class SimulatedMounts {

  private static final String UNREACHABLE = "unreachable";

  private SimulatedMounts() {}

  /**
   * @throws RuntimeUnavailableException for the users of the group, if a volume cannot be mounted
   */
  static void require(GroupSpec group) throws RuntimeUnavailableException {
    for (VolumeSpec volume : group.volumes()) {
      if (volume instanceof VolumeSpec.Nfs nfs && nfs.server().contains(UNREACHABLE)) {
        throw RuntimeUnavailableException.lacking(
            "FailedMount",
            "Volume %s cannot be mounted: NFS server %s does not answer at port 2049"
                .formatted(nfs.name(), nfs.server()));
      }
    }
  }
}
