package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageRequest;
import io.podyard.api.containergroup.ResizeContainerGroupEphemeralStorageResponse;
import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The disk that a group may take beside its images (contract section 18): 30 GiB, and what is asked
 * for beyond that. A group that takes more is evicted, see {@code runtime.pod.DiskUsage}.
 */
@Component
public class EphemeralStorage {

  /** Contract section 7. */
  private static final int MOST_GIB = 5000;

  private static final int MIB_OF_GIB = 1024;

  private final GroupChanges changes;
  private final Regions regions;
  private final Prices prices;
  private final Clock clock;

  EphemeralStorage(GroupChanges changes, Regions regions, Prices prices, Clock clock) {
    this.changes = changes;
    this.regions = regions;
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * What a group may take in all, in the form of its spec.
   *
   * @param additionalGib beyond what every group has; null for nothing
   */
  static @Nullable Integer mib(@Nullable Integer additionalGib) {
    return additionalGib == null
        ? null
        : Integer.valueOf(GroupSpec.DEFAULT_EPHEMERAL_MIB + additionalGib * MIB_OF_GIB);
  }

  /** What a group of this spec is billed for. */
  static Metered metered(GroupSpec spec, Tariff by) {
    return new Metered(spec.size(), spec.gpuMilli(), by, additionalGib(spec));
  }

  /** What a group may take beyond what every group has, in GiB. */
  static int additionalGib(GroupSpec spec) {
    return (spec.ephemeralMib() - GroupSpec.DEFAULT_EPHEMERAL_MIB) / MIB_OF_GIB;
  }

  /**
   * Lets a group that is Pending or Running take more, and bills it. It holds from the next look at
   * its disk on, and nothing is restarted.
   *
   * @throws ApiException with every problem of the request, or why the group cannot have it
   * @throws NotWrittenException if it may not be durable; the caller tries again with its token
   */
  public ResizeContainerGroupEphemeralStorageResponse resize(
      Caller caller, Decoded<ResizeContainerGroupEphemeralStorageRequest> decoded)
      throws NotWrittenException {
    ResizeContainerGroupEphemeralStorageRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    checkAdditional("NewSize", asked.newSize(), problems::add);
    ResizeContainerGroupEphemeralStorageRequest request = decoded.orThrow(problems);
    int gib = Objects.requireNonNull(request.newSize());
    String id = String.valueOf(request.containerGroupId());
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
            request.clientToken(),
            () -> List.of(id, String.valueOf(gib)),
            id);
    changes.change(
        caller,
        region,
        id,
        ErrorCode.INCORRECT_STATUS,
        token,
        (group, nonce) -> resized(group, gib, token, nonce));
    return new ResizeContainerGroupEphemeralStorageResponse(null);
  }

  /** What is wanted beyond what every group has; null for nothing. */
  static void checkAdditional(String parameter, @Nullable Integer gib, Consumer<Problem> problems) {
    if (gib != null && (gib < 0 || gib > MOST_GIB)) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              parameter,
              gib.toString(),
              "must be from 0 to %d GiB".formatted(MOST_GIB)));
    }
  }

  private GroupChange resized(
      GroupRecord group, int gib, @Nullable TokenClaim token, @Nullable NonceUse nonce) {
    int before = additionalGib(group.spec());
    if (gib == before) {
      throw new ApiException(
          ErrorCode.NO_NEED_UPDATE, "The group has %d GiB already.".formatted(before));
    }
    if (gib < before) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "NewSize",
              String.valueOf(gib),
              "must be more than the %d GiB that the group has".formatted(before)));
    }
    GroupSpec larger = group.spec().withEphemeralMib(Objects.requireNonNull(mib(gib)));
    prices.require(group.region(), metered(larger, group.kept().tariff()));
    return new GroupChange(
        group,
        group.status(),
        larger,
        group.kept(),
        group.tags(),
        "The additional ephemeral storage was raised from %d to %d GiB.".formatted(before, gib),
        clock.instant(),
        token,
        nonce);
  }
}
