package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.disk.DiskFailedException;
import io.podyard.runtime.docker.disk.DiskFiles;
import io.podyard.runtime.docker.disk.DiskInUseException;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The disks of groups: attached before the engine mounts them, detached once the group is gone.
 * Each installation has a folder of its own for them. The engine keeps a mark of each disk, so that
 * a server that was told another folder than the one before does not make it anew, empty.
 */
final class GroupDisks {

  private static final System.Logger LOG = System.getLogger(GroupDisks.class.getName());

  private final EngineCalls calls;
  private final Path folder;
  private final boolean local;

  /**
   * @param folder of this machine
   * @param local whether the engine is on it
   */
  GroupDisks(EngineCalls calls, Path folder, boolean local) {
    this.calls = calls;
    this.folder = folder;
    this.local = local;
  }

  private DiskFiles files(InstallationId installation) {
    return new DiskFiles(folder.resolve(installation.value()));
  }

  private Optional<String> unusableBecause() {
    return local
        ? DiskFiles.unusableBecause()
        : Optional.of("the engine is not reached through a socket of the server's machine");
  }

  private static List<VolumeSpec.Disk> disks(SandboxOrder order) {
    return order.spec().volumes().stream()
        .filter(VolumeSpec.Disk.class::isInstance)
        .map(VolumeSpec.Disk.class::cast)
        .toList();
  }

  /**
   * Makes, grows and attaches the disks of a group, as far as that is not done. The engine knows
   * something of the group already, so that the group is removed from the host some day whatever
   * becomes of this.
   *
   * @throws RuntimeUnavailableException for the users of the group, if this host cannot
   */
  void attach(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (VolumeSpec.Disk disk : disks(order)) {
      Optional<String> why = unusableBecause();
      if (why.isPresent()) {
        throw FailedMounts.ofDisk(disk, "the host has no disks: " + why.get());
      }
      try {
        attach(order, disk, fence);
      } catch (DiskInUseException e) {
        throw FailedMounts.ofDisk(disk, "another container group has it");
      } catch (DiskFailedException e) {
        LOG.log(System.Logger.Level.WARNING, "disk " + disk.id() + " cannot be attached", e);
        throw FailedMounts.ofDisk(disk, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "disk " + disk.id() + " cannot be attached", e);
        throw FailedMounts.ofDisk(disk, "the log of the host's server says why");
      }
    }
  }

  private void attach(SandboxOrder order, VolumeSpec.Disk disk, Fence fence)
      throws IOException, RuntimeUnavailableException, StaleFenceException {
    DiskFiles files = files(order.installation());
    if (!files.exists(disk.id()) && marks(order.installation()).contains(disk.id())) {
      throw FailedMounts.ofDisk(
          disk, "the host has it elsewhere than where its server was told to look");
    }
    DiskFiles.Growth growth;
    try {
      growth = files.attach(disk.id(), disk.sizeGib(), order.group().value(), fence);
    } catch (DiskInUseException e) {
      if (isKnown(order.installation(), e.user())) {
        throw e;
      }
      // Whoever removed that group from the engine did not go through here.
      files.detach(disk.id(), e.user(), fence);
      growth = files.attach(disk.id(), disk.sizeGib(), order.group().value(), fence);
    }
    mark(order.installation(), disk.id(), fence);
    if (growth == DiskFiles.Growth.WHEN_UNMOUNTED) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the file system of disk {0} is grown when it is mounted next: for growing it now the"
              + " server needs CAP_SYS_RESOURCE and has to see the engine''s mounts",
          disk.id());
    }
  }

  /** Whether the engine has anything of a group. */
  private boolean isKnown(InstallationId installation, String group)
      throws RuntimeUnavailableException {
    Map<String, String> labels = Names.ofGroup(installation, new ContainerGroupId(group));
    return calls.read(
        docker -> {
          List<String> filters =
              labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
          var volumes = docker.listVolumesCmd().withFilter("label", filters).exec().getVolumes();
          return (volumes != null && !volumes.isEmpty())
              || !docker
                  .listContainersCmd()
                  .withShowAll(true)
                  .withLabelFilter(labels)
                  .exec()
                  .isEmpty();
        });
  }

  private void mark(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    calls.act(
        fence,
        docker ->
            docker
                .createVolumeCmd()
                .withName(Names.disk(installation, disk))
                .withDriver("local")
                .withLabels(
                    Map.of(
                        Names.INSTALLATION,
                        installation.value(),
                        Names.ROLE,
                        Names.ROLE_DISK,
                        Names.DISK,
                        disk))
                .exec());
  }

  /** Where the engine finds the disk. */
  String device(InstallationId installation, VolumeSpec.Disk disk) {
    return files(installation).device(disk.id()).toString();
  }

  /**
   * Detaches the disks of a group, none of whose containers is left.
   *
   * @throws RuntimeUnavailableException if one is still mounted
   */
  void detachAll(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    if (!local) {
      return;
    }
    try {
      DiskFiles files = files(installation);
      for (String id : files.of(group.value())) {
        files.detach(id, group.value(), fence);
      }
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disks of " + group + " cannot be detached", e);
    }
  }

  /** Detaches the disks that a group does not ask for any more, as far as nobody uses them. */
  void detachUnwanted(SandboxOrder order, Fence fence) throws StaleFenceException {
    if (!local) {
      return;
    }
    DiskFiles files = files(order.installation());
    String group = order.group().value();
    List<String> wanted = disks(order).stream().map(VolumeSpec.Disk::id).toList();
    try {
      for (String id : files.of(group)) {
        if (!wanted.contains(id)) {
          files.detach(id, group, fence);
        }
      }
    } catch (IOException e) {
      // What the sandbox was made with it has as long as it is there.
      LOG.log(System.Logger.Level.DEBUG, "disks of {0} stay attached: {1}", group, e.getMessage());
    }
  }

  /**
   * Removes a disk.
   *
   * @throws RuntimeUnavailableException if a group has it still, or it is not where it should be
   */
  void remove(InstallationId installation, String id, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      DiskFiles files = files(installation);
      Optional<String> user = files.user(id);
      if (user.isPresent()) {
        if (isKnown(installation, user.get())) {
          throw new RuntimeUnavailableException(
              "group " + user.get() + " has disk " + id + " still");
        }
        files.detach(id, user.get(), fence);
      }
      if (marks(installation).contains(id)) {
        if (!files.exists(id)) {
          throw new RuntimeUnavailableException(
              "the file of disk %s is not in %s: the server was told another folder before"
                  .formatted(id, folder));
        }
        // First, for a mark is not to stand for a file that is not there any more.
        calls.act(fence, docker -> EngineVolumes.remove(docker, Names.disk(installation, id)));
      }
      files.delete(id, fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disk " + id + " cannot be removed", e);
    }
  }

  /** The disks that the host keeps, wherever it has them. */
  Set<String> ids(InstallationId installation) throws RuntimeUnavailableException {
    try {
      Set<String> ids = new TreeSet<>(files(installation).ids());
      ids.addAll(marks(installation));
      return ids;
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the disks of the host are not known", e);
    }
  }

  private Set<String> marks(InstallationId installation) throws RuntimeUnavailableException {
    List<String> filters =
        List.of(Names.INSTALLATION + "=" + installation, Names.ROLE + "=" + Names.ROLE_DISK);
    return calls.read(
        docker -> {
          var marks = docker.listVolumesCmd().withFilter("label", filters).exec().getVolumes();
          return marks == null
              ? Set.of()
              : marks.stream()
                  .map(mark -> mark.getLabels().getOrDefault(Names.DISK, ""))
                  .collect(Collectors.toUnmodifiableSet());
        });
  }
}
