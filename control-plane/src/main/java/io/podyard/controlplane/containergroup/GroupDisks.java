package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.billing.Metered;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.volume.VolumeIds;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which disks groups have, or are to have. A look at the table locks nothing; whether a disk is
 * still free is seen by the transaction that gives it away.
 */
@Component
class GroupDisks {

  private final PersistentVolumes volumes;
  private final VolumeIds ids = new VolumeIds(new SecureRandom());

  GroupDisks(PersistentVolumes volumes) {
    this.volumes = volumes;
  }

  /** The existing disks of a request, by their ids. */
  record Found(Map<String, PersistentVolume> disks) {

    /** The host that keeps them, null if any host will do. */
    @Nullable HostId host() {
      return disks.values().stream()
          .map(PersistentVolume::host)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }

    /** The zone of that host. */
    @Nullable ZoneId zone() {
      return disks.values().stream()
          .map(PersistentVolume::zone)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
  }

  /**
   * Looks up the existing disks that a request names; what the request cannot have is a problem.
   */
  Found find(
      AccountId account,
      RegionId region,
      CreateContainerGroupRequest request,
      Consumer<Problem> problems) {
    Map<String, String> wanted = DiskRules.existing(request);
    Found found = new Found(volumes.find(account, region, wanted.values()));
    wanted.forEach(
        (parameter, id) -> {
          PersistentVolume disk = found.disks().get(id);
          ContainerGroupId owner = disk == null ? null : disk.attachedTo();
          if (disk == null) {
            problems.accept(
                new Problem(
                    ErrorCode.INVALID_DISK_ID_NOT_FOUND, parameter, id, DiskRules.NOT_THERE));
          } else if (owner != null) {
            problems.accept(
                new Problem(
                    ErrorCode.INCORRECT_STATUS,
                    parameter,
                    id,
                    "is a disk of container group %s, and free when nothing is left of that"
                        .formatted(owner)));
          } else if (disk.host() != null && !disk.host().equals(found.host())) {
            problems.accept(
                new Problem(
                    ErrorCode.DISK_VOLUME_NOT_SUPPORT,
                    parameter,
                    id,
                    "is kept by another host than the other disks of the request"));
          }
        });
    return found;
  }

  /** The spec with the disks it will have, new ones with an id of their own. */
  GroupSpec complete(GroupSpec draft, Found found, Instant now) {
    if (!haveAny(draft)) {
      return draft;
    }
    return draft.withVolumes(
        draft.volumes().stream()
            .map(
                volume -> {
                  if (!(volume instanceof VolumeSpec.Disk disk)) {
                    return volume;
                  }
                  PersistentVolume there = found.disks().get(disk.id());
                  return there == null
                      ? new VolumeSpec.Disk(disk.name(), ids.next(now), disk.sizeGib())
                      : new VolumeSpec.Disk(disk.name(), there.id(), there.sizeGib());
                })
            .toList());
  }

  /**
   * The hosts that waiting groups with disks can be on alone; those that any host may take are left
   * out.
   */
  Map<ContainerGroupId, HostId> hostsOf(Collection<ContainerGroupId> groups) {
    return volumes.hostsOf(groups);
  }

  static boolean haveAny(GroupSpec spec) {
    return spec.volumes().stream().anyMatch(VolumeSpec.Disk.class::isInstance);
  }

  static Stream<VolumeSpec.Disk> of(GroupSpec spec) {
    return spec.volumes().stream()
        .filter(VolumeSpec.Disk.class::isInstance)
        .map(VolumeSpec.Disk.class::cast);
  }

  /** What the new disks of a group that is to be made are billed for. */
  static Stream<Metered> metered(GroupDraft group) {
    return of(group.spec())
        .filter(disk -> !group.kept().disk(disk.name()).existing())
        .map(disk -> Metered.volume(disk.sizeGib()));
  }

  /** The new disks of a group that is to be made. */
  static List<PersistentVolume> fresh(
      GroupRecord group, @Nullable HostId host, @Nullable ZoneId zone) {
    return of(group.spec())
        .filter(disk -> !group.kept().disk(disk.name()).existing())
        .map(
            disk -> {
              KeptDisk kept = group.kept().disk(disk.name());
              return new PersistentVolume(
                  disk.id(),
                  group.account(),
                  group.region(),
                  zone,
                  host,
                  disk.sizeGib(),
                  PersistentVolume.EXT4,
                  kept.performanceLevel(),
                  kept.deleteWithGroup(),
                  group.id(),
                  group.createdAt());
            })
        .toList();
  }

  /** The existing disks of a group that is to be made. */
  static List<VolumeSpec.Disk> existing(GroupRecord group) {
    return of(group.spec()).filter(disk -> group.kept().disk(disk.name()).existing()).toList();
  }
}
