package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.model.ContainerGroupId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Groups to be created together or not at all.
 *
 * @param groups at least one, of one account and region and one size, without tokens and nonces
 * @param token stands for the first of them
 */
record GroupBatch(List<NewGroup> groups, @Nullable TokenClaim token, @Nullable NonceUse nonce) {

  /** What became of them. */
  sealed interface Outcome {

    /**
     * All of them exist.
     *
     * @param hosts of those that do not wait
     * @param withoutAddress those that wait because their vSwitch had no address any more
     */
    record Created(
        Map<ContainerGroupId, Reservations.Grant> hosts, Set<ContainerGroupId> withoutAddress)
        implements Outcome {

      /** What it means for what was picked for one of them. */
      PickSettlement.Became became(ContainerGroupId group) {
        return PickSettlement.Became.ofMade(
            hosts.containsKey(group), withoutAddress.contains(group));
      }
    }

    /** The same request made groups before. */
    record Replayed(ContainerGroupId first) implements Outcome {}

    /** Their vSwitch has got another zone meanwhile; only the nonce is burnt. */
    record VSwitchElsewhere() implements Outcome {}

    /** There would be more than the account may have; only the nonce is burnt. */
    record OverQuota(BeyondQuota beyond) implements Outcome {}

    /** A disk that one of them wants is not free any more; only the nonce is burnt. */
    record DiskTaken(String disk) implements Outcome {}

    /** Their token stands for another request. */
    record TokenMismatch() implements Outcome {}

    /** The signature was used before. */
    record NonceUsed() implements Outcome {}
  }
}
