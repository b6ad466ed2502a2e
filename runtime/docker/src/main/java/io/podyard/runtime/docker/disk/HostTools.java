package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of this machine that make and attach file systems. */
final class HostTools {

  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

  /** The largest disk of the contract is made sparsely; checking one takes longest. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int LONGEST_OUTPUT = 16 * 1024;

  private HostTools() {}

  record Result(int exitCode, String output) {
    boolean well() {
      return exitCode == 0;
    }
  }

  static Optional<Path> find(String program) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program to its end.
   *
   * @throws IOException if it cannot be run, or does not end in time
   */
  static Result run(String program, String... arguments) throws IOException {
    Path path =
        find(program).orElseThrow(() -> new IOException("there is no " + program + " here"));
    List<String> command = Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(program + " takes longer than " + LONGEST);
      }
      return new Result(process.exitValue(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + program, e);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * The same for what has to end well.
   *
   * @throws IOException also if it ends with another code than 0
   */
  static String need(String program, String... arguments) throws IOException {
    Result result = run(program, arguments);
    if (!result.well()) {
      throw new IOException(program + " ended with " + result.exitCode() + ": " + result.output());
    }
    return result.output();
  }
}
