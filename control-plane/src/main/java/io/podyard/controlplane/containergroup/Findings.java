package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found wrong with a request while it is checked. Messages say what would be accepted and
 * never hold a value; a value that may be shown is passed on its own.
 */
public final class Findings {

  private final List<Problem> problems = new ArrayList<>();

  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  int count() {
    return problems.size();
  }

  public void add(Problem problem) {
    problems.add(problem);
  }

  public void missing(String parameter) {
    problems.add(Problem.missing(parameter));
  }

  void missing(String parameter, String message) {
    problems.add(Problem.of(ErrorCode.MISSING_PARAMETER, parameter, message));
  }

  public void invalid(String parameter, @Nullable String value, String message) {
    problems.add(new Problem(ErrorCode.INVALID_PARAMETER, parameter, value, message));
  }

  /** A number that is too small or too large. */
  public void outOfRange(String parameter, @Nullable Object value, String message) {
    String shown = value == null ? null : value.toString();
    problems.add(
        new Problem(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED, parameter, shown, message));
  }

  /** A list with too many entries. */
  public void tooMany(String parameter, int count, int most) {
    problems.add(
        Problem.of(
            ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
            parameter,
            "has at most %d entries, not %d".formatted(most, count)));
  }

  /** A text that is too long; whether it was is answered. */
  public boolean tooLong(String parameter, String text, int longest) {
    boolean found = text.length() > longest;
    if (found) {
      tooLong(
          parameter, "must have at most %d characters, not %d".formatted(longest, text.length()));
    }
    return found;
  }

  void tooLong(String parameter, String message) {
    problems.add(Problem.of(ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED, parameter, message));
  }

  void with(ErrorCode code, String parameter, @Nullable String value, String message) {
    problems.add(new Problem(code, parameter, value, message));
  }
}
