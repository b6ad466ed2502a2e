package io.podyard.controlplane.door.rpc;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorBody;
import io.podyard.controlplane.door.ErrorForm;
import io.podyard.controlplane.door.ErrorStatus;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.PublicAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers as the contract has them (sections 2.3 and 4). */
final class RpcAnswers implements ErrorForm {

  static final String CONTENT_TYPE = "application/json;charset=UTF-8";

  private static final String REQUEST_ID = "RequestId";
  private static final String RETRY_AFTER_SECONDS = "1";

  /** Answers without their request id, which the door writes in front of them. */
  private static final JsonMapper SUCCESS = withoutRequestId();

  private final PublicAddress address;

  RpcAnswers(PublicAddress address) {
    this.address = address;
  }

  HttpAnswer success(String requestId, Record response) {
    String rest = SUCCESS.writeValueAsString(response).substring(1);
    String json =
        "{\"" + REQUEST_ID + "\":\"" + requestId + "\"" + (rest.equals("}") ? "" : ",") + rest;
    return new HttpAnswer(200, headers(requestId), json);
  }

  HttpAnswer error(String requestId, ApiException error, HttpCall request) {
    Map<String, String> headers = headers(requestId);
    switch (error.code()) {
      // The status is the contract's 400, not the 405 of HTTP; what would do is said all the same.
      case UNSUPPORTED_HTTP_METHOD -> headers.put("Allow", "GET, POST");
      case SERVICE_UNAVAILABLE, THROTTLING -> headers.put("Retry-After", RETRY_AFTER_SECONDS);
      default -> {}
    }
    ErrorBody body = ErrorBody.of(error, requestId, request.host(), helpPage(request));
    return new HttpAnswer(
        ErrorStatus.rpc(error.code()), headers, EciJson.rpc().writeValueAsString(body));
  }

  @Override
  public boolean covers(String path) {
    return path.equals("/");
  }

  /** The status is the contract's, whatever HTTP has for it. */
  @Override
  public HttpAnswer error(String requestId, ApiException error, int status, HttpCall call) {
    return error(requestId, error, call);
  }

  private @Nullable URI helpPage(HttpCall request) {
    try {
      return new URI(address.of(request) + PublicAddress.ERROR_HELP);
    } catch (URISyntaxException e) {
      // Its host header is none.
      return null;
    }
  }

  private static Map<String, String> headers(String requestId) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", CONTENT_TYPE);
    headers.put("Cache-Control", "no-store");
    headers.put("x-acs-request-id", requestId);
    return headers;
  }

  private static JsonMapper withoutRequestId() {
    JsonMapper.Builder mapper = EciJson.rpc().rebuild();
    for (Action action : Action.values()) {
      mapper.withConfigOverride(
          action.responseType(),
          override ->
              override.setIgnorals(JsonIgnoreProperties.Value.forIgnoredProperties(REQUEST_ID)));
    }
    return mapper.build();
  }
}
