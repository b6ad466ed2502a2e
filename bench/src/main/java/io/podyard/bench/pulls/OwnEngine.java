package io.podyard.bench.pulls;

import io.podyard.bench.Engine;
import io.podyard.bench.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A Docker daemon with a data root and a network namespace of its own. The namespace has no name:
 * it goes with the last process in it, and with it its bridges, addresses and firewall. So engines
 * are not in each other's way, and what is the machine's stays as it is. Nothing gets into it but
 * through the daemon's socket. Takes root.
 */
final class OwnEngine implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  private final Path folder;
  private final Process daemon;
  private final Engine engine;
  private final Thread atExit = new Thread(this::end);

  private OwnEngine(Path folder, Process daemon) {
    this.folder = folder;
    this.daemon = daemon;
    this.engine = Engine.at(socket());
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts one; returns at once.
   *
   * @param folder for all it keeps; of a short path, for its socket is there
   */
  static OwnEngine launch(Path folder) {
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(
              "unshare",
              "--net",
              "dockerd",
              "--host",
              "unix://" + folder.resolve("docker.sock"),
              "--data-root",
              folder.resolve("data").toString(),
              "--exec-root",
              folder.resolve("exec").toString(),
              "--pidfile",
              folder.resolve("docker.pid").toString());
      builder.redirectInput(new File("/dev/null"));
      builder.redirectErrorStream(true);
      builder.redirectOutput(log(folder).toFile());
      return new OwnEngine(folder, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until it answers.
   *
   * @throws IllegalStateException with its last words if it ends instead
   */
  void awaitReady() {
    Waiting.until(
        "the start of a Docker daemon",
        LONGEST_START,
        Duration.ofMillis(100),
        () -> {
          if (!daemon.isAlive()) {
            throw new IllegalStateException("dockerd ended:\n" + lastWords());
          }
          return answers();
        });
  }

  private boolean answers() {
    try {
      return engine.call("GET", "/_ping", null).equals("OK");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log(folder));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("dockerd.log");
  }

  Path socket() {
    return folder.resolve("docker.sock");
  }

  Engine engine() {
    return engine;
  }

  /** Ends it with all that runs on it; its files stay. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    end();
  }

  private void end() {
    if (daemon.isAlive() && answers()) {
      for (JsonNode container : engine.get("/containers/json?all=1")) {
        engine.delete("/containers/" + container.path("Id").asString() + "?force=1&v=1");
      }
    }
    daemon.destroy();
    if (!Waiting.forEnd(daemon.toHandle(), LONGEST_STOP)) {
      daemon.destroyForcibly();
    }
    mounts().forEach(OwnEngine::unmount);
  }

  /** What a daemon that did not end by itself left mounted, the innermost first. */
  private List<String> mounts() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/mounts"))) {
      return lines
          .map(line -> line.split(" ", 3)[1])
          .filter(mount -> mount.startsWith(folder + "/"))
          .sorted((one, other) -> other.compareTo(one))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unmount(String mount) {
    try {
      Process _ = new ProcessBuilder("umount", "--lazy", mount).inheritIO().start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
