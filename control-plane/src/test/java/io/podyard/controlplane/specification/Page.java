package io.podyard.controlplane.specification;

import io.podyard.api.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One page of the specification: prose with requests in it and what each is answered.
 *
 * @param sections what is below each heading that has requests
 * @param impossible by action, the declared errors that the page says never occur
 */
record Page(String name, List<Section> sections, Map<Action, Set<String>> impossible) {

  /** What is below one heading, in its order. */
  record Section(String title, List<Exchange> exchanges) {}

  /**
   * A request and its answer.
   *
   * @param account who asks; empty for the account of the page
   * @param line where the page has it
   */
  record Exchange(
      Action action,
      String account,
      Map<String, String> parameters,
      Expectation expectation,
      int line) {}

  private static final Pattern NAME = Pattern.compile("[0-9]{2}-[a-z-]+\\.md");
  private static final Pattern OPENING = Pattern.compile("```(request|answer|error)(?: (.*))?");
  private static final Pattern REQUEST = Pattern.compile("(\\w+)(?: as (\\w+))?");
  private static final Pattern IMPOSSIBLE = Pattern.compile("#+ (\\w+): errors that do not occur");
  private static final Pattern CODE = Pattern.compile("`([A-Za-z0-9._ ]+)`");

  static List<Page> all(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<Page> pages = new ArrayList<>();
      // The others explain.
      for (Path file :
          files
              .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList()) {
        pages.add(new Reader(file).read());
      }
      return pages;
    }
  }

  static Action action(String name) {
    return Arrays.stream(Action.values())
        .filter(action -> action.wireName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no action " + name));
  }

  private static final class Reader {

    private final Path file;
    private final List<String> lines;
    private int at;

    Reader(Path file) throws IOException {
      this.file = file;
      this.lines = Files.readAllLines(file);
    }

    Page read() {
      List<Section> sections = new ArrayList<>();
      Map<Action, Set<String>> impossible = new LinkedHashMap<>();
      List<Exchange> exchanges = new ArrayList<>();
      String title = "";
      Action without = null;
      while (at < lines.size()) {
        String line = lines.get(at);
        Matcher opening = OPENING.matcher(line);
        if (line.startsWith("#")) {
          if (!exchanges.isEmpty()) {
            sections.add(new Section(title, List.copyOf(exchanges)));
            exchanges.clear();
          }
          title = line.replaceFirst("#+ *", "");
          Matcher none = IMPOSSIBLE.matcher(line);
          without = none.matches() ? action(none.group(1)) : null;
          at++;
        } else if (opening.matches()) {
          exchanges.add(exchange(opening));
        } else {
          if (without != null && line.startsWith("- ")) {
            Set<String> codes = impossible.computeIfAbsent(without, _ -> new TreeSet<>());
            int colon = line.indexOf(": ");
            check(colon > 0, "a line of errors says why after a colon");
            CODE.matcher(line.substring(0, colon)).results().forEach(m -> codes.add(m.group(1)));
          }
          at++;
        }
      }
      if (!exchanges.isEmpty()) {
        sections.add(new Section(title, List.copyOf(exchanges)));
      }
      return new Page(
          file.getFileName().toString().replace(".md", ""), List.copyOf(sections), impossible);
    }

    private Exchange exchange(Matcher opening) {
      check(opening.group(1).equals("request"), "a request is before its answer");
      int line = at + 1;
      Matcher head = REQUEST.matcher(String.valueOf(opening.group(2)));
      check(head.matches(), "a request names its action");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String parameter : block()) {
        int equals = parameter.indexOf('=');
        check(equals > 0, "a parameter is name=value: " + parameter);
        parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
      }
      while (at < lines.size() && lines.get(at).isBlank()) {
        at++;
      }
      Matcher answer = OPENING.matcher(at < lines.size() ? lines.get(at) : "");
      check(answer.matches() && !answer.group(1).equals("request"), "a request has an answer");
      String kind = answer.group(1);
      String words = answer.group(2) == null ? "" : answer.group(2);
      Expectation expectation =
          kind.equals("error")
              ? Expectation.error(words, block())
              : Expectation.answer(words, block());
      return new Exchange(
          action(head.group(1)),
          head.group(2) == null ? "" : head.group(2),
          parameters,
          expectation,
          line);
    }

    /** The lines up to the end of a block. */
    private List<String> block() {
      List<String> block = new ArrayList<>();
      at++;
      while (at < lines.size() && !lines.get(at).equals("```")) {
        if (!lines.get(at).isBlank()) {
          block.add(lines.get(at));
        }
        at++;
      }
      check(at < lines.size(), "a block ends");
      at++;
      return block;
    }

    private void check(boolean holds, String rule) {
      if (!holds) {
        throw new IllegalArgumentException("%s, line %d: %s".formatted(file, at + 1, rule));
      }
    }
  }
}
