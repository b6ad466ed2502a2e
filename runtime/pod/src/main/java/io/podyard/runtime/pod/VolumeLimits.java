package io.podyard.runtime.pod;

import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Empty folders on disk that hold more than they may: no engine stops them, so their group is
 * evicted as a kubelet does it. Those in memory are limited by the kernel.
 */
final class VolumeLimits {

  /** How often usage is asked for; engines measure no more often. */
  static final Duration LOOK = Duration.ofSeconds(10);

  private static final long MIB = 1 << 20;

  private VolumeLimits() {}

  /** Whether the usage of volumes matters for what is planned next. */
  static boolean matter(GroupOrder order) {
    boolean live =
        switch (order.stored().phase()) {
          case STARTING, RUNNING -> true;
          case PREPARING, REPLACING, SUCCEEDED, FAILED, STOPPING, STOPPED, GONE -> false;
        };
    return live && order.goal() instanceof Goal.Run && any(order.spec());
  }

  static boolean any(GroupSpec spec) {
    return spec.volumes().stream().anyMatch(VolumeLimits::limited);
  }

  private static boolean limited(VolumeSpec volume) {
    return switch (volume) {
      case VolumeSpec.EmptyDir folder -> !folder.inMemory() && folder.sizeLimitMib() != null;
      // What outlives the group is not its own, and not limited with it.
      case VolumeSpec.ConfigFiles _, VolumeSpec.Nfs _, VolumeSpec.HostPath _, VolumeSpec.Disk _ ->
          false;
    };
  }

  /**
   * What is wrong with the first volume that holds too much; empty if none does.
   *
   * @param usage bytes by volume, of those that are known
   */
  static Optional<String> exceeded(GroupSpec spec, Map<String, Long> usage) {
    for (VolumeSpec volume : spec.volumes()) {
      if (volume instanceof VolumeSpec.EmptyDir(String name, boolean inMemory, Integer limit)
          && !inMemory
          && limit != null) {
        long bytes = usage.getOrDefault(name, 0L);
        if (bytes == Long.MAX_VALUE) {
          return Optional.of(
              "Volume %s, which may hold %d MiB, nests folders too deep to be measured"
                  .formatted(name, limit));
        }
        if (bytes > limit * MIB) {
          return Optional.of(
              "Volume %s holds %d MiB, more than its limit of %d MiB"
                  .formatted(name, (bytes + MIB - 1) / MIB, limit));
        }
      }
    }
    return Optional.empty();
  }
}
