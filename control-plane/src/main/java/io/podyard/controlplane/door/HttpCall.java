package io.podyard.controlplane.door;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it came, nothing decoded.
 *
 * @param method in capitals
 * @param path as it is on the request line, still encoded
 * @param rawQuery what follows the question mark, null if there is none; a character stands for the
 *     byte of its number
 * @param headers values by lower-case name
 * @param body read once, and no further than the limit
 * @param scheme {@code http} or {@code https}, as the client used it
 */
public record HttpCall(
    String method,
    String path,
    @Nullable String rawQuery,
    Map<String, List<String>> headers,
    InputStream body,
    String scheme) {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");
  private static final String UNNAMED_HOST = "podyard";

  /** The first value of a header, null if it was not sent. */
  public @Nullable String header(String lowerCaseName) {
    List<String> values = headers.getOrDefault(lowerCaseName, List.of());
    return values.isEmpty() ? null : values.getFirst().strip();
  }

  /** The host and port the client meant, safe to be repeated in an answer. */
  public String host() {
    String host = header("host");
    return host != null && HOST.matcher(host).matches() ? host : UNNAMED_HOST;
  }
}
