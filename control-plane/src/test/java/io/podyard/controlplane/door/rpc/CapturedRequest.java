package io.podyard.controlplane.door.rpc;

import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Requests that a stock SDK has sent, byte for byte. */
final class CapturedRequest {

  private CapturedRequest() {}

  static HttpCall read(String name) {
    List<String> lines = lines("/wire/java-1.0.13-" + name + ".txt");
    String[] line = lines.getFirst().split(" ");
    Map<String, List<String>> headers = new HashMap<>();
    for (String header : lines.subList(1, lines.indexOf(""))) {
      int colon = header.indexOf(':');
      headers
          .computeIfAbsent(
              header.substring(0, colon).toLowerCase(Locale.ROOT), key -> new ArrayList<>())
          .add(header.substring(colon + 1).strip());
    }
    return new HttpCall(
        line[0],
        "/",
        line[1].substring(line[1].indexOf('?') + 1),
        headers,
        new ByteArrayInputStream(new byte[0]),
        "http");
  }

  private static List<String> lines(String resource) {
    try (InputStream file = CapturedRequest.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException("there is no " + resource);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }

  /** The query, which all captured requests have. */
  static String query(HttpCall captured) {
    return Objects.requireNonNull(captured.rawQuery());
  }
}
