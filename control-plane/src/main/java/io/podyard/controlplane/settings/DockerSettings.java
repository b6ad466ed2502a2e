package io.podyard.controlplane.settings;

import io.podyard.runtime.HostPaths;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How groups run on a Docker Engine.
 *
 * @param ociRuntime by its name in the engine, such as {@code runsc}; null for the engine's default
 * @param enginePull whether the engine tries by itself to pull what Podyard could not fetch
 * @param subnets where the networks of accounts and vSwitches get their addresses, divided by
 *     commas: ranges with the prefix of each network, such as {@code 10.200.0.0/13:24}, and {@code
 *     engine} for the engine's own, which come last
 * @param hostReachable whether groups may reach the host they run on
 * @param hostPaths paths of hosts that groups may mount, divided by commas; read-only unless {@code
 *     :rw} follows
 * @param disks folder of the engine's machine where disks are kept; null for one in the data folder
 * @param imagesHigh from when on images that Podyard brought to a host go again
 * @param imagesLow down to what; null for four fifths of that
 */
public record DockerSettings(
    @Nullable String ociRuntime,
    @DefaultValue("false") boolean enginePull,
    @DefaultValue("10.200.0.0/13:24,engine") String subnets,
    @DefaultValue("false") boolean hostReachable,
    @DefaultValue("") String hostPaths,
    @Nullable String disks,
    @DefaultValue("100GB") DataSize imagesHigh,
    @Nullable DataSize imagesLow) {

  /**
   * @throws IllegalArgumentException if the lower mark is out of range
   */
  public DockerSettings {
    if (imagesHigh.isNegative()) {
      throw new IllegalArgumentException(
          "PODYARD_DOCKER_IMAGES_HIGH must be 0 or more, not " + imagesHigh);
    }
    if (imagesLow != null && (imagesLow.isNegative() || imagesLow.compareTo(imagesHigh) > 0)) {
      throw new IllegalArgumentException(
          "PODYARD_DOCKER_IMAGES_LOW must be from 0 to PODYARD_DOCKER_IMAGES_HIGH, "
              + imagesHigh
              + ", not "
              + imagesLow);
    }
    ociRuntime = ociRuntime == null || ociRuntime.isBlank() ? null : ociRuntime.strip();
    disks = disks == null || disks.isBlank() ? null : disks.strip();
  }

  /**
   * Where disks are kept.
   *
   * @throws IllegalArgumentException if that is no absolute path
   */
  public Path diskFolder(Path dataFolder) {
    if (disks == null) {
      return dataFolder.resolve("disks").toAbsolutePath();
    }
    Path folder = Path.of(disks);
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException(
          "PODYARD_DOCKER_DISKS must be an absolute path such as /srv/disks, not " + disks);
    }
    return folder;
  }

  /** Down to how many bytes images of a host go. */
  public long imagesLowBytes() {
    return imagesLow == null ? imagesHigh.toBytes() / 5 * 4 : imagesLow.toBytes();
  }

  /**
   * @throws IllegalArgumentException if it is no list of paths
   */
  public HostPaths allowedHostPaths() {
    try {
      return HostPaths.parse(hostPaths);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("PODYARD_DOCKER_HOST_PATHS: " + e.getMessage(), e);
    }
  }
}
