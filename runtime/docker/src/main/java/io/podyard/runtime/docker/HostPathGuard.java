package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HostPaths;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what a group mounts of its host is below what the operator allows, and what it
 * mounts of a disk on that disk. The engine follows links when it mounts, and whoever may write
 * there can put one in its way at any moment. So all of it is mounted first by a container that
 * does nothing, and then compared with what is found without links; once mounted it cannot become
 * something else, and whoever mounts it as well while that container is there gets the same.
 */
final class HostPathGuard {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Longer than starting a sandbox takes; then what nobody released ends by itself. */
  private static final String SECONDS = "300";

  private static final String ROOTS = "/podyard/roots/";
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;

  private final EngineImages images;
  private final GroupVolumes volumes;
  private final ExecRun execs;
  private final SharedContainers shared;
  private final DiskFolders folders;

  HostPathGuard(EngineCalls calls, EngineImages images, GroupVolumes volumes, ExecRun execs) {
    this.images = images;
    this.volumes = volumes;
    this.execs = execs;
    this.shared = new SharedContainers(calls);
    this.folders = new DiskFolders(images, execs, shared);
  }

  /**
   * One thing to be compared.
   *
   * @param allowed the path that the operator allows; empty of a disk
   * @param root index of what it has to be below
   * @param within path below it
   * @param mounted where it is seen; null of a file, which must be there without links on the way
   */
  private record Check(
      VolumeSpec volume, String allowed, int root, String within, @Nullable String mounted) {

    /** What it is, to the users of the group. */
    String place() {
      return volume instanceof VolumeSpec.HostPath path ? path.path() : "sub-path " + within;
    }
  }

  /**
   * Mounts and compares what a group has of its host.
   *
   * @param parts whose volumes the engine knows
   * @return the container that holds all of it until it is {@link #release}d; empty if there is
   *     nothing
   * @throws RuntimeUnavailableException for the users of the group, if something cannot be mounted
   *     or is not below what is allowed
   */
  Optional<String> hold(SandboxOrder order, VolumeParts parts, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    List<Mount> mounts = new ArrayList<>();
    List<Check> checks = checks(order, parts, mounts);
    if (checks.isEmpty()) {
      return Optional.empty();
    }
    String name = order.installation() + "-" + order.group() + "-guard";
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_END);
    HostConfig config =
        ContainerLimits.ofOurs(MEMORY_BYTES, PIDS)
            .withNetworkMode("none")
            .withMounts(mounts)
            .withCapAdd(Capability.DAC_READ_SEARCH);
    shared.remove(name, fence);
    Optional<String> disks = folders.hold(order, parts, fence);
    boolean held = false;
    try {
      shared.make(name, images.sandbox(fence), List.of("sleep", SECONDS), labels, config, fence);
      shared.start(name, fence);
      for (Check check : checks) {
        compare(name, check);
      }
      held = true;
      return Optional.of(name);
    } catch (RuntimeUnavailableException e) {
      if (e.getCause() instanceof BadRequestException refusal) {
        // A path that is allowed, and not there.
        String words = EngineErrors.words(refusal);
        Check missing =
            checks.stream()
                .filter(check -> words.endsWith(": " + check.allowed()))
                .findFirst()
                .orElse(checks.getFirst());
        throw FailedMounts.of(missing.volume(), words);
      }
      throw FailedMounts.told(e, parts);
    } finally {
      if (!held) {
        shared.remove(name, fence);
      }
      if (disks.isPresent()) {
        shared.remove(disks.get(), fence);
      }
    }
  }

  void release(String guard, Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    shared.remove(guard, fence);
  }

  private List<Check> checks(SandboxOrder order, VolumeParts parts, List<Mount> mounts)
      throws RuntimeUnavailableException {
    List<Check> checks = new ArrayList<>();
    int number = 0;
    for (VolumeSpec volume : order.spec().volumes()) {
      if (volume instanceof VolumeSpec.HostPath path) {
        HostPaths.Allowed allowed = volumes.allowed(path);
        mounts.add(
            new Mount()
                .withType(MountType.BIND)
                .withSource(allowed.path())
                .withTarget(ROOTS + number)
                .withReadOnly(true));
        String within = allowed.within(path.path());
        List<VolumeParts.Part> of = parts.parts().getOrDefault(path.name(), List.of());
        if (of.isEmpty()) {
          checks.add(file(path, allowed, number, within));
        }
        for (int i = 0; i < of.size(); i++) {
          String place = GroupVolumes.folder(number, i);
          mounts.add(whole(of.get(i), place));
          checks.add(
              new Check(path, allowed.path(), number, below(within, of.get(i).subPath()), place));
        }
      }
      if (volume instanceof VolumeSpec.Disk disk) {
        List<VolumeParts.Part> of = parts.parts().getOrDefault(disk.name(), List.of());
        for (int i = 1; i < of.size(); i++) {
          if (i == 1) {
            mounts.add(whole(of.getFirst(), ROOTS + number));
          }
          String place = GroupVolumes.folder(number, i);
          mounts.add(whole(of.get(i), place));
          checks.add(new Check(disk, "", number, of.get(i).subPath(), place));
        }
      }
      number++;
    }
    return checks;
  }

  private static Mount whole(VolumeParts.Part part, String place) {
    return new Mount()
        .withType(MountType.VOLUME)
        .withSource(part.name())
        .withTarget(place)
        .withReadOnly(true)
        .withVolumeOptions(new VolumeOptions().withNoCopy(true));
  }

  /** A file is mounted by its path in each container, so nobody may be able to put a link there. */
  private static Check file(
      VolumeSpec.HostPath path, HostPaths.Allowed allowed, int root, String within)
      throws RuntimeUnavailableException {
    if (allowed.writable()) {
      throw FailedMounts.of(
          path,
          "files are mounted only where groups cannot write, and they may write in "
              + allowed.path());
    }
    return new Check(path, allowed.path(), root, within, null);
  }

  private static String below(String path, String subPath) {
    return path.isEmpty() || subPath.isEmpty() ? path + subPath : path + "/" + subPath;
  }

  private void compare(String guard, Check check) throws RuntimeUnavailableException {
    String mounted = check.mounted();
    try {
      ExecResult result =
          execs.run(
              guard,
              List.of(
                  SandboxImage.PROGRAM,
                  "inside",
                  ROOTS + check.root(),
                  check.within(),
                  mounted == null ? "-" : mounted),
              LONGEST);
      if (result.exitCode() != 0) {
        throw FailedMounts.of(
            check.volume(), "%s %s".formatted(check.place(), result.output().strip()));
      }
    } catch (NoSuchContainerException | CommandTimedOutException e) {
      throw new RuntimeUnavailableException("nothing compared the paths of the host", e);
    }
  }
}
