package io.podyard.controlplane.door.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What {@code docs/clients.md} tells a user to run and to write. */
final class ClientGuide {

  /** Where the guide takes a server to be. */
  static final String ENDPOINT = "http://127.0.0.1:8080";

  private static final Path FILE = Path.of("..", "docs", "clients.md");
  private static final Pattern TAGGED =
      Pattern.compile("// tag::(\\w+)\\[]\n(.*?)\n *// end::\\1\\[]", Pattern.DOTALL);

  private final String section;

  /**
   * @param heading of the section about one language
   */
  ClientGuide(String heading) {
    String text = read(FILE);
    int start = text.indexOf("\n### " + heading + "\n");
    if (start < 0) {
      throw new IllegalStateException(FILE + " says nothing of " + heading);
    }
    int end = text.indexOf("\n### ", start + 1);
    this.section = text.substring(start, end < 0 ? text.length() : end);
  }

  /** The commands of the section, in their order, one script. */
  String commands() {
    return String.join("\n", blocks("sh"));
  }

  /** The examples in a programming language. */
  List<String> blocks(String language) {
    return Pattern.compile("^```" + language + "\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(section)
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }

  /** The parts of a program that are marked to be shown, without their indentation. */
  static List<String> shownParts(Path program) {
    return TAGGED
        .matcher(read(program))
        .results()
        .map(part -> part.group(2).stripIndent())
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
