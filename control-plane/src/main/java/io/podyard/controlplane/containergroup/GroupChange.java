package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.model.Size;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group that is to become another (contract section 12).
 *
 * @param seen the record it was decided on; another version of it makes the change void
 * @param status what it is until its host has followed; the status it has if the host need not know
 * @param spec as it is to be, its revisions raised where containers are to be made anew
 * @param words for the event
 */
record GroupChange(
    GroupRecord seen,
    GroupStatus status,
    GroupSpec spec,
    KeptFields kept,
    Map<String, String> tags,
    String words,
    Instant at,
    @Nullable TokenClaim token,
    @Nullable NonceUse nonce) {

  /** Whether the host has anything to do. */
  boolean concernsHost() {
    return status != seen.status();
  }

  /** Whether it is to hold something else of its host than before. */
  boolean holdsMore() {
    return !spec.size().equals(seen.spec().size())
        || spec.ephemeralMib() != seen.spec().ephemeralMib();
  }

  /** What it holds of its host until the host has followed. */
  Size most() {
    Size before = seen.spec().size();
    Size after = spec.size();
    return new Size(
        before.cpu().compareTo(after.cpu()) > 0 ? before.cpu() : after.cpu(),
        before.memory().compareTo(after.memory()) > 0 ? before.memory() : after.memory());
  }

  /** Whether anything that is billed becomes more. */
  boolean costsMore() {
    return !most().equals(seen.spec().size())
        || spec.gpuMilli() > seen.spec().gpuMilli()
        || spec.ephemeralMib() > seen.spec().ephemeralMib()
        || !grownDisks().isEmpty();
  }

  /** The disks that are to be larger. */
  List<VolumeSpec.Disk> grownDisks() {
    return spec.volumes().equals(seen.spec().volumes())
        ? List.of()
        : GroupDisks.of(spec).filter(disk -> !seen.spec().volumes().contains(disk)).toList();
  }

  /** Whose quotas it counts in. */
  QuotaPlace quotaPlace() {
    return new QuotaPlace(seen.account(), seen.region());
  }

  /** What became of it. */
  sealed interface Outcome {

    /** It is durable; its driver has to act. */
    record Changed() implements Outcome {}

    /** The same request changed it before. */
    record Replayed() implements Outcome {}

    /** It has moved on since it was read. */
    record Stale() implements Outcome {}

    /** Its host has no room for what it is to be. */
    record NoRoom() implements Outcome {}

    /** It would have more than the account may have. */
    record OverQuota(BeyondQuota beyond) implements Outcome {}

    record TokenMismatch() implements Outcome {}

    record NonceUsed() implements Outcome {}
  }
}
