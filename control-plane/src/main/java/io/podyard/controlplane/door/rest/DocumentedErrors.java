package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.door.ErrorStatus;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Which errors an operation can answer, by HTTP status. */
final class DocumentedErrors {

  /** What is most often wrong, first. */
  private static final List<ErrorCode> OF_FIELDS =
      List.of(ErrorCode.INVALID_PARAMETER, ErrorCode.MISSING_PARAMETER);

  private static final List<ErrorCode> OF_ALL =
      List.of(
          ErrorCode.INCOMPLETE_SIGNATURE,
          ErrorCode.INVALID_ACCESS_KEY_ID_NOT_FOUND,
          ErrorCode.INVALID_ACCESS_KEY_ID_INACTIVE,
          ErrorCode.SIGNATURE_DOES_NOT_MATCH,
          ErrorCode.INVALID_SIGNATURE_METHOD,
          ErrorCode.INVALID_TIMESTAMP_FORMAT,
          ErrorCode.INVALID_TIMESTAMP_EXPIRED,
          ErrorCode.SIGNATURE_NONCE_USED,
          ErrorCode.THROTTLING,
          ErrorCode.INTERNAL_ERROR,
          ErrorCode.SERVICE_UNAVAILABLE);

  private static final List<ErrorCode> OF_BODIES =
      List.of(ErrorCode.REQUEST_ENTITY_TOO_LARGE, ErrorCode.REQUEST_TIMEOUT);

  private static final String EXAMPLE_SERVER = "http://127.0.0.1:8080";
  private static final String EXAMPLE_REQUEST_ID = "7958C70A-AA76-4A62-8003-A0D8E150806F";

  private final DocumentTexts texts;
  private final Schema<?> schema;

  /**
   * @param schema of the body of an error
   */
  DocumentedErrors(DocumentTexts texts, Schema<?> schema) {
    this.texts = texts;
    this.schema = schema;
  }

  /** The answers of an operation that are errors, by their status. */
  Map<Integer, ApiResponse> of(Route route) {
    Map<Integer, ApiResponse> responses = new TreeMap<>();
    codes(route).forEach((status, codes) -> responses.put(status, response(status, codes)));
    return responses;
  }

  private static Map<Integer, List<ErrorCode>> codes(Route route) {
    Set<ErrorCode> codes = new LinkedHashSet<>(OF_FIELDS);
    codes.addAll(route.text().errors());
    if (route.hasBody()) {
      codes.addAll(OF_BODIES);
    }
    codes.addAll(OF_ALL);
    return codes.stream()
        .collect(Collectors.groupingBy(ErrorStatus::rest, TreeMap::new, Collectors.toList()));
  }

  private ApiResponse response(int status, List<ErrorCode> codes) {
    List<String> lines = new ArrayList<>();
    for (ErrorCode code : codes) {
      String rpc =
          ErrorStatus.rpc(code) == status
              ? ""
              : " At `/` its status is %d.".formatted(ErrorStatus.rpc(code));
      lines.add("- `" + code.code() + "`: " + texts.error(code) + rpc);
    }
    ApiResponse response =
        new ApiResponse()
            .description(String.join("\n", lines))
            .content(
                new Content()
                    .addMediaType(
                        RestAnswers.PROBLEM,
                        new MediaType().schema(schema).example(example(status, codes.getFirst()))));
    return switch (status) {
      case 401 ->
          response.addHeaderObject(
              "WWW-Authenticate", header("string", "A scheme that credentials can be sent by."));
      case 429, 503 ->
          response.addHeaderObject(
              "Retry-After", header("integer", "After how many seconds to repeat the request."));
      default -> response;
    };
  }

  private static Header header(String type, String description) {
    return new Header().description(description).schema(new JsonSchema().types(Set.of(type)));
  }

  private Map<?, ?> example(int status, ErrorCode code) {
    ApiException error =
        OF_FIELDS.contains(code)
            ? new ApiException(Problem.of(code, "nonsense", "is not a field of this request"))
            : new ApiException(code, texts.error(code));
    ProblemDetails body =
        ProblemDetails.of(
            error,
            UnaryOperator.identity(),
            RestAnswers.type(EXAMPLE_SERVER, code),
            status,
            EXAMPLE_REQUEST_ID);
    return EciJson.rest().convertValue(body, Map.class);
  }
}
