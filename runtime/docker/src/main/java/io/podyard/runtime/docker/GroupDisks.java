package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.disk.DiskFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The disks of groups: attached before the engine mounts them, detached once no group is left. */
final class GroupDisks {

  private static final System.Logger LOG = System.getLogger(GroupDisks.class.getName());

  private final Path folder;
  private final boolean local;

  GroupDisks(Path folder, boolean local) {
    this.folder = folder;
    this.local = local;
  }

  private DiskFiles files(InstallationId installation) {
    return new DiskFiles(folder.resolve(installation.value()));
  }

  private Optional<String> unusableBecause(InstallationId installation) {
    return local
        ? files(installation).unusableBecause()
        : Optional.of("the engine is not reached through a socket of this machine");
  }

  /**
   * Makes, grows and attaches the disks of a group, as far as that is not done.
   *
   * @throws RuntimeUnavailableException for the users of the group, if this host cannot
   */
  void ensure(InstallationId installation, GroupSpec group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (VolumeSpec volume : group.volumes()) {
      if (!(volume instanceof VolumeSpec.Disk disk)) {
        continue;
      }
      Optional<String> why = unusableBecause(installation);
      if (why.isPresent()) {
        throw FailedMounts.of(disk, "this host has no disks: " + why.get());
      }
      try {
        if (files(installation).ensure(disk.id(), disk.sizeGib(), fence)
            == DiskFiles.Growth.WHEN_UNMOUNTED) {
          LOG.log(
              System.Logger.Level.WARNING,
              "the file system of disk {0} is grown when the disk is mounted next: to grow it now"
                  + " the server needs CAP_SYS_RESOURCE",
              disk.id());
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "disk " + disk.id() + " cannot be attached", e);
        throw FailedMounts.of(disk, "the host could not attach disk " + disk.id());
      }
    }
  }

  /** Where the engine finds the disk. */
  String device(InstallationId installation, VolumeSpec.Disk disk) {
    return files(installation).device(disk.id()).toString();
  }

  /**
   * Detaches the disk that a volume of the engine is, if it is one.
   *
   * @throws RuntimeUnavailableException if it is still mounted
   */
  void detach(InstallationId installation, InspectVolumeResponse volume, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String id = volume.getLabels() == null ? null : volume.getLabels().get(Names.DISK);
    if (id == null) {
      return;
    }
    try {
      files(installation).detach(id, fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disk " + id + " cannot be detached", e);
    }
  }

  void remove(InstallationId installation, String id, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      files(installation).delete(id, fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disk " + id + " cannot be removed", e);
    }
  }

  Set<String> ids(InstallationId installation) throws RuntimeUnavailableException {
    try {
      return files(installation).ids();
    } catch (IOException e) {
      throw new RuntimeUnavailableException("the disks of the host are not known", e);
    }
  }
}
