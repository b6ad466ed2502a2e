package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The disks that the groups of one transaction want, of which a group gets all or none. Made before
 * quotas and hosts are locked, written after.
 */
final class DiskClaims {

  private final PersistentVolumes volumes;
  private final Map<String, PersistentVolume> locked;
  private final Set<String> taken = new HashSet<>();

  private DiskClaims(PersistentVolumes volumes, Map<String, PersistentVolume> locked) {
    this.volumes = volumes;
    this.locked = locked;
  }

  /** Locks the existing disks of groups that are to be made. */
  static DiskClaims lock(PersistentVolumes volumes, List<NewGroup> groups) {
    return new DiskClaims(
        volumes,
        volumes.lock(
            groups.stream()
                .flatMap(group -> GroupDisks.existing(group.record()).stream())
                .map(VolumeSpec.Disk::id)
                .distinct()
                .toList()));
  }

  /** The disk that a group cannot have, empty if it can have all. Nothing is taken. */
  Optional<String> refused(NewGroup group) {
    return GroupDisks.existing(group.record()).stream()
        .filter(disk -> !isFree(disk, group))
        .map(VolumeSpec.Disk::id)
        .findFirst();
  }

  private boolean isFree(VolumeSpec.Disk disk, NewGroup group) {
    GroupRecord record = group.record();
    PersistentVolume row = locked.get(disk.id());
    return row != null
        && !taken.contains(disk.id())
        && row.attachedTo() == null
        && row.account().equals(record.account())
        && row.region().equals(record.region())
        // As it was when the group was given its place and its spec.
        && row.sizeGib() == disk.sizeGib()
        && mayBeOn(row.host(), group.picked());
  }

  private static boolean mayBeOn(@Nullable HostId keeps, Placement.@Nullable Pick picked) {
    return keeps == null || picked == null || keeps.equals(picked.host());
  }

  /** The group is made, so its disks are no other's. */
  void take(NewGroup group) {
    GroupDisks.existing(group.record()).forEach(disk -> taken.add(disk.id()));
  }

  /** Writes the disks of groups that are made, with the hosts that they have got. */
  void write(List<NewGroup> groups, Map<ContainerGroupId, Reservations.Grant> grants) {
    List<PersistentVolume> fresh = new ArrayList<>();
    List<PersistentVolumes.Attachment> attachments = new ArrayList<>();
    List<PersistentVolumes.Placed> placed = new ArrayList<>();
    for (NewGroup group : groups) {
      GroupRecord record = group.record();
      if (!GroupDisks.haveAny(record.spec())) {
        continue;
      }
      Reservations.@Nullable Grant grant = grants.get(record.id());
      fresh.addAll(
          GroupDisks.fresh(
              record, grant == null ? null : grant.host(), grant == null ? null : grant.zone()));
      for (VolumeSpec.Disk disk : GroupDisks.existing(record)) {
        attachments.add(
            new PersistentVolumes.Attachment(
                disk.id(), record.id(), record.kept().disk(disk.name()).deleteWithGroup()));
      }
      if (grant != null) {
        placed.add(new PersistentVolumes.Placed(record.id(), grant.host(), grant.zone()));
      }
    }
    volumes.insert(fresh);
    volumes.attach(attachments);
    volumes.placed(placed);
  }
}
