package io.podyard.controlplane.door.rpc;

import io.podyard.api.ApiException;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Tomcat answers when a request fails before any door has seen it: a request line or headers
 * that are malformed or too long. In the form of the other errors instead of HTML.
 */
final class EarlyErrors extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(EarlyErrors.class);

  private final RpcAnswers answers;
  private final List<ErrorForm> forms;
  private final Supplier<String> requestIds;

  /**
   * @param forms those of all doors; of what no door covers, the answer has this one's
   */
  EarlyErrors(RpcAnswers answers, List<ErrorForm> forms, Supplier<String> requestIds) {
    this.answers = answers;
    this.forms = List.copyOf(forms);
    this.requestIds = requestIds;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable cause) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    AtomicBoolean writable = new AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, writable);
    if (!writable.get()) {
      return;
    }
    String requestId = requestIds.get();
    ApiException error = Failures.ofStatus(status);
    if (status >= 500) {
      log.error("Request {} failed before it reached a door, status {}", requestId, status, cause);
    } else {
      log.debug("Request {} was refused by the HTTP server, status {}", requestId, status);
    }
    HttpCall call = shown(request);
    HttpAnswer answer =
        forms.stream()
            .filter(form -> form.covers(call.path()))
            .findFirst()
            .map(form -> form.error(requestId, error, status, call))
            .orElseGet(() -> answers.error(requestId, error, call));
    // The status stays Tomcat's: it has already told the connection what will become of it.
    answer.headers().forEach(response::setHeader);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException e) {
      log.debug("Nobody took the answer to request {}", requestId, e);
    }
  }

  private static HttpCall shown(Request request) {
    Map<String, List<String>> headers = new HashMap<>();
    String host = request.getHeader("host");
    if (host != null) {
      headers.put("host", List.of(host));
    }
    String scheme = request.getScheme();
    String path = request.getRequestURI();
    return new HttpCall(
        "",
        path == null ? "/" : path,
        null,
        headers,
        new ByteArrayInputStream(new byte[0]),
        scheme == null ? "http" : scheme);
  }
}
