package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.VolumeIds;
import io.podyard.runtime.VolumeSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Disks of a group (contract section 10): by name, or as the driver {@code alicloud/disk}. A group
 * gets its disks when it is created and keeps them; an update may name them as they are.
 */
final class DiskRules {

  static final String DRIVER = "alicloud/disk";

  /** What an ECS instance can have beside its system disk. */
  static final int MOST_DISKS = 16;

  /** Stands for the id of a disk that has none yet. */
  static final String NEW = "d-new";

  private static final String SIZES =
      "must be from %d to %d"
          .formatted(PersistentVolume.SMALLEST_GIB, PersistentVolume.LARGEST_GIB);

  private final Findings findings;
  private final @Nullable GroupRecord before;
  private final Map<String, String> volumesOf = new HashMap<>();
  private final Map<String, KeptDisk> kept = new TreeMap<>();
  private int count;

  /**
   * @param before the group that is to be changed, null of one that is to be created
   */
  DiskRules(Findings findings, @Nullable GroupRecord before) {
    this.findings = findings;
    this.before = before;
  }

  /** How the disks that were read were asked for, by the names of their volumes. */
  Map<String, KeptDisk> kept() {
    return kept;
  }

  @Nullable VolumeSpec disk(String path, String name, VolumeRequest.@Nullable DiskVolume asked) {
    checkFileSystem(path + ".FsType", asked == null ? null : asked.fsType());
    String id = asked == null ? null : absentIfEmpty(asked.diskId());
    Integer size = asked == null ? null : asked.diskSize();
    return read(
        new Names(path + ".DiskId", path + ".DiskSize", null, null),
        path,
        name,
        new DiskAsked(false, id, size, null, null));
  }

  @Nullable VolumeSpec flex(String path, String name, VolumeRequest.FlexVolume asked) {
    checkFileSystem(path + ".FsType", asked.fsType());
    String options = path + ".Options";
    return read(
        new Names(
            options + ".volumeId",
            options + ".volumeSize",
            options + ".deleteWithInstance",
            options + ".performanceLevel"),
        options,
        name,
        DiskOptions.read(options, asked.options(), findings));
  }

  /** Where a request says what. */
  private record Names(String id, String size, @Nullable String deletes, @Nullable String level) {}

  private @Nullable VolumeSpec read(Names names, String path, String name, DiskAsked asked) {
    if (before != null) {
      return unchanged(before, names, path, name, asked);
    }
    count++;
    if (count == MOST_DISKS + 1) {
      findings.with(
          ErrorCode.DISK_NUMBER_LIMIT_EXCEED,
          "Volume",
          null,
          "has too many disks: a group has at most " + MOST_DISKS);
    }
    String id = asked.id();
    Integer size = asked.sizeGib();
    if (id != null && !VolumeIds.isId(id)) {
      findings.with(
          ErrorCode.INVALID_DISK_ID_NOT_FOUND,
          names.id(),
          id.length() > TextForms.LONGEST_LABEL ? null : id,
          NOT_THERE);
      return null;
    }
    if (id != null && size != null) {
      findings.invalid(
          names.size(), size.toString(), "must be left out with the id of a disk that there is");
      return null;
    }
    if (id == null && size == null) {
      if (!asked.unread()) {
        findings.missing(
            path,
            "must name a disk that there is (%s) or the size of a new one (%s)"
                .formatted(last(names.id()), last(names.size())));
      }
      return null;
    }
    if (size != null && !DiskOptions.isSize(size)) {
      findings.outOfRange(names.size(), size, SIZES);
      return null;
    }
    if (id != null) {
      String other = volumesOf.putIfAbsent(id, name);
      if (other != null) {
        findings.invalid(names.id(), id, "is the disk of volume %s already".formatted(other));
        return null;
      }
    }
    kept.put(name, asked.kept());
    return new VolumeSpec.Disk(
        name, id == null ? NEW : id, size == null ? PersistentVolume.SMALLEST_GIB : size);
  }

  /** What is said of a disk that does not exist, or is another account's. */
  static final String NOT_THERE = "names no disk of this account and region";

  private @Nullable VolumeSpec unchanged(
      GroupRecord group, Names names, String path, String name, DiskAsked asked) {
    VolumeSpec.Disk disk =
        group.spec().volumes().stream()
            .filter(volume -> volume.name().equals(name))
            .filter(VolumeSpec.Disk.class::isInstance)
            .map(VolumeSpec.Disk.class::cast)
            .findFirst()
            .orElse(null);
    if (disk == null) {
      findings.invalid(
          path,
          null,
          "cannot be added: a group gets its disks when it is created, and has none of this name");
      return null;
    }
    KeptDisk present = group.kept().disk(name);
    if (asked.id() != null && !asked.id().equals(disk.id())) {
      findings.invalid(names.id(), null, "must be %s or left out".formatted(disk.id()));
    }
    if (asked.sizeGib() != null && asked.sizeGib() != disk.sizeGib()) {
      findings.invalid(
          names.size(),
          String.valueOf(asked.sizeGib()),
          "must be %d or left out; ResizeContainerGroupVolume makes disks larger"
              .formatted(disk.sizeGib()));
    }
    if (asked.deleteWithGroup() != null
        && asked.deleteWithGroup() != present.deleteWithGroup()
        && names.deletes() != null) {
      findings.invalid(
          names.deletes(), null, "must be %s or left out".formatted(present.deleteWithGroup()));
    }
    if (asked.performanceLevel() != null
        && !asked.performanceLevel().equals(present.performanceLevel())
        && names.level() != null) {
      findings.invalid(names.level(), null, "must be as it is or left out");
    }
    return disk;
  }

  private void checkFileSystem(String parameter, @Nullable String type) {
    if (type != null && !type.isEmpty() && !type.equals(PersistentVolume.EXT4)) {
      findings.invalid(parameter, type, "must be ext4 or be left out");
    }
  }

  /**
   * The ids of existing disks that a request names, by the parameters that name them; what has not
   * the form of an id is left out.
   */
  static Map<String, String> existing(CreateContainerGroupRequest request) {
    Map<String, String> ids = new LinkedHashMap<>();
    List<VolumeRequest> volumes = request.volume();
    for (int i = 0; i < volumes.size(); i++) {
      VolumeRequest volume = volumes.get(i);
      String path = "Volume." + (i + 1) + ".";
      VolumeRequest.DiskVolume disk = volume.diskVolume();
      VolumeRequest.FlexVolume flex = volume.flexVolume();
      if (VolumeRules.DISK.equals(volume.type()) && disk != null) {
        put(ids, path + "DiskVolume.DiskId", disk.diskId());
      } else if (VolumeRules.FLEX.equals(volume.type())
          && flex != null
          && DRIVER.equals(flex.driver())) {
        put(ids, path + "FlexVolume.Options.volumeId", DiskOptions.volumeId(flex.options()));
      }
    }
    return ids;
  }

  private static void put(Map<String, String> ids, String parameter, @Nullable String id) {
    if (id != null && VolumeIds.isId(id)) {
      ids.put(parameter, id);
    }
  }

  private static @Nullable String absentIfEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static String last(String parameter) {
    return parameter.substring(parameter.lastIndexOf('.') + 1);
  }
}
