package io.podyard.controlplane.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a request is to be answered. */
sealed interface Expectation {

  /**
   * Success.
   *
   * @param soon whether the request is repeated until it is answered so
   */
  record Answer(boolean soon, List<Line> lines) implements Expectation {

    /** Compares, and takes what variables are to hold. */
    void check(JsonNode answer, Map<String, String> variables) {
      assertThat(answer.path("RequestId").asString("")).as("RequestId").isNotEmpty();
      assertThat(answer.has("Code")).as("a Code in a success").isFalse();
      for (Line line : lines) {
        line.check(answer, variables);
      }
    }
  }

  /**
   * A refusal.
   *
   * @param words that its message has
   */
  record Refusal(int status, String code, List<String> words) implements Expectation {}

  /** One line of an answer: {@code path = value}, {@code path ~ pattern}, {@code path -> name}. */
  record Line(String path, String operator, String value) {

    private static final Pattern FORM = Pattern.compile("(\\S+) (=|~|->|absent)(?: (.*))?");

    static Line of(String text) {
      Matcher line = FORM.matcher(text);
      if (!line.matches()) {
        throw new IllegalArgumentException("not a line of an answer: " + text);
      }
      return new Line(line.group(1), line.group(2), line.group(3) == null ? "" : line.group(3));
    }

    private void check(JsonNode answer, Map<String, String> variables) {
      JsonNode found = answer;
      for (String name : path.split("\\.")) {
        found = found.isArray() ? found.path(Integer.parseInt(name)) : found.path(name);
      }
      String text = found.isContainer() ? found.toString() : found.asString("");
      if (operator.equals("absent")) {
        assertThat(found.isMissingNode()).as("%s in %s", path, answer).isTrue();
        return;
      }
      assertThat(found.isMissingNode()).as("no %s in %s", path, answer).isFalse();
      switch (operator) {
        case "=" -> assertThat(text).as(path).isEqualTo(Variables.in(value, variables));
        case "~" -> assertThat(text).as(path).matches(Variables.in(value, variables));
        case "->" -> variables.put(value, text);
        default -> throw new IllegalStateException(operator);
      }
    }
  }

  static Expectation answer(String words, List<String> lines) {
    return switch (words) {
      case "" -> new Answer(false, lines.stream().map(Line::of).toList());
      case "soon" -> new Answer(true, lines.stream().map(Line::of).toList());
      default -> throw new IllegalArgumentException("an answer is soon or at once, not " + words);
    };
  }

  static Expectation error(String words, List<String> lines) {
    String[] statusAndCode = words.split(" ");
    return new Refusal(Integer.parseInt(statusAndCode[0]), statusAndCode[1], lines);
  }
}
