package io.podyard.controlplane.door;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestHandler;

/**
 * Where HTTP meets a door. Path, query and body are handed over as they came: what the servlet
 * container makes of them is more lenient than a signature allows.
 */
public final class DoorHandler implements HttpRequestHandler {

  /** What a door does with a request; it never throws. */
  @FunctionalInterface
  public interface Calls {
    HttpAnswer answer(HttpCall call);
  }

  private static final Logger log = LoggerFactory.getLogger(DoorHandler.class);

  private final Calls calls;

  public DoorHandler(Calls calls) {
    this.calls = calls;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    HttpCall call = call(request, request.getInputStream());
    HttpAnswer answer = PublicAddress.answering(call, () -> calls.answer(call));
    HttpAnswer.Stream stream = answer.stream();
    if (stream == null) {
      write(answer, response);
      return;
    }
    try (stream) {
      response.setStatus(answer.status());
      answer.headers().forEach(response::setHeader);
      if (!request.getMethod().equals("HEAD")) {
        stream.writeTo(response.getOutputStream());
      }
    } catch (IOException e) {
      // There is nobody any more who could be answered.
      log.debug("a client left: {}", e.getMessage());
    } catch (RuntimeException failure) {
      // What was begun must not look whole: the connection is cut off by whoever gets this.
      if (!response.isCommitted()) {
        response.reset();
      }
      throw failure;
    }
  }

  /**
   * The request as it came.
   *
   * @param body to be read instead of the request's own
   */
  public static HttpCall call(HttpServletRequest request, InputStream body) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
    }
    return new HttpCall(
        request.getMethod(),
        request.getRequestURI(),
        request.getQueryString(),
        headers,
        body,
        request.getScheme());
  }

  /** Writes a whole answer. */
  public static void write(HttpAnswer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
