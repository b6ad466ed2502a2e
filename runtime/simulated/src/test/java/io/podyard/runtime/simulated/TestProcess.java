package io.podyard.runtime.simulated;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real second process of a test, ended by its id. */
final class TestProcess implements AutoCloseable {

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
    long pid =
        Long.parseLong(Files.readString(folder.resolve("hosts.sock.lock")).strip());
    return ProcessHandle.of(pid)
        .orElseThrow(() -> new AssertionError("no process " + pid + ": " + logText()));
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
