package io.podyard.controlplane.door.rest;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorKind;
import io.podyard.api.Problem;
import io.podyard.api.wire.WireLists;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param type a page about the code
 * @param status the HTTP status
 * @param errors the same parameter by parameter; empty if it is about none
 */
record ProblemDetails(
    String type,
    String title,
    int status,
    String detail,
    String code,
    String requestId,
    List<FieldError> errors) {

  /** What is wrong with one field, or with a header. */
  record FieldError(String parameter, String code, String message, @Nullable String value) {}

  ProblemDetails {
    errors = WireLists.orEmpty(errors);
  }

  /**
   * The body for one error.
   *
   * @param naming from what a problem calls a parameter to what the request calls it
   */
  static ProblemDetails of(
      ApiException error, UnaryOperator<String> naming, String type, int status, String requestId) {
    List<Problem> problems =
        error.problems().stream().map(problem -> renamed(problem, naming)).toList();
    return new ProblemDetails(
        type,
        title(error.code().kind()),
        status,
        problems.isEmpty() ? error.getMessage() : detail(problems),
        error.code().code(),
        requestId,
        problems.stream()
            .map(
                problem ->
                    new FieldError(
                        problem.parameter(),
                        problem.code().code(),
                        problem.message(),
                        problem.value()))
            .toList());
  }

  private static Problem renamed(Problem problem, UnaryOperator<String> naming) {
    return new Problem(
        problem.code(), naming.apply(problem.parameter()), problem.value(), problem.message());
  }

  private static String detail(List<Problem> problems) {
    String listed =
        problems.stream()
            .limit(ApiException.SHOWN)
            .map(Problem::sentence)
            .collect(Collectors.joining("; "));
    int more = problems.size() - ApiException.SHOWN;
    return more > 0 ? listed + "; and " + more + " more" : listed;
  }

  static String title(ErrorKind kind) {
    return switch (kind) {
      case CALLER -> "The request cannot be carried out as it is";
      case CAPACITY -> "There is not enough of something, now or here";
      case CONFLICT -> "The request does not fit the present state";
      case INTERNAL -> "The server could not do its work";
    };
  }
}
