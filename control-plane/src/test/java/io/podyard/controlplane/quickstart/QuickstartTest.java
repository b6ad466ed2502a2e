package io.podyard.controlplane.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.PodyardApplication;
import io.podyard.controlplane.postgres.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command, as its reader runs it, on simulated hosts. */
class QuickstartTest {

  private static final long LONGEST_MINUTES = 4;

  @TempDir private Path folder;

  /** The simulated hosts outlive the server by design. */
  @AfterEach
  void endSimulatedHosts() throws Exception {
    Path lock = folder.resolve("data/simulated-hosts.sock.lock");
    if (Files.exists(lock)) {
      Optional<ProcessHandle> hosts =
          ProcessHandle.of(Long.parseLong(Files.readString(lock).strip()));
      hosts.ifPresent(ProcessHandle::destroy);
      if (hosts.isPresent()) {
        hosts.get().onExit().get(1, TimeUnit.MINUTES);
      }
    }
    assertThat(LocalPostgres.running(folder.resolve("data/postgres"))).isEmpty();
  }

  @Test
  void oneGroupGoesThroughItsWholeLifeAndIsBilledAndTheDataSurviveASecondStart() throws Exception {
    String first = run();
    assertThat(first)
        .contains("simulated hosts: nothing real is started")
        .contains("CreateContainerGroup")
        .containsPattern("scheduling +[0-9.]+ s")
        .containsPattern("start +[0-9.]+ s")
        .contains("preparing /shared")
        .contains("hello from inside")
        .contains("made-by=quickstart")
        .contains("nothing is left")
        .containsPattern("2 vCPU x [0-9]+ s x 0.000049 CNY = ")
        .containsPattern("4 GiB x [0-9]+ s x 0.00000613 CNY = ")
        .containsPattern("amount [0-9.]+ CNY");
    String key = line(first, "Access key ");
    assertThat(line(run(), "Access key ")).isEqualTo(key);
  }

  private String run() throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                PodyardApplication.class.getName(),
                "quickstart",
                "--once")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PODYARD_"));
    builder.environment().put("PODYARD_DATA_DIR", folder.resolve("data").toString());
    builder.environment().put("PODYARD_RUNTIME", "simulated");
    builder.environment().put("SERVER_PORT", "0");
    Process process = builder.start();
    boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(ended && process.exitValue() == 0).as(text).isTrue();
    return text;
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }
}
