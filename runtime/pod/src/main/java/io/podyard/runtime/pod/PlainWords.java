package io.podyard.runtime.pod;

import io.podyard.runtime.TerminationMessage;
import java.util.stream.Collectors;

/**
 * What engines and registries say, made fit to be stored and shown. Anybody may run a registry: its
 * words may hold what no database takes as text, or be a gigabyte.
 */
final class PlainWords {

  /** Enough for the reason; an engine's whole trace belongs into its own log. */
  static final int LONGEST_MESSAGE = 1_000;

  /** Machine-readable reasons are one word. */
  static final int LONGEST_REASON = 100;

  private PlainWords() {}

  /** What a container said of its end: it may have lines. */
  static String termination(String text) {
    return text.lines()
        .map(line -> of(line, TerminationMessage.LONGEST_BYTES))
        .collect(Collectors.joining("\n"));
  }

  static String reason(String text) {
    return of(text, LONGEST_REASON);
  }

  static String message(String text) {
    return of(text, LONGEST_MESSAGE);
  }

  /** At most {@code longest} characters; control characters and broken surrogates become '?'. */
  private static String of(String text, int longest) {
    String stripped = text.length() > longest ? text : text.strip();
    int end = Math.min(stripped.length(), longest);
    StringBuilder plain = new StringBuilder(end + 3);
    int i = 0;
    while (i < end) {
      int codePoint = stripped.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (next <= end) {
        plain.appendCodePoint(shows(codePoint) ? codePoint : '?');
      }
      i = next;
    }
    return stripped.length() > longest ? plain.append("...").toString() : plain.toString();
  }

  private static boolean shows(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
