package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The programs of this machine that make and attach file systems. */
final class HostTools {

  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));

  /** The largest disk of the contract is made sparsely; checking one takes longest. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int LONGEST_OUTPUT = 16 * 1024;

  private HostTools() {}

  record Result(String program, int exitCode, String output) {
    boolean well() {
      return exitCode == 0;
    }

    IOException failure() {
      return new IOException("%s ended with %d: %s".formatted(program, exitCode, output));
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
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    // What it says is read here.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try (InputStream out = process.getInputStream()) {
      CompletableFuture<String> said = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> listen(out, said));
      String text = said.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException(program + " does not end");
      }
      return new Result(program, process.exitValue(), text.strip());
    } catch (TimeoutException e) {
      throw new IOException(program + " takes longer than " + LONGEST, e);
    } catch (ExecutionException e) {
      throw new IOException("nothing is heard of " + program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + program, e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** To the end, so that nobody waits for room to say more; only the beginning is kept. */
  private static void listen(InputStream out, CompletableFuture<String> said) {
    try {
      String text = new String(out.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8);
      long _ = out.transferTo(OutputStream.nullOutputStream());
      said.complete(text);
    } catch (IOException e) {
      said.completeExceptionally(e);
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
      throw result.failure();
    }
    return result.output();
  }
}
