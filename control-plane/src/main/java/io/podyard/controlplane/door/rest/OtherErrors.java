package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.door.DoorHandler;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.Failures;
import io.podyard.controlplane.door.HttpCall;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.HttpRequestHandler;

/** Errors of requests that came to no door: a problem in JSON, as everywhere, and never a page. */
final class OtherErrors implements ErrorController, HttpRequestHandler {

  static final String PATH = "/error";

  private static final Logger log = LoggerFactory.getLogger(OtherErrors.class);

  private final RestAnswers answers;
  private final List<ErrorForm> forms;
  private final Supplier<String> requestIds;

  /**
   * @param forms those of all doors: what the HTTP server refuses at a door's path is answered as
   *     that door does
   */
  OtherErrors(RestAnswers answers, List<ErrorForm> forms, Supplier<String> requestIds) {
    this.answers = answers;
    this.forms = List.copyOf(forms);
    this.requestIds = requestIds;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // Absent if somebody asks for this path itself: then there is nothing here either.
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer given
            ? given
            : 404;
    String requestId = requestIds.get();
    if (status >= 500) {
      log.error(
          "Request {} failed outside of the doors, status {}",
          requestId,
          status,
          (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
    }
    HttpCall call = DoorHandler.call(request, InputStream.nullInputStream());
    String asked =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
            ? uri
            : PATH;
    ErrorForm form = forms.stream().filter(door -> door.covers(asked)).findFirst().orElse(answers);
    DoorHandler.write(form.error(requestId, Failures.ofStatus(status), status, call), response);
  }
}
