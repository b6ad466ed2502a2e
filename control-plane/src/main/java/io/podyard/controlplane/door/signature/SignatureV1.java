package io.podyard.controlplane.door.signature;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.ShownParameters;
import io.podyard.api.signature.RequestToSign;
import io.podyard.api.signature.RpcSignature;
import io.podyard.controlplane.account.ActiveKey;
import io.podyard.controlplane.door.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies requests that are signed in their parameters (contract section 3.1). */
public final class SignatureV1 {

  private static final String KEY = "AccessKeyId";
  private static final String SIGNATURE = "Signature";
  private static final String METHOD = "SignatureMethod";
  private static final String VERSION = "SignatureVersion";
  private static final String NONCE = "SignatureNonce";
  private static final String TIME = "Timestamp";

  private final SignatureRules rules;

  public SignatureV1(SignatureRules rules) {
    this.rules = rules;
  }

  /**
   * Verifies a request.
   *
   * @param action which is asked for; says what of a request that is refused may be repeated
   * @throws ApiException if it is not signed, or not as it must be
   */
  public SignedRequest verify(HttpCall request, Action action, List<Parameters> readings) {
    Parameters parameters = readings.getFirst();
    List<Problem> problems = new ArrayList<>();
    String keyId = required(parameters, KEY, problems);
    String method = required(parameters, METHOD, problems);
    String version = required(parameters, VERSION, problems);
    String nonce = required(parameters, NONCE, problems);
    String time = required(parameters, TIME, problems);
    String signature = required(parameters, SIGNATURE, problems);
    if (!method.isEmpty() && !method.equals(RpcSignature.METHOD)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_SIGNATURE_METHOD,
              METHOD,
              method,
              "must be " + RpcSignature.METHOD));
    }
    if (!version.isEmpty() && !version.equals(RpcSignature.VERSION)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER, VERSION, version, "must be " + RpcSignature.VERSION));
    }
    if (!nonce.isEmpty()) {
      SignatureRules.checkNonce(NONCE, nonce, problems);
    }
    refuseTokens(parameters, problems);
    if (!problems.isEmpty()) {
      throw new ApiException(otherScheme(request, signature) ? wrongScheme() : problems);
    }
    rules.checkTime(TIME, time);
    ActiveKey key = rules.key(KEY, keyId);
    for (Parameters reading : readings) {
      if (matches(request, reading, key)) {
        return new SignedRequest(key, nonce, reading);
      }
    }
    throw mismatch(request, action, parameters);
  }

  /**
   * One SDK compares what follows the last colon with its own text (contract section 4), so that is
   * the text itself wherever it has no secrets; of one that may have any, only the hash is told.
   */
  private static ApiException mismatch(HttpCall request, Action action, Parameters parameters) {
    String text = RpcSignature.stringToSign(request.method(), parameters.all());
    boolean shown =
        parameters.all().keySet().stream().allMatch(name -> ShownParameters.mayShow(action, name));
    return new ApiException(
        ErrorCode.SIGNATURE_DOES_NOT_MATCH,
        "The signature is not the one that this access key's secret gives for this request. The"
            + " server's string to sign "
            + (shown
                ? "is:" + text
                : "has the SHA-256 hash "
                    + RequestToSign.sha256(text.getBytes(StandardCharsets.UTF_8))
                    + "; the text itself is not repeated, as it may hold secrets."));
  }

  private static boolean matches(HttpCall request, Parameters reading, ActiveKey key) {
    // Base64 has no spaces: one is a plus sign that the client did not encode.
    String signature = reading.all().getOrDefault(SIGNATURE, "").replace(' ', '+');
    return RpcSignature.matches(request.method(), reading.all(), key.secret(), signature);
  }

  /** Temporary credentials: this server issues none, so none can be right. */
  private static void refuseTokens(Parameters parameters, List<Problem> problems) {
    for (String name : List.of("SignatureType", "SecurityToken", "BearerToken")) {
      if (parameters.given(name) != null) {
        problems.add(
            Problem.of(
                ErrorCode.INVALID_PARAMETER,
                name,
                "is not supported: requests are signed with an access key of this installation"));
      }
    }
  }

  private static String required(Parameters parameters, String name, List<Problem> problems) {
    @Nullable String value = parameters.given(name);
    if (value == null) {
      problems.add(Problem.missing(name));
      return "";
    }
    return value;
  }

  private static boolean otherScheme(HttpCall request, String signature) {
    return signature.isEmpty() && request.header("authorization") != null;
  }

  private static List<Problem> wrongScheme() {
    return List.of(
        Problem.of(
            ErrorCode.INVALID_SIGNATURE_METHOD,
            "Authorization",
            "must be of the scheme ACS3-HMAC-SHA256, or the request is signed in its parameters"));
  }
}
