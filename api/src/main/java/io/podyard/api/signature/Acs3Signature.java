package io.podyard.api.signature;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map.Entry;
import java.util.function.UnaryOperator;

/**
 * Signature version 3: HMAC-SHA256 over the request line, some headers and the hash of the body
 * (contract section 3.2).
 */
public final class Acs3Signature {

  /** Without these two a signature would cover neither the body nor the time. */
  private static final List<String> ALWAYS_SIGNED = List.of("x-acs-content-sha256", "x-acs-date");

  /** Headers that decide what a request does: covered whenever they are sent. */
  private static final List<String> SIGNED_IF_SENT =
      List.of(
          "x-acs-action",
          "x-acs-version",
          "x-acs-signature-nonce",
          "x-acs-accesskey-id",
          "x-acs-security-token");

  private Acs3Signature() {}

  /**
   * The headers a client signs: those named {@code x-acs-…}, {@code host}, {@code content-type}.
   */
  public static List<String> headersToSign(RequestToSign request) {
    return request.headers().keySet().stream()
        .filter(
            name -> name.startsWith("x-acs-") || name.equals("host") || name.equals("content-type"))
        .sorted()
        .toList();
  }

  /** The text whose hash is signed, with the names in the query encoded. */
  public static String canonicalRequest(RequestToSign request, List<String> signedHeaders) {
    return canonicalRequest(request, signedHeaders, PercentEncoding::encode);
  }

  /** The signature of a request. */
  public static String sign(RequestToSign request, List<String> signedHeaders, String secret) {
    return signatureOf(canonicalRequest(request, signedHeaders), secret);
  }

  /** The header {@code Authorization} for a request that has all its other headers. */
  public static Acs3Authorization authorize(
      RequestToSign request, String accessKeyId, String secret) {
    List<String> signedHeaders = headersToSign(request);
    return new Acs3Authorization(accessKeyId, signedHeaders, sign(request, signedHeaders, secret));
  }

  /**
   * Checks a received request against its header. The signature is compared in constant time; the
   * age of the request and its nonce are for the caller to judge.
   */
  public static SignatureCheck check(
      RequestToSign request, Acs3Authorization authorization, String secret) {
    List<String> signed = authorization.signedHeaders();
    for (String name : ALWAYS_SIGNED) {
      if (!request.has(name) || !signed.contains(name)) {
        return SignatureCheck.HEADER_NOT_SIGNED;
      }
    }
    for (String name : SIGNED_IF_SENT) {
      if (request.has(name) && !signed.contains(name)) {
        return SignatureCheck.HEADER_NOT_SIGNED;
      }
    }
    if (!Hashes.equal(request.header("x-acs-content-sha256"), request.bodySha256())) {
      return SignatureCheck.BODY_CHANGED;
    }
    // One SDK encodes the names in the query and another does not (contract section 3.2).
    boolean matches =
        Hashes.equal(sign(request, signed, secret), authorization.signature())
            || Hashes.equal(
                signatureOf(canonicalRequest(request, signed, UnaryOperator.identity()), secret),
                authorization.signature());
    return matches ? SignatureCheck.VALID : SignatureCheck.MISMATCH;
  }

  private static String signatureOf(String canonicalRequest, String secret) {
    String hash =
        HexFormat.of().formatHex(Hashes.sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8)));
    String stringToSign = Acs3Authorization.ALGORITHM + "\n" + hash;
    return HexFormat.of().formatHex(Hashes.hmac("HmacSHA256", secret, stringToSign));
  }

  private static String canonicalRequest(
      RequestToSign request, List<String> signedHeaders, UnaryOperator<String> queryName) {
    StringBuilder text = new StringBuilder(1024);
    text.append(request.method()).append('\n').append(request.rawPath()).append('\n');
    appendQuery(text, request.query(), queryName);
    text.append('\n');
    for (String name : signedHeaders) {
      text.append(name).append(':').append(request.header(name)).append('\n');
    }
    return text.append('\n')
        .append(String.join(";", signedHeaders))
        .append('\n')
        .append(request.bodySha256())
        .toString();
  }

  private static void appendQuery(
      StringBuilder text, List<Entry<String, String>> query, UnaryOperator<String> queryName) {
    List<Entry<String, String>> sorted =
        query.stream()
            .sorted(
                Comparator.comparing((Entry<String, String> pair) -> pair.getKey())
                    .thenComparing(Entry::getValue))
            .toList();
    String separator = "";
    for (Entry<String, String> pair : sorted) {
      text.append(separator)
          .append(queryName.apply(pair.getKey()))
          .append('=')
          .append(PercentEncoding.encode(pair.getValue()));
      separator = "&";
    }
  }
}
