package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeRequest;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeResponse;
import io.podyard.billing.Metered;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes disks of groups larger (contract section 10). A call returns when the change is durable;
 * the host follows, and no container is restarted for it. As large as it is only grows what is on
 * it.
 */
@Component
public class VolumeResizing {

  private final GroupChanges changes;
  private final Regions regions;
  private final Prices prices;
  private final Clock clock;

  VolumeResizing(GroupChanges changes, Regions regions, Prices prices, Clock clock) {
    this.changes = changes;
    this.regions = regions;
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * Makes one disk larger.
   *
   * @throws ApiException with every problem of the request, or why the disk cannot become so
   * @throws NotWrittenException if it may not be durable; the caller tries again with its token
   */
  public ResizeContainerGroupVolumeResponse resize(
      Caller caller, Decoded<ResizeContainerGroupVolumeRequest> decoded)
      throws NotWrittenException {
    ResizeContainerGroupVolumeRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    String name = asked.volumeName();
    if (name != null && name.length() > TextForms.LONGEST_LABEL) {
      problems.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED,
              "VolumeName",
              "must have at most %d characters, not %d"
                  .formatted(TextForms.LONGEST_LABEL, name.length())));
    }
    Long size = asked.newSize();
    if (size != null
        && (size < PersistentVolume.SMALLEST_GIB || size > PersistentVolume.LARGEST_GIB)) {
      problems.add(
          sizeProblem(
              size,
              "must be from %d to %d GiB"
                  .formatted(PersistentVolume.SMALLEST_GIB, PersistentVolume.LARGEST_GIB)));
    }
    ResizeContainerGroupVolumeRequest request = decoded.orThrow(problems);
    String volume = String.valueOf(request.volumeName());
    int sizeGib = Math.toIntExact(request.newSize() == null ? 0 : request.newSize());
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.RESIZE_CONTAINER_GROUP_VOLUME,
            request.clientToken(),
            () -> List.of(String.valueOf(request.containerGroupId()), volume, "" + sizeGib),
            String.valueOf(request.containerGroupId()));
    changes.change(
        caller,
        region,
        request.containerGroupId(),
        ErrorCode.INCORRECT_STATUS_DETAIL,
        token,
        (group, nonce) -> larger(group, volume, sizeGib, token, nonce));
    return new ResizeContainerGroupVolumeResponse(null);
  }

  private GroupChange larger(
      GroupRecord group,
      String volume,
      int sizeGib,
      @Nullable TokenClaim token,
      @Nullable NonceUse nonce) {
    VolumeSpec.Disk disk = disk(group, volume);
    if (sizeGib < disk.sizeGib()) {
      throw new ApiException(
          sizeProblem(
              (long) sizeGib,
              "must be at least %d, what the disk has: disks never get smaller"
                  .formatted(disk.sizeGib())));
    }
    prices.require(group.region(), Metered.volume(sizeGib));
    // Containers keep their revisions: the host makes what they have mounted larger.
    GroupSpec spec =
        group
            .spec()
            .withVolumes(
                group.spec().volumes().stream()
                    .map(
                        one ->
                            one.equals(disk)
                                ? new VolumeSpec.Disk(disk.name(), disk.id(), sizeGib)
                                : one)
                    .toList());
    return new GroupChange(
        group,
        GroupStatus.UPDATING,
        spec,
        group.kept(),
        group.tags(),
        "Volume %s is made %d GiB large by its owner.".formatted(volume, sizeGib),
        clock.instant(),
        token,
        nonce);
  }

  private static VolumeSpec.Disk disk(GroupRecord group, String name) {
    VolumeSpec volume =
        group.spec().volumes().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException(
                        new Problem(
                            ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                            "VolumeName",
                            TextForms.isLabel(name) ? name : null,
                            "names no volume of the group; its disks are " + disks(group.spec()))));
    if (volume instanceof VolumeSpec.Disk disk) {
      return disk;
    }
    throw new ApiException(
        new Problem(
            ErrorCode.INVALID_VOLUME_TYPE,
            "VolumeName",
            name,
            "is not a disk, and nothing else has a size of its own; the group's disks are "
                + disks(group.spec())));
  }

  private static String disks(GroupSpec spec) {
    String names = GroupDisks.of(spec).map(VolumeSpec.Disk::name).collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private static Problem sizeProblem(Long size, String message) {
    return new Problem(ErrorCode.INVALID_PARAMETER, "NewSize", size.toString(), message);
  }
}
