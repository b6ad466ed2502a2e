package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.disk.DiskFiles;
import java.io.IOException;
import java.util.Optional;

/** The disks of groups: attached before the engine mounts them, detached once no group is left. */
final class GroupDisks {

  private static final System.Logger LOG = System.getLogger(GroupDisks.class.getName());

  private final DiskFiles files;
  private final boolean local;

  GroupDisks(DiskFiles files, boolean local) {
    this.files = files;
    this.local = local;
  }

  private Optional<String> unusableBecause() {
    return local
        ? files.unusableBecause()
        : Optional.of("the engine is not reached through a socket of this machine");
  }

  /**
   * Makes, grows and attaches the disks of a group, as far as that is not done.
   *
   * @throws RuntimeUnavailableException for the users of the group, if this host cannot
   */
  void ensure(GroupSpec group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    for (VolumeSpec volume : group.volumes()) {
      if (!(volume instanceof VolumeSpec.Disk disk)) {
        continue;
      }
      Optional<String> why = unusableBecause();
      if (why.isPresent()) {
        throw FailedMounts.of(disk, "this host has no disks: " + why.get());
      }
      try {
        if (files.ensure(disk.id(), disk.sizeGib(), fence) == DiskFiles.Growth.WHEN_UNMOUNTED) {
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
  String device(VolumeSpec.Disk disk) {
    return files.device(disk.id()).toString();
  }

  /**
   * Detaches the disk that a volume of the engine is, if it is one.
   *
   * @throws RuntimeUnavailableException if it is still mounted
   */
  void detach(InspectVolumeResponse volume, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String id = volume.getLabels() == null ? null : volume.getLabels().get(Names.DISK);
    if (id == null) {
      return;
    }
    try {
      files.detach(id, fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disk " + id + " cannot be detached", e);
    }
  }

  void remove(String id, Fence fence) throws RuntimeUnavailableException, StaleFenceException {
    try {
      files.delete(id, fence);
    } catch (IOException e) {
      throw new RuntimeUnavailableException("disk " + id + " cannot be removed", e);
    }
  }
}
