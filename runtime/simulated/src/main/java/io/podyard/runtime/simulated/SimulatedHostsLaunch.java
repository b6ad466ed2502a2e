package io.podyard.runtime.simulated;

import io.podyard.runtime.RuntimeUnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the process of the simulated hosts is started when none is there.
 *
 * @param java the executable
 * @param javaOptions before the class path, for example {@code -Xmx192m}
 * @param classPath with this module, the ports and Jackson
 * @param mainClass {@link #MAIN_CLASS}, unless a launcher has to find it
 * @param log gets what the process writes, appended
 * @param environment what is added to this process's own, for example {@code
 *     PODYARD_SIMULATED_HOSTS}
 */
public record SimulatedHostsLaunch(
    Path java,
    List<String> javaOptions,
    String classPath,
    String mainClass,
    Path log,
    Map<String, String> environment) {

  public static final String MAIN_CLASS = "io.podyard.runtime.simulated.SimulatedHosts";

  /** How often a starting process is asked whether it answers. */
  private static final long ASK_MILLIS = 20;

  private static final long RETRY_MILLIS = 200;

  public SimulatedHostsLaunch {
    javaOptions = List.copyOf(javaOptions);
    environment = Map.copyOf(environment);
  }

  /** With the options that suit a small process of many small objects. */
  public static SimulatedHostsLaunch of(
      Path java, String classPath, Path log, Map<String, String> environment) {
    return new SimulatedHostsLaunch(
        java,
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m"),
        classPath,
        MAIN_CLASS,
        log,
        environment);
  }

  /**
   * A client of the process that listens at the socket, which is started if there is none. It runs
   * on when this process ends, also by Ctrl-C in its terminal.
   *
   * @param patience how long a new process may take to answer
   * @throws RuntimeUnavailableException if it does not answer in time
   */
  public SimulatedHostsClient connect(Path socket, Duration patience)
      throws IOException, InterruptedException, RuntimeUnavailableException {
    SimulatedHostsClient client = new SimulatedHostsClient(socket);
    boolean ready = false;
    try {
      long deadline = System.nanoTime() + patience.toNanos();
      @Nullable Process process = null;
      while (true) {
        ready = answers(client);
        if (ready) {
          return client;
        }
        if (System.nanoTime() > deadline) {
          throw new RuntimeUnavailableException(
              "the simulated hosts did not answer at " + socket + "; see " + log);
        }
        if (process == null) {
          process = start(socket);
        }
        // Ends early if another process won the race for the socket: then that one will answer.
        boolean _ = process.waitFor(ASK_MILLIS, TimeUnit.MILLISECONDS);
        if (!process.isAlive()) {
          int status = process.exitValue();
          if (status != 0 && status != SimulatedHosts.ALREADY_SERVED) {
            throw new RuntimeUnavailableException(
                "the simulated hosts ended with " + status + "; see " + log);
          }
          TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
          process = null; // the winner may have been about to end; then the place is free again
        }
      }
    } finally {
      if (!ready) {
        client.close();
      }
    }
  }

  private static boolean answers(SimulatedHostsClient client) {
    try {
      return client.hosts() != null;
    } catch (RuntimeUnavailableException e) {
      return false;
    }
  }

  private Process start(Path socket) throws IOException {
    List<String> command = new ArrayList<>();
    setsid().ifPresent(command::add);
    command.add(java.toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", classPath, mainClass, socket.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.redirectErrorStream(true);
    return builder.start();
  }

  /** A session of its own, so that a terminal's signals do not reach the process. */
  private static Optional<String> setsid() {
    return Stream.of("/usr/bin/setsid", "/bin/setsid")
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst();
  }
}
