package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.ActiveKey;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.signature.SignatureRules;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/** HTTP Basic: the access key's id as user name, its secret as password. */
final class BasicLogin {

  private static final String AUTHORIZATION = "Authorization";
  private static final String SCHEME = "Basic ";

  private final SignatureRules rules;

  BasicLogin(SignatureRules rules) {
    this.rules = rules;
  }

  /**
   * The key whose secret was given.
   *
   * @throws ApiException if there are no such credentials, or they are wrong
   */
  ActiveKey login(HttpCall call) {
    List<String> values = call.headers().getOrDefault("authorization", List.of());
    if (values.isEmpty()) {
      throw incomplete("is required: HTTP Basic with an access key, or ACS3-HMAC-SHA256");
    }
    String header = values.getFirst().strip();
    if (values.size() > 1 || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw incomplete("must be, once, of the scheme Basic or ACS3-HMAC-SHA256");
    }
    String pair = decoded(header.substring(SCHEME.length()).strip());
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw unreadable();
    }
    ActiveKey key = rules.key(AUTHORIZATION, pair.substring(0, colon));
    byte[] given = pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(given, key.secret().getBytes(StandardCharsets.UTF_8))) {
      throw new ApiException(
          ErrorCode.SIGNATURE_DOES_NOT_MATCH, "The secret is not the one of this access key.");
    }
    return key;
  }

  private static String decoded(String base64) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
          .toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw unreadable();
    }
  }

  private static ApiException unreadable() {
    return incomplete("must hold id and secret with a colon between, in Base64, after Basic");
  }

  private static ApiException incomplete(String message) {
    return new ApiException(Problem.of(ErrorCode.INCOMPLETE_SIGNATURE, AUTHORIZATION, message));
  }
}
