package io.podyard.api.signature;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;

/**
 * The parts of an HTTP request that signature version 3 covers.
 *
 * @param method GET, POST and so on, in capitals
 * @param rawPath the path as it is on the request line, still encoded; empty counts as {@code /}
 * @param query names and values of the query, decoded
 * @param headers values by name; names are compared in lower case
 * @param bodySha256 the hash of the body, as lower-case hex
 */
public record RequestToSign(
    String method,
    String rawPath,
    List<Entry<String, String>> query,
    Map<String, List<String>> headers,
    String bodySha256) {

  public RequestToSign {
    rawPath = rawPath.isEmpty() ? "/" : rawPath;
    query = List.copyOf(query);
    Map<String, List<String>> lowerCase = new TreeMap<>();
    headers.forEach(
        (name, values) ->
            lowerCase
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                .addAll(values));
    headers = lowerCase;
  }

  /** A request whose body is at hand. */
  public static RequestToSign of(
      String method,
      String rawPath,
      List<Entry<String, String>> query,
      Map<String, List<String>> headers,
      byte[] body) {
    return new RequestToSign(method, rawPath, query, headers, sha256(body));
  }

  /** The hash of a body as the header {@code x-acs-content-sha256} writes it. */
  public static String sha256(byte[] body) {
    return HexFormat.of().formatHex(Hashes.sha256(body));
  }

  /** Whether the header was sent. */
  boolean has(String header) {
    return headers.containsKey(header);
  }

  /** All values of a header: trimmed, sorted, joined by commas; empty if it was not sent. */
  String header(String lowerCaseName) {
    List<String> values = headers.getOrDefault(lowerCaseName, List.of());
    return values.size() == 1
        ? values.getFirst().strip()
        : String.join(",", values.stream().map(String::strip).sorted().toList());
  }
}
