package io.podyard.bench.firstanswer;

import io.podyard.bench.Command;
import io.podyard.bench.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** PostgreSQL by itself, by the same programs that Podyard brings along. */
final class PostgresAlone {

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private final Path programs;
  private final Path data;
  private final Path log;

  /**
   * @param cache where a server of Podyard unpacked the programs
   * @param folder for the data; need not exist
   */
  PostgresAlone(Path cache, Path folder) {
    this.programs = programs(cache);
    this.data = folder.resolve("data");
    this.log = folder.resolve("server.log");
  }

  private static Path programs(Path cache) {
    try (Stream<Path> unpacked = Files.list(cache.resolve("podyard"))) {
      return unpacked
          .map(folder -> folder.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new IllegalStateException("no PostgreSQL in " + cache));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes an empty database cluster. */
  void initialise() {
    try {
      Files.createDirectories(data.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String _ =
        Command.output(
            command(
                "initdb",
                "--pgdata=" + data,
                "--username=podyard",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale"));
  }

  /** Starts the server, connects to it and stops it again; answers how long the first two took. */
  Duration startAndConnect() {
    try {
      int port = freePort();
      long start = System.nanoTime();
      Process server =
          new ProcessBuilder(
                  command(
                      "postgres",
                      "-D",
                      data.toString(),
                      "-c",
                      "port=" + port,
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories="))
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      try {
        Waiting.until(
            "PostgreSQL's start",
            LONGEST,
            BETWEEN_LOOKS,
            () -> {
              if (!server.isAlive()) {
                throw new IllegalStateException("PostgreSQL ended: " + Files.readString(log));
              }
              return connects(port);
            });
        return Duration.ofNanos(System.nanoTime() - start);
      } finally {
        server.destroy();
        if (!server.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
          server.destroyForcibly();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static boolean connects(int port) {
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "podyard", "")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** PostgreSQL refuses to run as root; without a mapping root is somebody else. */
  private List<String> command(String program, String... arguments) {
    List<String> line = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      line.addAll(List.of("unshare", "--user"));
    }
    line.add(programs.resolve(program).toString());
    line.addAll(List.of(arguments));
    return line;
  }
}
