package io.podyard.api.signature;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signature version 1: HMAC-SHA1 over all parameters (contract section 3.1). The parameters are
 * those of the query and of a form body together, decoded; {@code Signature} itself is left out.
 */
public final class RpcSignature {

  /** What the parameter {@code SignatureMethod} says. */
  public static final String METHOD = "HMAC-SHA1";

  /** What the parameter {@code SignatureVersion} says. */
  public static final String VERSION = "1.0";

  private static final String SIGNATURE = "Signature";

  private RpcSignature() {}

  /**
   * The text that is signed.
   *
   * @param method GET or POST, in capitals
   */
  public static String stringToSign(String method, Map<String, String> parameters) {
    StringBuilder canonical = new StringBuilder(512);
    for (Map.Entry<String, String> parameter : new TreeMap<>(parameters).entrySet()) {
      if (!parameter.getKey().equals(SIGNATURE)) {
        if (!canonical.isEmpty()) {
          canonical.append('&');
        }
        canonical
            .append(PercentEncoding.encode(parameter.getKey()))
            .append('=')
            .append(PercentEncoding.encode(parameter.getValue()));
      }
    }
    return method + "&%2F&" + PercentEncoding.encode(canonical.toString());
  }

  /** The signature of a request, as Base64. */
  public static String sign(String method, Map<String, String> parameters, String secret) {
    byte[] mac = Hashes.hmac("HmacSHA1", secret + "&", stringToSign(method, parameters));
    return Base64.getEncoder().encodeToString(mac);
  }

  /**
   * Whether a request carries the signature its parameters need; takes the same time either way.
   */
  public static boolean matches(
      String method, Map<String, String> parameters, String secret, String signature) {
    return Hashes.equal(sign(method, parameters, secret), signature);
  }
}
