package io.podyard.runtime.pod;

import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;

/**
 * When it is looked at what a group takes of its host's disk: no engine stops it from taking more
 * than it may, so it is evicted as a kubelet does it. Folders in memory are limited by the kernel.
 */
final class VolumeLimits {

  /**
   * How often usage is asked for of a group with a volume that has a limit of its own; engines
   * measure no more often. Of the others it is asked for when they are looked at anyway.
   */
  static final Duration LOOK = Duration.ofSeconds(10);

  private VolumeLimits() {}

  /** Whether the usage of disk matters for what is planned next. */
  static boolean matter(GroupOrder order) {
    return order.goal() instanceof Goal.Run
        && switch (order.stored().phase()) {
          case STARTING, RUNNING -> true;
          case PREPARING, REPLACING, SUCCEEDED, FAILED, STOPPING, STOPPED, GONE -> false;
        };
  }

  static boolean any(GroupSpec spec) {
    return spec.volumes().stream().anyMatch(VolumeLimits::limited);
  }

  private static boolean limited(VolumeSpec volume) {
    return switch (volume) {
      case VolumeSpec.EmptyDir folder -> !folder.inMemory() && folder.sizeLimitMib() != null;
      case VolumeSpec.DataCache data -> data.takesDisk();
      // What outlives the group is not its own, and not limited with it.
      case VolumeSpec.ConfigFiles _, VolumeSpec.Nfs _, VolumeSpec.HostPath _, VolumeSpec.Disk _ ->
          false;
    };
  }
}
