package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Fence;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sub-paths of disks, which are made if they are not there. A container that does nothing else
 * mounts the disks: what is made from inside it cannot be anywhere but on them, and while it is
 * there the engine finds the disks mounted when it mounts paths on them.
 */
final class DiskFolders {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Longer than starting a sandbox takes; then what nobody removed ends by itself. */
  private static final String SECONDS = "300";

  private static final String DISKS = "/podyard/disks/";
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;

  private final EngineImages images;
  private final ExecRun execs;
  private final SharedContainers shared;

  DiskFolders(EngineImages images, ExecRun execs, SharedContainers shared) {
    this.images = images;
    this.execs = execs;
    this.shared = shared;
  }

  /** The sub-paths of a disk, and where the disk is. */
  private record Wanted(VolumeSpec.Disk disk, List<String> subPaths) {}

  /**
   * Mounts the disks of a group of which sub-paths are wanted, and makes these.
   *
   * @param parts whose volumes the engine knows
   * @return the container that holds the disks until it is removed; empty if there is nothing
   * @throws RuntimeUnavailableException for the users of the group, if a disk cannot be mounted or
   *     a folder cannot be made
   */
  Optional<String> hold(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    List<Mount> mounts = new ArrayList<>();
    Map<String, Wanted> wanted = new LinkedHashMap<>();
    for (VolumeSpec volume : order.spec().volumes()) {
      List<VolumeParts.Part> of = parts.parts().getOrDefault(volume.name(), List.of());
      if (volume instanceof VolumeSpec.Disk disk && of.size() > 1) {
        String place = DISKS + mounts.size();
        mounts.add(
            new Mount()
                .withType(MountType.VOLUME)
                .withSource(of.getFirst().name())
                .withTarget(place)
                .withVolumeOptions(new VolumeOptions().withNoCopy(true)));
        wanted.put(place, new Wanted(disk, of.stream().skip(1).map(p -> p.subPath()).toList()));
      }
    }
    if (mounts.isEmpty()) {
      return Optional.empty();
    }
    String name = order.installation() + "-" + order.group() + "-folders";
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_END);
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode("none")
            .withMounts(mounts)
            .withCapAdd(Capability.DAC_OVERRIDE);
    shared.remove(name, fence);
    boolean held = false;
    try {
      shared.make(name, images.sandbox(fence), List.of("sleep", SECONDS), labels, config, fence);
      shared.start(name, fence);
      for (Map.Entry<String, Wanted> one : wanted.entrySet()) {
        make(name, one.getKey(), one.getValue());
      }
      held = true;
      return Optional.of(name);
    } catch (RuntimeUnavailableException e) {
      throw FailedMounts.told(e, parts);
    } finally {
      if (!held) {
        shared.remove(name, fence);
      }
    }
  }

  private void make(String holder, String place, Wanted wanted) throws RuntimeUnavailableException {
    try {
      ExecResult result =
          execs.run(
              holder,
              Stream.concat(
                      Stream.of(SandboxImage.PROGRAM, "folders", place), wanted.subPaths().stream())
                  .toList(),
              LONGEST);
      if (result.exitCode() != 0) {
        throw FailedMounts.of(wanted.disk(), "sub-path " + result.output().strip());
      }
    } catch (NoSuchContainerException | CommandTimedOutException e) {
      throw new RuntimeUnavailableException("nothing made the folders of disks", e);
    }
  }
}
