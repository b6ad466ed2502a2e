package io.podyard.controlplane.door.signature;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.signature.Acs3Authorization;
import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.RequestToSign;
import io.podyard.controlplane.account.ActiveKey;
import io.podyard.controlplane.door.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Verifies requests that are signed in the header Authorization (contract section 3.2). */
public final class SignatureV3 {

  private static final String AUTHORIZATION = "authorization";
  private static final String FAMILY = "ACS3-";
  private static final String TIME = "x-acs-date";
  private static final String NONCE = "x-acs-signature-nonce";
  private static final String BODY_HASH = "x-acs-content-sha256";

  private final SignatureRules rules;

  public SignatureV3(SignatureRules rules) {
    this.rules = rules;
  }

  /** Whether a request is signed this way, rightly or not. */
  public static boolean signs(HttpCall request) {
    String authorization = request.header(AUTHORIZATION);
    return authorization != null && authorization.startsWith(FAMILY);
  }

  /**
   * Verifies a request.
   *
   * @throws ApiException if it is not signed as it must be
   */
  public SignedRequest verify(HttpCall request, byte[] body, List<Parameters> readings) {
    Acs3Authorization authorization = authorization(request);
    List<Problem> problems = new ArrayList<>();
    String time = required(request, TIME, problems);
    String nonce = required(request, NONCE, problems);
    required(request, BODY_HASH, problems);
    if (!nonce.isEmpty()) {
      SignatureRules.checkNonce(NONCE, nonce, problems);
    }
    for (String header : List.of("x-acs-security-token", "x-acs-bearer-token")) {
      String token = request.header(header);
      if (token != null && !token.isEmpty()) {
        problems.add(
            Problem.of(
                ErrorCode.INVALID_PARAMETER,
                header,
                "is not supported: requests are signed with an access key of this installation"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ApiException(problems);
    }
    rules.checkTime(TIME, time);
    ActiveKey key = rules.key("Credential", authorization.accessKeyId());
    String bodyHash = RequestToSign.sha256(body);
    for (Parameters reading : readings) {
      if (matches(toSign(request, reading, bodyHash), authorization, key)) {
        return new SignedRequest(key, nonce, reading);
      }
    }
    throw mismatch(toSign(request, readings.getFirst(), bodyHash), authorization);
  }

  private static Acs3Authorization authorization(HttpCall request) {
    List<String> values = request.headers().getOrDefault(AUTHORIZATION, List.of());
    String header = values.size() == 1 ? values.getFirst().strip() : "";
    return Acs3Authorization.parse(header)
        .orElseThrow(
            () ->
                header.isEmpty() || header.startsWith(Acs3Authorization.ALGORITHM)
                    ? new ApiException(
                        Problem.of(
                            ErrorCode.INCOMPLETE_SIGNATURE,
                            "Authorization",
                            "must be, once, "
                                + Acs3Authorization.ALGORITHM
                                + " Credential=...,SignedHeaders=...,Signature=..."))
                    : new ApiException(
                        Problem.of(
                            ErrorCode.INVALID_SIGNATURE_METHOD,
                            "Authorization",
                            "must be of the scheme " + Acs3Authorization.ALGORITHM)));
  }

  private static String required(HttpCall request, String header, List<Problem> problems) {
    List<String> values = request.headers().getOrDefault(header, List.of());
    if (values.size() > 1) {
      problems.add(Problem.of(ErrorCode.INVALID_PARAMETER, header, "is given twice"));
      return "";
    }
    String value = values.isEmpty() ? "" : values.getFirst().strip();
    if (value.isEmpty()) {
      problems.add(Problem.missing(header));
    }
    return value;
  }

  private static RequestToSign toSign(HttpCall request, Parameters reading, String bodyHash) {
    return new RequestToSign(
        request.method(), request.path(), reading.query(), request.headers(), bodyHash);
  }

  private static boolean matches(
      RequestToSign request, Acs3Authorization authorization, ActiveKey key) {
    return switch (Acs3Signature.check(request, authorization, key.secret())) {
      case VALID -> true;
      case MISMATCH -> false;
      case HEADER_NOT_SIGNED ->
          throw new ApiException(
              ErrorCode.INCOMPLETE_SIGNATURE,
              "SignedHeaders must name every header of the request that starts with x-acs- and"
                  + " says what, when or how it is signed.");
      case BODY_CHANGED ->
          throw new ApiException(
              ErrorCode.SIGNATURE_DOES_NOT_MATCH,
              BODY_HASH + " is not the hash of the body that arrived.");
    };
  }

  /** The canonical request holds the whole query, secrets and all, so only its hash is told. */
  private static ApiException mismatch(RequestToSign request, Acs3Authorization authorization) {
    String canonical = Acs3Signature.canonicalRequest(request, authorization.signedHeaders());
    return new ApiException(
        ErrorCode.SIGNATURE_DOES_NOT_MATCH,
        "The signature is not the one that this access key's secret gives for this request. The"
            + " last line of the server's string to sign is the SHA-256 hash of its canonical"
            + " request, to be compared with the client's. The server's string to sign is:"
            + Acs3Authorization.ALGORITHM
            + "\n"
            + RequestToSign.sha256(canonical.getBytes(StandardCharsets.UTF_8)));
  }
}
