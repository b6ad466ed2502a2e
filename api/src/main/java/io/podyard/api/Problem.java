package io.podyard.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request. Values of secret parameters are dropped on construction, so that
 * no later step can echo them; everything kept is short and printable, so that it is safe in a
 * message, a log line and an answer.
 *
 * @param parameter the wire name, for example {@code Container.1.Cpu}; at most 200 characters kept
 * @param value what was given; at most 60 characters kept, null if absent or secret
 * @param message what is wrong and what would be accepted, without the parameter's name
 */
public record Problem(ErrorCode code, String parameter, @Nullable String value, String message) {

  private static final int LONGEST_PARAMETER = 200;
  private static final int LONGEST_VALUE = 60;

  public Problem {
    boolean secret = isSecret(parameter);
    parameter = Printable.shortened(parameter, LONGEST_PARAMETER);
    value = value == null || secret ? null : Printable.shortened(value, LONGEST_VALUE);
  }

  /** A problem that has no value worth showing. */
  public static Problem of(ErrorCode code, String parameter, String message) {
    return new Problem(code, parameter, null, message);
  }

  /** The parameter that is not there. */
  public static Problem missing(String parameter) {
    return new Problem(ErrorCode.MISSING_PARAMETER, parameter, null, "is required");
  }

  /** One sentence: the parameter, what is wrong, and the value if it may be shown. */
  public String sentence() {
    String text = parameter + ": " + message;
    return value == null ? text : text + ", not \"" + value + "\"";
  }

  /**
   * Passwords, secrets of keys, contents of files, values of variables and headers, options of
   * drivers, and whole templates, in either spelling of their names.
   */
  static boolean isSecret(String parameter) {
    String name = parameter.toLowerCase(Locale.ROOT);
    String last = name.substring(name.lastIndexOf('.') + 1);
    return switch (last) {
      case "password", "content", "options", "template", "aksecret", "#8#aksecret" -> true;
      case "value" ->
          name.contains("environmentvar") || name.contains("httphead") || name.contains(".env.");
      default -> false;
    };
  }
}
