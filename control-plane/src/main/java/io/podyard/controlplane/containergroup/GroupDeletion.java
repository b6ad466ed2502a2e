package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A group to be deleted.
 *
 * @param force whether its containers are killed at once
 */
record GroupDeletion(
    AccountId account,
    RegionId region,
    ContainerGroupId group,
    boolean force,
    Instant at,
    @Nullable TokenClaim token,
    @Nullable NonceUse nonce) {

  /** What became of it. */
  sealed interface Outcome {

    /** Its end is durable; its driver has to act if it had a host. */
    record Deleted(@Nullable Integer shard) implements Outcome {}

    /** Nothing to do: it is ending already, or the same request ended it. */
    record AlreadyEnding() implements Outcome {}

    record Unknown() implements Outcome {}

    record TokenMismatch() implements Outcome {}

    record NonceUsed() implements Outcome {}
  }
}
