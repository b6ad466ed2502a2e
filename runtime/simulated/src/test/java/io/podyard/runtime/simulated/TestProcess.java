package io.podyard.runtime.simulated;

import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The real second process of a test, ended by its id. */
final class TestProcess implements AutoCloseable {

  private static final long ASK_NANOS = 20_000_000;
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Map<String, String> environment;

  TestProcess(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  Path socket() {
    return folder.resolve("hosts.sock");
  }

  Path log() {
    return folder.resolve("hosts.log");
  }

  SimulatedHostsLaunch launch() {
    return SimulatedHostsLaunch.of(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        log(),
        environment);
  }

  SimulatedHostsClient connect() throws Exception {
    return launch().connect(socket(), PATIENCE);
  }

  ProcessHandle handle() throws IOException {
    long pid = Long.parseLong(Files.readString(folder.resolve("hosts.sock.lock")).strip());
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new AssertionError("no process " + pid + ": " + logText()));
  }

  /** Without a launcher, as a child whose end can be seen. */
  Process startAttached() throws IOException {
    SimulatedHostsLaunch launch = launch();
    List<String> command = new ArrayList<>();
    command.add(launch.java().toString());
    command.addAll(launch.javaOptions());
    command.addAll(List.of("-cp", launch.classPath(), launch.mainClass(), socket().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    return builder.start();
  }

  /** Until a process listens. */
  void awaitSocket() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (SimulatedHostsClient client = new SimulatedHostsClient(socket())) {
      while (true) {
        try {
          client.hosts();
          return;
        } catch (RuntimeUnavailableException e) {
          if (System.nanoTime() > deadline) {
            throw new AssertionError("nobody listens: " + logText(), e);
          }
          LockSupport.parkNanos(ASK_NANOS);
        }
      }
    }
  }

  private String logText() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "no log";
    }
  }

  @Override
  public void close() throws Exception {
    ProcessHandle process = handle();
    process.destroy();
    process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
