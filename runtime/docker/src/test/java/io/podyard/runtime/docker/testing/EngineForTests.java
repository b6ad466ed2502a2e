package io.podyard.runtime.docker.testing;

import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.DockerEngineSettings;
import io.podyard.runtime.docker.LogArchive;
import io.podyard.runtime.docker.data.DataSettings;
import io.podyard.runtime.docker.disk.DiskFiles;
import io.podyard.runtime.docker.image.FetchLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The engine that {@code DOCKER_HOST} names, or the local one, and a busybox to run in it. Without
 * them tests are skipped, and say so.
 */
public final class EngineForTests {

  private static final long CAP_SYS_RESOURCE = 1 << 24;
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private EngineForTests() {}

  /** An engine that answers; skips the test without one. */
  public static DockerEngine engine(Path folder) {
    return engine(settings(folder));
  }

  public static DockerEngine engine(DockerEngineSettings settings) {
    DockerEngine engine = new DockerEngine(settings, logs(settings), InstantSource.system());
    try {
      engine.report();
    } catch (RuntimeUnavailableException e) {
      engine.close();
      skip("no engine answers at " + settings.host() + ": " + e.getMessage());
    }
    return engine;
  }

  /** Where an engine of tests keeps logs: with what else it keeps. */
  public static LogArchive logs(DockerEngineSettings settings) {
    return new FileLogs(settings.dataFolder().resolve("logs"), settings.limits().logBytes());
  }

  public static DockerEngineSettings settings(Path folder) {
    return DockerEngineSettings.of(System.getenv(), folder)
        .with(new DockerEngineSettings.Images(quick(), true, false, 1L << 40, 1L << 40))
        .with(quickData());
  }

  /** Sources of tests are on this machine. */
  private static DataSettings quickData() {
    return new DataSettings(
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        2,
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        1000,
        true,
        DataSettings.DEFAULTS.hub());
  }

  /** So that failures are seen soon. */
  private static FetchLimits quick() {
    return new FetchLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        2,
        Duration.ofMillis(50),
        Duration.ofSeconds(1),
        3,
        4,
        1 << 30);
  }

  /** An image with a busybox and its usual commands. */
  public static TestImage busybox() {
    if (!Files.isExecutable(BUSYBOX)) {
      skip("there is no static " + BUSYBOX + " to make an image of");
    }
    Map<String, String> links = new LinkedHashMap<>();
    for (String command :
        "sh sleep echo true false cat ls id env mkdir ln rm mv stat wc dd hostname ip nc ps seq kill tail test touch wget yes grep df"
            .split(" ")) {
      links.put("bin/" + command, "/bin/busybox");
    }
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    try {
      return TestImage.ofProgram(architecture, "bin/busybox", Files.readAllBytes(BUSYBOX), links);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Skips the test, loudly, where there can be no disks: with an engine elsewhere, without root, or
   * without loop devices.
   */
  public static void needDisks() {
    if (!settings(Path.of("/nonexistent")).host().getScheme().equals("unix")) {
      skip("loop", "the engine is on another machine");
    }
    DiskFiles.unusableBecause().ifPresent(why -> skip("loop", why));
  }

  /** Whether this process has CAP_SYS_RESOURCE, without which nothing mounted grows. */
  public static boolean growsMountedDisks() {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith("CapEff:"))
          .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
          .anyMatch(capabilities -> (capabilities & CAP_SYS_RESOURCE) != 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test, and says so. */
  public static void skip(String why) {
    skip("docker", why);
  }

  /**
   * Skips a test, loudly.
   *
   * @param need what is missing, in one word
   */
  public static void skip(String need, String why) {
    String line = "SKIPPED-NEEDS: " + need + " (" + why + ")";
    System.out.println(line);
    Assumptions.abort(line);
  }
}
