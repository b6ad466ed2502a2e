package io.podyard.runtime.docker;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a kernel writes core dumps ({@code kernel.core_pattern}, core(5)). A file is named as the
 * process that crashed sees it: by a whole path, or from its working directory on.
 */
final class CorePattern {

  /** Followed by the program that is handed the dump. */
  private static final char PIPE = '|';

  /** Followed by the socket that is handed the dump. */
  private static final char SOCKET = '@';

  private static final String NUMBERS = "pPiIugdst";
  private static final String WORDS = "hecfEC";
  private static final String FIRST_PROCESS = "1";

  private final String text;

  /** Whether {@code kernel.core_uses_pid} adds the process's number where the pattern has none. */
  private final boolean addsProcess;

  /** Null if it could be read. */
  private final @Nullable String unreadable;

  private CorePattern(String text, boolean addsProcess, @Nullable String unreadable) {
    this.text = text;
    this.addsProcess = addsProcess;
    this.unreadable = unreadable;
  }

  /**
   * @param text of the two parameters of the kernel, {@code core_pattern} and {@code
   *     core_uses_pid}, each with a line of its own
   */
  static CorePattern of(String text) {
    String[] lines = text.split("\n", -1);
    boolean addsProcess =
        lines.length > 1 && !lines[1].strip().equals("0") && !lines[0].contains("%p");
    return new CorePattern(lines[0], addsProcess, null);
  }

  /** Of a host that does not tell. */
  static CorePattern unreadable(String why) {
    return new CorePattern("", false, why);
  }

  /** Why there are no files; empty if there are. */
  Optional<String> noFilesBecause() {
    if (unreadable != null) {
      return Optional.of("its host does not tell where core dumps go: " + unreadable);
    }
    if (text.isEmpty() && !addsProcess) {
      return Optional.of(
          "the kernel of its host writes no core dumps (kernel.core_pattern is empty)");
    }
    if (!text.isEmpty() && (text.charAt(0) == PIPE || text.charAt(0) == SOCKET)) {
      return Optional.of(
          "the kernel of its host does not write core dumps to files but hands them on"
              + " (kernel.core_pattern is \"%s\")".formatted(text));
    }
    return Optional.empty();
  }

  /** All paths that a dump may have. */
  Pattern paths() {
    StringBuilder regex = new StringBuilder(text.startsWith("/") ? "" : "(?:.*/)?");
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        plain.append(c);
        continue;
      }
      i++;
      char specifier = i < text.length() ? text.charAt(i) : ' ';
      if (specifier == '%') {
        plain.append('%');
        continue;
      }
      regex.append(quoted(plain));
      if (NUMBERS.indexOf(specifier) >= 0) {
        regex.append("\\d+");
      } else if (WORDS.indexOf(specifier) >= 0) {
        regex.append("[^/]*");
      }
    }
    regex.append(quoted(plain));
    if (addsProcess) {
      regex.append("\\.\\d+");
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static String quoted(StringBuilder plain) {
    String quoted = plain.isEmpty() ? "" : Pattern.quote(plain.toString());
    plain.setLength(0);
    return quoted;
  }

  /**
   * The path of a dump of the first process of a container, if nothing else than its number is in
   * it.
   *
   * @param workingFolder of the container
   */
  Optional<String> likelyPath(String workingFolder) {
    String path = (addsProcess ? text + ".%p" : text).replace("%p", FIRST_PROCESS);
    if (path.contains("%")) {
      return Optional.empty();
    }
    String folder = workingFolder.endsWith("/") ? workingFolder : workingFolder + "/";
    return Optional.of(path.startsWith("/") ? path : folder + path);
  }
}
