package io.podyard.runtime.simulated;

import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;
import java.util.Map;
import java.util.stream.Collectors;

/** What simulated hosts can mount: every volume, unless the name of its server says otherwise. */
final class SimulatedMounts {

  private static final String UNREACHABLE = "unreachable";

  private SimulatedMounts() {}

  /** Looks at what a host holds. */
  @FunctionalInterface
  interface Held {
    /** The digests of data, by caches. */
    Map<String, String> digests() throws RuntimeUnavailableException;
  }

  /**
   * @throws RuntimeUnavailableException for the users of the group, if a volume cannot be mounted
   */
  static void require(GroupSpec group, Held held) throws RuntimeUnavailableException {
    for (VolumeSpec volume : group.volumes()) {
      if (volume instanceof VolumeSpec.Nfs nfs && nfs.server().contains(UNREACHABLE)) {
        throw RuntimeUnavailableException.lacking(
            "FailedMount",
            "Volume %s cannot be mounted: NFS server %s does not answer at port 2049"
                .formatted(nfs.name(), nfs.server()));
      }
      if (volume instanceof VolumeSpec.DataCache data
          && !held.digests().containsValue(data.digest())) {
        throw RuntimeUnavailableException.lacking(
            "FailedMount",
            "Volume %s cannot be mounted: data cache %s is not on the host yet"
                .formatted(data.name(), data.cache()));
      }
    }
  }

  /** Digests by caches as text, and back. */
  static String lines(Map<String, String> digests) {
    return digests.entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue())
        .collect(Collectors.joining("\n"));
  }

  static Map<String, String> digests(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(line -> line[0], line -> line[1]));
  }
}
