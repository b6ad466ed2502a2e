package io.podyard.api.signature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Authorization} of signature version 3.
 *
 * @param accessKeyId who says to have signed
 * @param signedHeaders the names of the covered headers, in the order they were signed
 * @param signature lower-case hex
 */
public record Acs3Authorization(String accessKeyId, List<String> signedHeaders, String signature) {

  /** The only algorithm that is known here. */
  public static final String ALGORITHM = "ACS3-HMAC-SHA256";

  private static final int LONGEST = 4096;
  private static final Pattern HEADERS = Pattern.compile("[a-z0-9-]+(;[a-z0-9-]+)*");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");
  private static final String CREDENTIAL_FIELD = "Credential";
  private static final String HEADERS_FIELD = "SignedHeaders";
  private static final String SIGNATURE_FIELD = "Signature";

  public Acs3Authorization {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /**
   * Reads the header; its fields may come in any order, since SDKs disagree. Empty if it is of
   * another algorithm or malformed.
   */
  public static Optional<Acs3Authorization> parse(String header) {
    String start = ALGORITHM + " ";
    if (header.length() > LONGEST || !header.startsWith(start)) {
      return Optional.empty();
    }
    Map<String, String> fields = new HashMap<>();
    for (String field : header.substring(start.length()).split(",", -1)) {
      int equals = field.indexOf('=');
      if (equals < 0
          || fields.put(field.substring(0, equals).strip(), field.substring(equals + 1).strip())
              != null) {
        return Optional.empty();
      }
    }
    String credential = fields.getOrDefault(CREDENTIAL_FIELD, "");
    String headers = fields.getOrDefault(HEADERS_FIELD, "");
    String signature = fields.getOrDefault(SIGNATURE_FIELD, "");
    boolean complete =
        fields.size() == 3
            && !credential.isEmpty()
            && HEADERS.matcher(headers).matches()
            && SIGNATURE.matcher(signature).matches();
    return complete
        ? Optional.of(new Acs3Authorization(credential, List.of(headers.split(";")), signature))
        : Optional.empty();
  }

  /** The header as the vendor's Node SDKs write it. */
  public String header() {
    return ALGORITHM
        + " "
        + CREDENTIAL_FIELD
        + "="
        + accessKeyId
        + ","
        + HEADERS_FIELD
        + "="
        + String.join(";", signedHeaders)
        + ","
        + SIGNATURE_FIELD
        + "="
        + signature;
  }
}
