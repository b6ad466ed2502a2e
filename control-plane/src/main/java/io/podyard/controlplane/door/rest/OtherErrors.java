package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.door.HttpCall;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
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
  private final Supplier<String> requestIds;

  OtherErrors(RestAnswers answers, Supplier<String> requestIds) {
    this.answers = answers;
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
    HttpCall call =
        new HttpCall(
            request.getMethod(),
            request.getRequestURI(),
            request.getQueryString(),
            RestDoor.headers(request),
            InputStream.nullInputStream(),
            request.getScheme());
    RestDoor.write(answers.error(requestId, error(status), status, call), response);
  }

  private static ApiException error(int status) {
    return switch (status) {
      case 404 -> new ApiException(ErrorCode.INVALID_API_NOT_FOUND, "There is nothing here.");
      case 405 ->
          new ApiException(ErrorCode.UNSUPPORTED_HTTP_METHOD, "This path takes other methods.");
      case 413 -> new ApiException(ErrorCode.REQUEST_ENTITY_TOO_LARGE, "The request is too large.");
      case 503 ->
          new ApiException(ErrorCode.SERVICE_UNAVAILABLE, "That cannot be answered at the moment.");
      default ->
          status >= 500
              ? new ApiException(
                  ErrorCode.INTERNAL_ERROR,
                  "The server failed unexpectedly; its log has the cause under the request id.")
              : new ApiException(ErrorCode.INVALID_PARAMETER, "The request cannot be answered.");
    };
  }
}
