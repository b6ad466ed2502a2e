package io.podyard.runtime.simulated;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** As much of a shell's grammar as simulated containers understand. */
final class ShellWords {

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /** The file that stands for standard error. */
  static final String ERRORS = "/dev/stderr";

  private ShellWords() {}

  /** How a command hangs on the one before it. */
  enum Link {
    ALWAYS,
    IF_SUCCEEDED,
    IF_FAILED
  }

  /**
   * A simple command of a script.
   *
   * @param file where its output goes, null for the log
   * @param appends whether what is in the file stays
   */
  record Step(Link link, List<String> words, @Nullable String file, boolean appends) {

    boolean due(int status) {
      return switch (link) {
        case ALWAYS -> true;
        case IF_SUCCEEDED -> status == 0;
        case IF_FAILED -> status != 0;
      };
    }
  }

  /**
   * Simple commands joined by {@code ;}, new lines, {@code &&} and {@code ||}, with quotes; the
   * output of {@code echo} may go to a file or, by {@code >&2}, to standard error.
   *
   * @return empty if the script has anything else in it: pipes, variables, loops, other
   *     redirections
   */
  static Optional<List<Step>> steps(String script) {
    return new Reader(script).read();
  }

  /** {@code 5}, {@code 0.5}, {@code 5s}, {@code 2m}, {@code 1h}. */
  static Optional<Duration> duration(String word) {
    long unit =
        switch (word.isEmpty() ? ' ' : word.charAt(word.length() - 1)) {
          case 'm' -> 60;
          case 'h' -> 3600;
          case 'd' -> 86400;
          default -> 1;
        };
    boolean suffixed = unit > 1 || word.endsWith("s");
    String number = suffixed ? word.substring(0, word.length() - 1) : word;
    try {
      BigDecimal seconds = new BigDecimal(number).multiply(BigDecimal.valueOf(unit));
      return seconds.signum() < 0
          ? Optional.empty()
          : Optional.of(Duration.ofMillis(seconds.multiply(MILLIS).longValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static final class Reader {

    private static final String UNKNOWN = "$`|&<>(){}*?[]!#~";

    private final String script;
    private final List<Step> steps = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private Link link = Link.ALWAYS;
    private boolean fileFollows;
    private @Nullable String file;
    private boolean appends;
    private int at;

    Reader(String script) {
      this.script = script;
    }

    Optional<List<Step>> read() {
      while (at < script.length()) {
        char c = script.charAt(at);
        if (c == ';' || c == '\n') {
          endStep(Link.ALWAYS);
          at++;
        } else if (script.startsWith("&&", at)) {
          endStep(Link.IF_SUCCEEDED);
          at += 2;
        } else if (script.startsWith("||", at)) {
          endStep(Link.IF_FAILED);
          at += 2;
        } else if (Character.isWhitespace(c)) {
          endWord();
          at++;
        } else if (c == '\'' || c == '"') {
          if (!quoted(c)) {
            return Optional.empty();
          }
        } else if (script.startsWith(">&2", at) && file == null && !fileFollows && !inWord) {
          file = ERRORS;
          appends = true;
          at += 3;
        } else if (c == '>' && file == null && !fileFollows && !isNumber()) {
          endWord();
          appends = script.startsWith(">>", at);
          fileFollows = true;
          at += appends ? 2 : 1;
        } else if (UNKNOWN.indexOf(c) >= 0) {
          return Optional.empty();
        } else {
          if (c == '\\' && at + 1 < script.length()) {
            at++;
          }
          word.append(script.charAt(at));
          inWord = true;
          at++;
        }
      }
      endStep(Link.ALWAYS);
      boolean unknown =
          fileFollows
              || steps.stream()
                  .anyMatch(s -> s.file() != null && !ECHO.contains(s.words().getFirst()));
      boolean compound =
          unknown || steps.stream().anyMatch(s -> COMPOUND.contains(s.words().getFirst()));
      return steps.isEmpty() || compound ? Optional.empty() : Optional.of(steps);
    }

    private static final List<String> ECHO = List.of("echo", "/bin/echo");

    /** Of a stream, before a redirection. */
    private boolean isNumber() {
      return inWord && word.chars().allMatch(Character::isDigit);
    }

    private static final List<String> COMPOUND =
        List.of("if", "while", "until", "for", "case", "trap", "set", "export", "function");

    private boolean quoted(char quote) {
      int end = script.indexOf(quote, at + 1);
      if (end < 0) {
        return false;
      }
      String text = script.substring(at + 1, end);
      if (quote == '"' && (text.indexOf('$') >= 0 || text.indexOf('`') >= 0)) {
        return false;
      }
      word.append(text);
      inWord = true;
      at = end + 1;
      return true;
    }

    private void endWord() {
      if (inWord) {
        if (fileFollows) {
          file = word.toString();
          fileFollows = false;
        } else {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      }
    }

    private void endStep(Link next) {
      endWord();
      if (!words.isEmpty()) {
        steps.add(new Step(link, words, file, appends));
        words = new ArrayList<>();
        file = null;
      }
      link = next;
    }
  }
}
