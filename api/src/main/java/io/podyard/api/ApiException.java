package io.podyard.api;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an error. The code is that of the first problem; the message
 * lists at most {@value #SHOWN} of them. Doors turn it into an {@link ErrorBody}.
 */
public final class ApiException extends RuntimeException {

  /** How many problems a message lists. */
  public static final int SHOWN = 20;

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient List<Problem> problems;

  /**
   * @param problems what is wrong, the most important first
   * @throws IllegalArgumentException if there is none
   */
  public ApiException(List<Problem> problems) {
    super(messageOf(problems), null);
    this.code = problems.getFirst().code();
    this.problems = List.copyOf(problems);
  }

  /** One problem with one parameter. */
  public ApiException(Problem problem) {
    this(List.of(problem));
  }

  /**
   * An error that is about no single parameter.
   *
   * @param message ends up in the answer as it is, so it holds no secret
   */
  public ApiException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** As the two-argument form, with what caused it, for the log only. */
  public ApiException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.problems = List.of();
  }

  public ErrorCode code() {
    return code;
  }

  /** What is wrong parameter by parameter; empty if the error is about none. */
  public List<Problem> problems() {
    return problems;
  }

  /** The message, which is never null here. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  private static String messageOf(List<Problem> problems) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("an error needs at least one problem");
    }
    String listed =
        problems.stream().limit(SHOWN).map(Problem::sentence).collect(Collectors.joining("; "));
    int more = problems.size() - SHOWN;
    return more > 0 ? listed + "; and " + more + " more" : listed;
  }
}
