package io.podyard.controlplane.idempotency;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;

/**
 * A client token and what it stands for (contract section 8).
 *
 * @param fingerprint of the normalised request without its token
 * @param resourceId what the request makes if the claim is granted
 */
public record TokenClaim(
    AccountId account,
    RegionId region,
    String action,
    String token,
    String fingerprint,
    String resourceId) {

  /** What became of a claim. */
  public sealed interface Outcome {

    /** The token was free and now stands for this request. */
    record Granted() implements Outcome {}

    /** The same request was granted before. */
    record Replay(String resourceId) implements Outcome {}

    /** The token stands for another request. */
    record Mismatch() implements Outcome {}
  }
}
