package io.podyard.runtime.simulated;

import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.List;

final class Groups {

  private Groups() {}

  /** One container, {@code app}, that runs until it is stopped. */
  static GroupSpec staying(RestartPolicy policy) {
    return of(policy, ContainerSpec.of("app", "nginx:1.27", "sleep", "100000"));
  }

  static GroupSpec of(RestartPolicy policy, ContainerSpec... containers) {
    return GroupSpec.of("g", Size.of(250, 256), policy, containers);
  }

  /** One container, {@code app}, that sees the group's one disk, {@code data}. */
  static GroupSpec withDisk(String disk, int sizeGib, VolumeMount... mounts) {
    GroupSpec plain =
        of(
            RestartPolicy.ALWAYS,
            ContainerSpec.of("app", "nginx:1.27", "sleep", "100000").withMounts(List.of(mounts)));
    return new GroupSpec(
        plain.version(),
        plain.name(),
        plain.size(),
        plain.restartPolicy(),
        plain.initContainers(),
        plain.containers(),
        List.of(new VolumeSpec.Disk("data", disk, sizeGib)),
        plain.registryCredentials(),
        plain.plainHttpRegistries(),
        plain.insecureRegistries(),
        plain.hostAliases(),
        plain.dns(),
        plain.hostName(),
        plain.terminationGraceSeconds(),
        plain.activeDeadlineSeconds(),
        plain.maxPendingMinutes(),
        plain.vSwitch(),
        plain.kernel(),
        plain.ephemeralStorageMib(),
        plain.address());
  }
}
