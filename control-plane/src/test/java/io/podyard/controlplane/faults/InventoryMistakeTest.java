package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An inventory file that cannot be used when the server starts. */
class InventoryMistakeTest {

  @TempDir private Path folder;

  @Test
  void theServerDoesNotStartWithAFileThatIsWrongOrMissingAndSaysWhatIsWrong() throws Exception {
    Path file = folder.resolve("inventory.yaml");
    try (ServerProcess server =
        ServerProcess.in("inventory", Map.of("PODYARD_INVENTORY", file.toString()))) {
      server.launch(Map.of());
      givesUp(server);
      assertThat(server.lastWords()).contains("PODYARD_INVENTORY: " + file + " cannot be read");

      Files.writeString(
          file,
          """
          pools:
            - poolId: general
              regionId: cn-hangzhou
              runtime: simulated
              policy: best
              hosts:
                - {hostId: sim-0001, zoneIdd: cn-hangzhou-b}
          """);
      server.launch(Map.of());
      givesUp(server);
      assertThat(server.lastWords())
          .contains("PODYARD_INVENTORY: " + file + " has ")
          .contains("pools[0].policy", "pools[0].hosts[0].zoneIdd");

      Files.writeString(file, "pools: []\n");
      server.start();
      assertThat(server.isAlive()).isTrue();
    }
  }

  private static void givesUp(ServerProcess server) {
    Waiting.until("it gives up", Duration.ofMinutes(3), () -> !server.isAlive());
  }
}
