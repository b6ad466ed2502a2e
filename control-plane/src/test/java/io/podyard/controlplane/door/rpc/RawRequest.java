package io.podyard.controlplane.door.rpc;

import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests without a signature. */
final class RawRequest {

  private RawRequest() {}

  static HttpCall of(
      String method, @Nullable String query, @Nullable String contentType, byte[] body) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("host", List.of("podyard.test:8080"));
    if (contentType != null) {
      headers.put("content-type", List.of(contentType));
    }
    return new HttpCall(method, "/", query, headers, new ByteArrayInputStream(body), "http");
  }

  static HttpCall get(@Nullable String query) {
    return of("GET", query, null, new byte[0]);
  }
}
