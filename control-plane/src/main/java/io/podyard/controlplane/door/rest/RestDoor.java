package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.web.HttpRequestHandler;

/**
 * Where HTTP meets {@link RestCalls}. Path, query and body are read as they came: a signature
 * covers them so.
 */
final class RestDoor implements HttpRequestHandler {

  private final RestCalls calls;

  RestDoor(RestCalls calls) {
    this.calls = calls;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpAnswer answer =
        calls.answer(
            new HttpCall(
                request.getMethod(),
                request.getRequestURI(),
                request.getQueryString(),
                headers(request),
                request.getInputStream(),
                request.getScheme()));
    write(answer, response);
  }

  static void write(HttpAnswer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
