package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.MilliCpu;
import io.podyard.runtime.Occurrence;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group to be created, together with everything that commits with it.
 *
 * @param record as it is without a host
 * @param picked the host to try and what to take of it, null if none has room
 * @param vSwitch as the group's place was chosen; one that was in no zone yet is registered, one
 *     with addresses gives the group one; null if it is in none
 */
record NewGroup(
    GroupRecord record,
    Placement.@Nullable Pick picked,
    List<Occurrence> occurrences,
    VSwitches.@Nullable Placed vSwitch,
    @Nullable TokenClaim token,
    @Nullable NonceUse nonce) {

  static NewGroup of(
      GroupPreparation.Prepared prepared, @Nullable TokenClaim token, @Nullable NonceUse nonce) {
    return new NewGroup(
        prepared.record(),
        prepared.pick().orElse(null),
        List.of(prepared.occurrence()),
        prepared.vSwitch(),
        token,
        nonce);
  }

  /** What it wants of a host, empty if none was picked. */
  Optional<GroupHolds.Wish> wish() {
    return Optional.ofNullable(picked).map(pick -> new GroupHolds.Wish(record.id(), pick, vSwitch));
  }

  /** The most vCPU that it may come to have, whatever becomes of it. */
  MilliCpu mostCpu() {
    MachineWish machine = record.kept().machine();
    return machine == null ? record.size().cpu() : machine.largest().size().cpu();
  }

  /** Whose quotas it counts in. */
  QuotaPlace quotaPlace() {
    return new QuotaPlace(record.account(), record.region());
  }

  /** What became of it. */
  sealed interface Outcome {

    /**
     * It exists.
     *
     * @param host where it will run, null if it waits
     * @param withoutAddress whether it waits because its vSwitch had no address for it any more
     */
    record Created(
        ContainerGroupId id, @Nullable HostId host, @Nullable Integer shard, boolean withoutAddress)
        implements Outcome {

      /** What it means for what was picked for it. */
      PickSettlement.Became became() {
        return PickSettlement.Became.ofMade(host != null, withoutAddress);
      }
    }

    /** The same request made a group before. */
    record Replayed(ContainerGroupId id) implements Outcome {}

    /** Its vSwitch is in another zone now, or was made or deleted; only the nonce is burnt. */
    record VSwitchElsewhere() implements Outcome {}

    /** There would be more than the account may have; only the nonce is burnt. */
    record OverQuota(BeyondQuota beyond) implements Outcome {}

    /** A disk that it wants is not free any more; only the nonce is burnt. */
    record DiskTaken(String disk) implements Outcome {}

    /** Its token stands for another request. */
    record TokenMismatch() implements Outcome {}

    /** Its signature was used before. */
    record NonceUsed() implements Outcome {}
  }
}
