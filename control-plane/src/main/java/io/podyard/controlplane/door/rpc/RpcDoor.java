package io.podyard.controlplane.door.rpc;

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
 * Where HTTP meets {@link RpcCalls}. It reads query and body itself: what the servlet container
 * makes of them is more lenient than a signature allows.
 */
final class RpcDoor implements HttpRequestHandler {

  static final String PATH = "/";

  private final RpcCalls calls;

  RpcDoor(RpcCalls calls) {
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
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static Map<String, List<String>> headers(HttpServletRequest request) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return headers;
  }
}
