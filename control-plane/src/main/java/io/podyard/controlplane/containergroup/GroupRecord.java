package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container group as it is stored.
 *
 * @param zone the zone asked for, or the one of its host; null while any would do
 * @param reason why it has its status, machine-readable, empty if nothing needs saying
 * @param message the same for people
 * @param version grows with every write of the row; a write names the version it has seen
 * @param host where it runs, null while it waits for a host
 * @param shard the shard of that host
 * @param goal what is to become of it
 * @param killAt with goal {@link StoredGoal#END}: when what still runs is killed
 * @param attention whether somebody other than its driver changed it since the driver looked
 * @param deletedAt when its owner deleted it, null unless deleted
 * @param finalAt when its status became final, null before
 * @param releasedAt when nothing of it was on the host any more, null before
 */
public record GroupRecord(
    ContainerGroupId id,
    AccountId account,
    RegionId region,
    @Nullable ZoneId zone,
    String name,
    GroupStatus status,
    String reason,
    String message,
    GroupSpec spec,
    KeptFields kept,
    Map<String, String> tags,
    GroupState state,
    long generation,
    long version,
    @Nullable HostId host,
    @Nullable Integer shard,
    StoredGoal goal,
    String goalReason,
    @Nullable Instant killAt,
    @Nullable Instant deadlineAt,
    boolean attention,
    Instant createdAt,
    @Nullable Instant runningAt,
    @Nullable Instant succeededAt,
    @Nullable Instant failedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant finalAt,
    @Nullable Instant releasedAt) {

  /** The same, without a host: it may be any of the kinds of machines that it named. */
  GroupRecord waiting() {
    MachineWish machine = kept.machine();
    if (machine == null || machine.options().size() == 1) {
      return this;
    }
    return with(
        GpuRules.with(
            spec.withSize(machine.largest().size()),
            machine.gpus(machine.largest(), GpuRules.request(spec))),
        kept.being(null),
        attention);
  }

  public Size size() {
    return spec.size();
  }

  /** What it is billed for while its meter runs. */
  public Metered metered() {
    return EphemeralStorage.metered(spec, kept.tariff());
  }

  /** The same, but for whether somebody else changed it. */
  GroupRecord withAttention(boolean wanted) {
    return wanted == attention ? this : with(spec, kept, wanted);
  }

  private GroupRecord with(GroupSpec otherSpec, KeptFields otherKept, boolean otherAttention) {
    return new GroupRecord(
        id,
        account,
        region,
        zone,
        name,
        status,
        reason,
        message,
        otherSpec,
        otherKept,
        tags,
        state,
        generation,
        version,
        host,
        shard,
        goal,
        goalReason,
        killAt,
        deadlineAt,
        otherAttention,
        createdAt,
        runningAt,
        succeededAt,
        failedAt,
        deletedAt,
        finalAt,
        releasedAt);
  }
}
