package io.podyard.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All Java sources are formatted by google-java-format. {@code mvn verify -Dpodyard.format=write}
 * formats them instead of complaining.
 */
class FormatTest {

  private final Formatter formatter = new Formatter();

  @Test
  void allSourcesAreFormatted() throws Exception {
    boolean write = "write".equals(System.getProperty("podyard.format"));
    List<Path> unformatted = new ArrayList<>();
    for (Path source : Sources.java()) {
      String text = Files.readString(source);
      String formatted = format(text, source);
      if (!text.equals(formatted)) {
        unformatted.add(source);
        if (write) {
          Files.writeString(source, formatted);
        }
      }
    }
    assertThat(write ? List.<Path>of() : unformatted)
        .as("not formatted; run ./mvnw verify -Dpodyard.format=write")
        .isEmpty();
  }

  private String format(String text, Path source) {
    try {
      String ordered =
          RemoveUnusedImports.removeUnusedImports(ImportOrderer.reorderImports(text, Style.GOOGLE));
      return formatter.formatSource(ordered);
    } catch (FormatterException e) {
      throw new IllegalStateException(source + " cannot be formatted", e);
    }
  }

  /** The sources of the whole tree. */
  static final class Sources {

    private Sources() {}

    static List<Path> java() {
      Path root = root();
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(
                file -> {
                  String path = root.relativize(file).toString();
                  return !path.contains("target/") && !path.startsWith(".");
                })
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static Path root() {
      Path folder = Path.of("").toAbsolutePath();
      while (!Files.exists(folder.resolve("docs/architecture.md"))
          && !Files.exists(folder.resolve("migrations"))) {
        folder = folder.getParent();
      }
      return folder;
    }
  }
}
