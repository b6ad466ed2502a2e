package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;

/** Volumes that cannot be mounted, told to the users of their group as Kubernetes does. */
final class FailedMounts {

  static final String REASON = "FailedMount";

  /** The contract's word (section 15) for disks. */
  static final String DISK_REASON = "AttachDiskFailed";

  private FailedMounts() {}

  static RuntimeUnavailableException of(VolumeSpec volume, String why) {
    return RuntimeUnavailableException.lacking(
        REASON, "Volume %s cannot be mounted: %s".formatted(volume.name(), why));
  }

  static RuntimeUnavailableException ofDisk(VolumeSpec.Disk disk, String why) {
    return RuntimeUnavailableException.lacking(
        DISK_REASON,
        "Volume %s cannot be mounted: disk %s cannot be attached, %s"
            .formatted(disk.name(), disk.id(), why));
  }

  /**
   * What became of a call that mounts the volumes of a group. The engine tells of a failed mount by
   * the place of its volume, which has the volume's name in it.
   */
  static RuntimeUnavailableException told(RuntimeUnavailableException failed, VolumeParts parts) {
    if (!(failed.getCause() instanceof DockerException refusal)) {
      return failed;
    }
    String words = EngineErrors.words(refusal);
    return parts.all().stream()
        .filter(part -> VolumeKind.isLasting(part.volume()))
        .filter(part -> words.contains("/" + part.name() + "/"))
        .findFirst()
        .map(part -> of(part.volume(), place(part) + cause(words)))
        .orElse(failed);
  }

  private static String place(VolumeParts.Part part) {
    return part.subPath().isEmpty() ? "" : "at sub-path " + part.subPath() + ", ";
  }

  /**
   * The last of what the engine says, which is the kernel's word; the rest tells of its folders.
   */
  private static String cause(String words) {
    return words.substring(words.lastIndexOf(": ") + 1).strip();
  }
}
