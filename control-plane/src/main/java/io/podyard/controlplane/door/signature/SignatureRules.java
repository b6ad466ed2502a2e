package io.podyard.controlplane.door.signature;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.ActiveKey;
import io.podyard.controlplane.account.KeyLookup;
import io.podyard.model.AccessKeyId;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/** What both signature versions ask of key, time and nonce (contract section 3.3). */
public final class SignatureRules {

  /** How far a request's time may be from ours, either way. */
  public static final Duration TOLERANCE = Duration.ofMinutes(15);

  /** SDKs send 32 to 64 characters. */
  public static final int LONGEST_NONCE = 128;

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z");
  private static final Pattern NONCE = Pattern.compile("[!-~]{1," + LONGEST_NONCE + "}");

  private final AccessKeys keys;
  private final Clock clock;

  public SignatureRules(AccessKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * The key that a request names.
   *
   * @throws ApiException if there is none, or it is switched off
   */
  public ActiveKey key(String parameter, String id) {
    return switch (lookUp(id)) {
      case ActiveKey key -> key;
      case KeyLookup.Inactive inactive ->
          throw new ApiException(
              new Problem(
                  ErrorCode.INVALID_ACCESS_KEY_ID_INACTIVE, parameter, id, "is switched off"));
      case KeyLookup.Unknown unknown ->
          throw new ApiException(
              new Problem(
                  ErrorCode.INVALID_ACCESS_KEY_ID_NOT_FOUND,
                  parameter,
                  id,
                  "must be an access key of this installation"));
    };
  }

  private KeyLookup lookUp(String id) {
    AccessKeyId key;
    try {
      key = new AccessKeyId(id);
    } catch (IllegalArgumentException e) {
      return new KeyLookup.Unknown();
    }
    return keys.find(key);
  }

  /**
   * Checks the time of a request.
   *
   * @throws ApiException if it is not a time, or too far from ours
   */
  public void checkTime(String parameter, String time) {
    Instant now = clock.instant();
    Instant sent;
    try {
      if (!TIME.matcher(time).matches()) {
        throw new DateTimeException("other form");
      }
      sent = Instant.parse(time);
    } catch (DateTimeException e) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_TIMESTAMP_FORMAT,
              parameter,
              time,
              "must be a UTC time such as 2018-08-02T15:00:00Z"));
    }
    if (Duration.between(sent, now).abs().compareTo(TOLERANCE) > 0) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_TIMESTAMP_EXPIRED,
              parameter,
              time,
              "must be within %d minutes of the server's time, which is %s"
                  .formatted(TOLERANCE.toMinutes(), now.truncatedTo(ChronoUnit.SECONDS))));
    }
  }

  /** Checks the form of a nonce; whether it was used before is another question. */
  public static void checkNonce(String parameter, String nonce, List<Problem> problems) {
    if (!NONCE.matcher(nonce).matches()) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              parameter,
              nonce,
              "must have 1 to " + LONGEST_NONCE + " visible ASCII characters"));
    }
  }
}
