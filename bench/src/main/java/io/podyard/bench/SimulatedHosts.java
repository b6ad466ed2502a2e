package io.podyard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A process of simulated hosts with room for more groups than the one that a server starts by
 * itself; a server on the same data folder finds it there.
 *
 * @param count of hosts
 * @param each the size of every host, as {@code 16vCPU/64GiB}
 */
public record SimulatedHosts(Process process, int count, String each) implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofMinutes(15);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  /** What a server is to be told to run on them. */
  public static final Map<String, String> FOR_SERVER = Map.of("PODYARD_RUNTIME", "simulated");

  /** Starts the process and waits until it can be reached. */
  public static SimulatedHosts start(Path data, int count, String each) {
    try {
      Files.createDirectories(data);
      Path socket = data.resolve("simulated-hosts.sock");
      Path log = data.resolve("bench-hosts.log");
      Process process =
          Server.script(
              log,
              Map.of(
                  "PODYARD_SIMULATED_HOSTS",
                  Integer.toString(count),
                  "PODYARD_SIMULATED_HOST_SIZE",
                  each,
                  "PODYARD_JAVA_OPTS",
                  "-Xmx2g"),
              "simulated-hosts",
              socket.toString());
      SimulatedHosts hosts = new SimulatedHosts(process, count, each);
      Runtime.getRuntime().addShutdownHook(new Thread(hosts::close));
      Waiting.until(
          "the start of the simulated hosts",
          LONGEST_START,
          Duration.ofMillis(50),
          () -> {
            if (!process.isAlive()) {
              throw new IllegalStateException(
                  "the simulated hosts ended with "
                      + process.exitValue()
                      + ":\n"
                      + Server.lastWords(log));
            }
            return Files.exists(socket);
          });
      return hosts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    if (!Waiting.forEnd(process.toHandle(), LONGEST_STOP)) {
      process.destroyForcibly();
    }
  }
}
