package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The disks that one simulated host keeps; its host's lock guards it. */
final class SimulatedDisks {

  private static final String REASON = "AttachDiskFailed";

  private record Key(InstallationId installation, String disk) {}

  /** One disk, which outlives its groups. */
  private static final class Disk {
    int sizeGib;
    @Nullable ContainerGroupId user;
    final Map<String, String> files = new HashMap<>(2);
  }

  private final Map<Key, Disk> disks = new HashMap<>(4);

  /** Those that a group asks for. */
  static List<Call.Disk> of(GroupSpec group) {
    return group.volumes().stream()
        .filter(VolumeSpec.Disk.class::isInstance)
        .map(VolumeSpec.Disk.class::cast)
        .map(disk -> new Call.Disk(disk.name(), disk.id(), disk.sizeGib()))
        .toList();
  }

  static RuntimeUnavailableException failed(Call.Disk disk, String why) {
    return RuntimeUnavailableException.lacking(
        REASON,
        "Volume %s cannot be mounted: disk %s cannot be attached, %s"
            .formatted(disk.volume(), disk.id(), why));
  }

  /**
   * Gives a group the disks that it asks for, all or none, and takes from it those that it asks for
   * no more. They are made or grown as needed.
   *
   * @throws RuntimeUnavailableException for its users, if another group has one of them
   */
  void attach(InstallationId installation, ContainerGroupId group, List<Call.Disk> wanted)
      throws RuntimeUnavailableException {
    for (Call.Disk disk : wanted) {
      Disk there = disks.get(new Key(installation, disk.id()));
      if (there != null && there.user != null && !there.user.equals(group)) {
        throw failed(disk, "another container group has it");
      }
    }
    detach(installation, group);
    for (Call.Disk disk : wanted) {
      Disk there = disks.computeIfAbsent(new Key(installation, disk.id()), _ -> new Disk());
      there.user = group;
      there.sizeGib = Math.max(there.sizeGib, disk.sizeGib());
    }
  }

  /** Where a container of a group is to see disks. */
  static List<Call.DiskMount> mounts(GroupSpec group, ContainerSpec container) {
    Map<String, String> ids = new HashMap<>();
    of(group).forEach(disk -> ids.put(disk.volume(), disk.id()));
    return container.mounts().stream()
        .filter(mount -> ids.containsKey(mount.volume()))
        .map(
            mount ->
                new Call.DiskMount(
                    mount.path(),
                    Objects.requireNonNull(ids.get(mount.volume())),
                    Objects.requireNonNullElse(mount.subPath(), ""),
                    mount.readOnly()))
        .toList();
  }

  /** What a container sees of its disks now. */
  MountedDisks mounted(InstallationId installation, List<Call.DiskMount> mounts) {
    if (mounts.isEmpty()) {
      return MountedDisks.NONE;
    }
    return new MountedDisks(
        mounts.stream()
            .filter(mount -> disks.containsKey(new Key(installation, mount.disk())))
            .map(
                mount -> {
                  Disk disk =
                      Objects.requireNonNull(disks.get(new Key(installation, mount.disk())));
                  return new MountedDisks.Mounted(mount, disk.sizeGib, disk.files);
                })
            .toList());
  }

  /** Keeps what a container writes, if it is on one of its disks and there is room for it. */
  void write(InstallationId installation, List<Call.DiskMount> mounts, Program.Write write) {
    MountedDisks.Mounted on = mounted(installation, mounts).of(write.file()).orElse(null);
    if (on == null || on.mount().readOnly()) {
      return;
    }
    Disk disk = Objects.requireNonNull(disks.get(new Key(installation, on.mount().disk())));
    String path = on.onDisk(write.file());
    String before = disk.files.getOrDefault(path, "");
    String after = write.appends() ? before + write.text() : write.text();
    if (on.hasRoomFor(after.length() - before.length())) {
      disk.files.put(path, after);
    }
  }

  void detach(InstallationId installation, ContainerGroupId group) {
    disks.forEach(
        (key, disk) -> {
          if (key.installation().equals(installation) && group.equals(disk.user)) {
            disk.user = null;
          }
        });
  }

  /**
   * Removes a disk; one that is not there is fine.
   *
   * @throws RuntimeUnavailableException if a group has it
   */
  void remove(InstallationId installation, String id) throws RuntimeUnavailableException {
    Disk disk = disks.get(new Key(installation, id));
    if (disk != null && disk.user != null) {
      throw new RuntimeUnavailableException("group " + disk.user + " has disk " + id + " still");
    }
    disks.remove(new Key(installation, id));
  }

  Set<String> ids(InstallationId installation) {
    return disks.keySet().stream()
        .filter(key -> key.installation().equals(installation))
        .map(Key::disk)
        .collect(Collectors.toUnmodifiableSet());
  }
}
