package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.ErrorStatus;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.PublicAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes answers as JSON in camel case, and errors as problems. */
final class RestAnswers implements ErrorForm {

  static final String PROBLEM = "application/problem+json";

  private static final String JSON = "application/json";
  private static final String RETRY_AFTER_SECONDS = "1";

  private final PublicAddress address;

  RestAnswers(PublicAddress address) {
    this.address = address;
  }

  /** The answer's fields behind the request id. */
  HttpAnswer success(String requestId, Record response) {
    String rest = EciJson.rest().writeValueAsString(response).substring(1);
    String json = "{\"requestId\":\"" + requestId + "\"" + (rest.equals("}") ? "" : ",") + rest;
    return new HttpAnswer(200, headers(requestId, JSON), json);
  }

  /** An answer that goes on. */
  HttpAnswer stream(String requestId, StreamedAnswer answer) {
    Map<String, String> headers = headers(requestId, StreamedAnswer.MEDIA_TYPE);
    // Proxies would hold it back until there is much of it.
    headers.put("X-Accel-Buffering", "no");
    return new HttpAnswer(200, headers, "", answer.stream());
  }

  /** A file, which is sent while it is written. */
  HttpAnswer file(String requestId, BillFile file) {
    Map<String, String> headers = headers(requestId, file.mediaType());
    headers.put("Content-Disposition", "attachment; filename=\"%s\"".formatted(file.name()));
    headers.put(BillFile.LINES, Long.toString(file.export().lines()));
    return new HttpAnswer(200, headers, "", file.stream());
  }

  /**
   * An error.
   *
   * @param naming from what a problem calls a parameter to what the request calls it
   */
  HttpAnswer error(
      String requestId, ApiException error, HttpCall call, UnaryOperator<String> naming) {
    return error(requestId, error, ErrorStatus.rest(error.code()), call, naming);
  }

  @Override
  public boolean covers(String path) {
    return path.equals(Route.PREFIX) || path.startsWith(Route.PREFIX + "/");
  }

  @Override
  public HttpAnswer error(String requestId, ApiException error, int status, HttpCall call) {
    return error(requestId, error, status, call, UnaryOperator.identity());
  }

  private HttpAnswer error(
      String requestId,
      ApiException error,
      int status,
      HttpCall call,
      UnaryOperator<String> naming) {
    Map<String, String> headers = headers(requestId, PROBLEM);
    if (status == 401 && isForPeople(call)) {
      headers.put("WWW-Authenticate", "Basic realm=\"Podyard\", charset=\"UTF-8\"");
    } else if (status == 401) {
      headers.put("WWW-Authenticate", "ACS3-HMAC-SHA256");
    }
    if (status == 503 || status == 429) {
      headers.put("Retry-After", RETRY_AFTER_SECONDS);
    }
    return new HttpAnswer(
        status,
        headers,
        EciJson.rest()
            .writeValueAsString(
                ProblemDetails.of(
                    error, naming, type(address.of(call), error.code()), status, requestId)));
  }

  /** There is something at the path, but not for the method. */
  HttpAnswer otherMethod(String requestId, HttpCall call, List<String> allowed) {
    String methods = String.join(", ", allowed);
    HttpAnswer answer =
        error(
            requestId,
            new ApiException(ErrorCode.UNSUPPORTED_HTTP_METHOD, "This path takes " + methods + "."),
            call,
            UnaryOperator.identity());
    answer.headers().put("Allow", methods);
    return answer;
  }

  /**
   * Browsers ask their user for a password when they are told of the scheme Basic. That is welcome
   * in the address bar; a page that calls the API, such as Swagger UI, has its own way to ask.
   */
  private static boolean isForPeople(HttpCall call) {
    String mode = call.header("sec-fetch-mode");
    return mode == null || mode.equals("navigate");
  }

  /** The address of a page about a code. */
  static String type(String serverUrl, ErrorCode code) {
    return serverUrl + PublicAddress.ERROR_HELP + "?q=" + PercentEncoding.encode(code.code());
  }

  private static Map<String, String> headers(String requestId, String type) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", type);
    headers.put("Cache-Control", "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("x-acs-request-id", requestId);
    return headers;
  }
}
