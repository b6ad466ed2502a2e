package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.controlplane.containergroup.GroupDataCaches.Look;
import io.podyard.controlplane.containergroup.GroupDataCaches.Mounted;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The volumes of groups that are data caches: where a request names a bucket, its HostPathVolumes
 * are paths in that, and never of the host.
 */
@Component
class DataCacheVolumes {

  private static final int MIB_PER_GIB = 1024;

  private final GroupDataCaches caches;

  DataCacheVolumes(GroupDataCaches caches) {
    this.caches = caches;
  }

  /**
   * What was found for a request.
   *
   * @param data by the names of the volumes
   * @param told the indices of volumes that are no paths of hosts, be it that something is wrong
   *     with them
   */
  record Found(Map<String, Mounted> data, Set<Integer> told) {

    static final Found NONE = new Found(Map.of(), Set.of());

    Found {
      data = Map.copyOf(data);
      told = Set.copyOf(told);
    }

    /** Who holds each of it. */
    List<Set<HostId>> hosts() {
      return data.values().stream().map(Mounted::hosts).toList();
    }
  }

  /** Looks up what a request names; what is not there, or cannot be used, is a problem. */
  Found find(
      AccountId account,
      RegionId region,
      CreateContainerGroupRequest request,
      Consumer<Problem> problems) {
    String bucket = request.dataCacheBucket();
    if (bucket == null || bucket.isEmpty()) {
      return Found.NONE;
    }
    Map<String, Mounted> data = new HashMap<>();
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < request.volume().size(); i++) {
      VolumeRequest volume = request.volume().get(i);
      String path = AllowedHostPaths.path(volume);
      if (path == null) {
        continue;
      }
      String parameter = "Volume." + (i + 1) + "." + VolumeRules.HOST_PATH;
      told.add(i);
      switch (caches.look(account, region, bucket, TextForms.normalized(path))) {
        case Look.There(Mounted there) -> {
          checkKind(parameter, volume, problems);
          if (volume.name() != null) {
            data.put(volume.name(), there);
          }
        }
        case Look.Unusable(String cache, String status) ->
            problems.accept(
                new Problem(
                    ErrorCode.INCORRECT_STATUS,
                    parameter + ".Path",
                    path,
                    "is that of data cache %s, which is %s; groups mount one that is Available"
                        .formatted(cache, status)));
        case Look.Nothing _ ->
            problems.accept(
                new Problem(
                    ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                    parameter + ".Path",
                    path,
                    "is in no data cache of bucket %s of this account and region"
                        .formatted(bucket)));
      }
    }
    return new Found(data, told);
  }

  private static void checkKind(
      String parameter, VolumeRequest volume, Consumer<Problem> problems) {
    VolumeRequest.HostPathVolume asked = volume.hostPathVolume();
    if (asked != null && "File".equals(asked.type())) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              parameter + ".Type",
              "File",
              "must be Directory: of a data cache folders are mounted; give SubPath for a file"));
    }
  }

  /** The spec with data caches in place of the paths that lead to them. */
  static GroupSpec complete(GroupSpec draft, Found found) {
    if (found.data().isEmpty()) {
      return draft;
    }
    return draft.withVolumes(
        draft.volumes().stream().map(volume -> complete(draft, volume, found)).toList());
  }

  private static VolumeSpec complete(GroupSpec draft, VolumeSpec volume, Found found) {
    Mounted data = found.data().get(volume.name());
    return data != null && volume instanceof VolumeSpec.HostPath path
        ? new VolumeSpec.DataCache(
            path.name(),
            data.key(),
            data.digest(),
            data.path(),
            isReadOnly(draft, path.name()),
            path.path(),
            data.sizeGib() * MIB_PER_GIB)
        : volume;
  }

  /** Whether no container may write there. */
  private static boolean isReadOnly(GroupSpec group, String volume) {
    return Stream.concat(group.initContainers().stream(), group.containers().stream())
        .flatMap(container -> container.mounts().stream())
        .filter(mount -> mount.volume().equals(volume))
        .allMatch(mount -> mount.readOnly());
  }

  /** Keeps what a group mounts that is just being made. */
  void use(ContainerGroupId group, Found found) {
    if (!found.data().isEmpty()) {
      caches.use(group, List.copyOf(found.data().values()));
    }
  }

  /** GiB of the disks that a group gets: one from each data cache, however often it is mounted. */
  static int gib(Found found) {
    Map<String, Integer> each = new HashMap<>();
    found.data().values().forEach(one -> each.put(one.key(), one.sizeGib()));
    return each.values().stream().mapToInt(gib -> gib).sum();
  }

  /** The indices of volumes in a change that are data caches which the group mounts already. */
  static Set<Integer> kept(GroupRecord group, CreateContainerGroupRequest asked) {
    Set<Integer> kept = new HashSet<>();
    for (int i = 0; i < asked.volume().size(); i++) {
      VolumeRequest volume = asked.volume().get(i);
      String path = AllowedHostPaths.path(volume);
      if (path != null
          && group.spec().volumes().stream()
              .anyMatch(
                  there ->
                      there instanceof VolumeSpec.DataCache data
                          && data.name().equals(volume.name())
                          && data.hostPath().equals(TextForms.normalized(path)))) {
        kept.add(i);
      }
    }
    return kept;
  }

  /** What a change gives, with the data caches that the group mounts already. */
  static List<VolumeSpec> withKept(List<VolumeSpec> before, List<VolumeSpec> given) {
    return given.stream()
        .map(
            volume ->
                before.stream()
                    .filter(
                        there ->
                            there instanceof VolumeSpec.DataCache data
                                && volume instanceof VolumeSpec.HostPath path
                                && data.name().equals(path.name())
                                && data.hostPath().equals(path.path()))
                    .findFirst()
                    .orElse(volume))
        .toList();
  }
}
