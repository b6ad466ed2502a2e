package io.podyard.controlplane.door.rest;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that a test needs and that not every machine has. */
final class OutsideProgram {

  private OutsideProgram() {}

  /**
   * Where the program is. Without it the test is skipped, and says so.
   *
   * @param names what it may be called; the first one is how a skipped test calls it
   */
  static Path orSkip(String... names) {
    Optional<Path> program = find(List.of(names));
    if (program.isEmpty()) {
      String line = "SKIPPED-NEEDS: %s (no %s on the PATH)".formatted(names[0], names[0]);
      System.out.println(line);
      Assumptions.abort(line);
    }
    return program.orElseThrow();
  }

  private static Optional<Path> find(List<String> names) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin");
    return Stream.of(path.split(File.pathSeparator))
        .flatMap(dir -> names.stream().map(Path.of(dir)::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
