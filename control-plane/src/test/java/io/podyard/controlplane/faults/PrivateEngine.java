package io.podyard.controlplane.faults;

import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Docker daemon of a test's own, which may be killed. It leaves the firewall of the machine
 * alone, since other daemons run beside it. Needs root; without it the test is skipped.
 */
final class PrivateEngine implements AutoCloseable {

  private static final int LONGEST_STOP_SECONDS = 60;
  private static final int LONGEST_ANSWER_SECONDS = 10;

  private final Path folder;
  private final String bridge;
  private final boolean liveRestore;
  private @Nullable Process daemon;

  private PrivateEngine(Path folder, String bridge, boolean liveRestore) {
    this.folder = folder;
    this.bridge = bridge;
    this.liveRestore = liveRestore;
  }

  /**
   * Starts one.
   *
   * @param folder for all it keeps; of a short path, for its socket is there
   * @param liveRestore whether containers go on without the daemon, and stay when it comes back
   */
  static PrivateEngine start(Path folder, boolean liveRestore) throws Exception {
    if (!"root".equals(System.getProperty("user.name"))) {
      EngineForTests.skip("dockerd", "a daemon of the test's own needs root");
    }
    long number = ProcessHandle.current().pid();
    PrivateEngine engine = new PrivateEngine(folder, "podyard-%x".formatted(number), liveRestore);
    // One that no other daemon gives addresses of: they begin at 172.16.
    String address = "10.%d.%d.1/24".formatted(192 + number / 256 % 32, number % 256);
    run("ip", "link", "add", "name", engine.bridge, "type", "bridge");
    try {
      run("ip", "address", "add", address, "dev", engine.bridge);
      run("ip", "link", "set", engine.bridge, "up");
      engine.start();
      return engine;
    } catch (Exception | AssertionError e) {
      engine.close();
      throw e;
    }
  }

  /** Starts the daemon, again after it was killed, on what it had. */
  void start() throws Exception {
    // What names one that was killed.
    Files.deleteIfExists(folder.resolve("docker.pid"));
    awaitEndOfContainerd();
    Process started =
        new ProcessBuilder(
                "dockerd",
                "--host",
                host(),
                "--bridge",
                bridge,
                "--iptables=false",
                "--ip6tables=false",
                "--ip-masq=false",
                "--ip-forward=false",
                "--live-restore=" + liveRestore,
                "--data-root",
                folder.resolve("data").toString(),
                "--exec-root",
                folder.resolve("exec").toString(),
                "--pidfile",
                folder.resolve("docker.pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    daemon = started;
    Waiting.until("the daemon", () -> !started.isAlive() || answers());
    if (!started.isAlive()) {
      throw new AssertionError("dockerd does not start:\n" + Files.readString(log()));
    }
  }

  /** It dies with its daemon; one that is about to would be taken for alive by the next daemon. */
  private void awaitEndOfContainerd() throws IOException {
    Path pid = folder.resolve("exec/containerd/containerd.pid");
    if (Files.exists(pid)) {
      Path status = Path.of("/proc", Files.readString(pid).strip(), "stat");
      Waiting.until("the end of containerd", () -> !runs(status));
      Files.delete(pid);
    }
  }

  /** Whether it is there and not merely to be reaped. */
  private static boolean runs(Path status) {
    try {
      String words = Files.readString(status);
      return words.charAt(words.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private boolean answers() {
    try {
      Process asking =
          new ProcessBuilder("docker", "--host", host(), "version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (asking.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
        return asking.exitValue() == 0;
      }
      asking.destroyForcibly();
      return false;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** As {@code kill -9}. */
  void kill9() throws InterruptedException {
    Process running = daemon;
    if (running != null) {
      running.destroyForcibly();
      int _ = running.waitFor();
    }
  }

  /** Stops it in its tracks: the kernel goes on taking calls for it, and nobody answers them. */
  void freeze() throws Exception {
    ServerProcess.signal("STOP", running().pid());
    Waiting.until("a standstill", this::isFrozen);
  }

  void thaw() throws Exception {
    ServerProcess.signal("CONT", running().pid());
  }

  boolean isFrozen() {
    return ServerProcess.isFrozen(running().pid());
  }

  private Process running() {
    return Objects.requireNonNull(daemon, "was never started");
  }

  /** The ids of all images that it has, but for the one that Podyard has on every host. */
  Set<String> images() throws Exception {
    Set<String> images = new HashSet<>(imagesOf());
    images.removeAll(imagesOf(DockerEngine.TINY_IMAGE));
    return images;
  }

  private List<String> imagesOf(String... names) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("docker", "--host", host(), "images", "--quiet", "--no-trunc"));
    command.addAll(names.length == 0 ? List.of("--all") : List.of(names));
    return said(command.toArray(String[]::new)).lines().toList();
  }

  /** The names of all volumes that it has. */
  Set<String> volumes() throws Exception {
    return Set.copyOf(said("docker", "--host", host(), "volume", "ls", "--quiet").lines().toList());
  }

  /** Where it listens, as {@code DOCKER_HOST} says it. */
  String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  private Path log() {
    return folder.resolve("dockerd.log");
  }

  @Override
  public void close() throws Exception {
    Process running = daemon;
    if (running != null) {
      if (running.isAlive()) {
        // A test that failed may have left it frozen.
        thaw();
        removeContainers();
      }
      running.destroy();
      if (!running.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    }
    run("ip", "link", "delete", bridge);
    for (String mount : mounts()) {
      run("umount", "--lazy", mount);
    }
  }

  /** What a test that failed left; it would outlive the daemon. */
  private void removeContainers() throws Exception {
    String containers = said("docker", "--host", host(), "ps", "--all", "--quiet");
    for (String container : containers.lines().toList()) {
      String _ = said("docker", "--host", host(), "rm", "--force", container);
    }
  }

  /** What one that was killed left mounted, the innermost first. */
  private List<String> mounts() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/mounts"))) {
      return lines
          .map(line -> line.split(" ")[1])
          .filter(mount -> mount.startsWith(folder + "/"))
          .sorted((one, other) -> other.compareTo(one))
          .toList();
    }
  }

  private static void run(String... command) throws Exception {
    String _ = said(command);
  }

  private static String said(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said;
  }
}
