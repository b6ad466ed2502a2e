package io.podyard.controlplane.tag;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An edit of the tags of some resources of an account, of all of them or none.
 *
 * @param resources ids as the caller gave them, without repetitions, at least one
 */
public record TagChange(
    AccountId account,
    RegionId region,
    List<String> resources,
    TagEdit edit,
    @Nullable TokenClaim token,
    @Nullable NonceUse nonce) {

  public TagChange {
    resources = List.copyOf(resources);
  }

  /** What became of it. */
  public sealed interface Outcome {

    /** It is durable, now or since the same request came before. */
    record Changed() implements Outcome {}

    /** The account has no such resources; nothing is changed. */
    record Unknown(Set<String> resources) implements Outcome {
      public Unknown {
        resources = Set.copyOf(resources);
      }
    }

    /** A resource would have too many tags; nothing is changed. */
    record TooMany(String resource, int tags) implements Outcome {}

    record TokenMismatch() implements Outcome {}

    record NonceUsed() implements Outcome {}
  }
}
