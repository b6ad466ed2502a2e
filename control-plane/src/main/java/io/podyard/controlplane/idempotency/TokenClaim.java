package io.podyard.controlplane.idempotency;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client token and what it stands for (contract section 8).
 *
 * @param fingerprint of what the request means, without its token
 * @param resourceId what the request makes if the claim is granted
 */
public record TokenClaim(
    AccountId account,
    RegionId region,
    String action,
    String token,
    String fingerprint,
    String resourceId) {

  private static final int LONGEST_TOKEN = 64;

  /**
   * The claim of a request, null if the request has no token.
   *
   * @param meaning what the request means apart from region and token, with its defaults filled in:
   *     requests that give the same are the same. Asked for only if there is a token
   */
  public static @Nullable TokenClaim of(
      AccountId account,
      RegionId region,
      Action action,
      @Nullable String token,
      Supplier<List<String>> meaning,
      String resourceId) {
    return token == null || token.isEmpty()
        ? null
        : new TokenClaim(
            account,
            region,
            action.wireName(),
            token,
            RequestFingerprint.of(region, meaning.get()),
            resourceId);
  }

  /** What is wrong with the parameter ClientToken, if anything is. */
  public static Optional<Problem> problemOf(@Nullable String token) {
    if (token == null) {
      return Optional.empty();
    }
    if (token.length() > LONGEST_TOKEN) {
      return Optional.of(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED,
              "ClientToken",
              "must have at most %d characters, not %d".formatted(LONGEST_TOKEN, token.length())));
    }
    return token.chars().allMatch(c -> c >= ' ' && c <= '~')
        ? Optional.empty()
        : Optional.of(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                "ClientToken",
                token,
                "must be printable ASCII characters"));
  }

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
