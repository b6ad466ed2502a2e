package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed at any moment while it makes and ends real containers. */
@Tag("docker")
class KillOnDockerTest {

  private static final Map<String, String> SETTINGS =
      Map.of("PODYARD_RUNTIME", "docker", "PODYARD_CPU_OVERCOMMIT", "3");

  /** An engine makes a few groups a second, not hundreds, and fewer on a busy machine. */
  private static final int MOST_IN_MOTION = 6;

  private static final int CLIENTS = 3;

  private static final Duration WITHOUT_SERVER = Duration.ofSeconds(1);

  @TempDir private Path folder;

  @Test
  void killedAtRandomMomentsItLosesDoublesAndRestartsNoContainer() throws Exception {
    SplittableRandom random = Length.random(KillOnDockerTest.class);
    int kills = Length.of(2, 5);
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("docker", SETTINGS).start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        Told told = new Told();
        Burst.Pace pace =
            new Burst.Pace(CLIENTS, 5, 600, () -> inspection.inMotion().size() < MOST_IN_MOTION);
        try (Burst _ =
            Burst.start(server.client(), "d", random.nextLong(), pace, engine.kinds(), told)) {
          for (int i = 0; i < kills; i++) {
            int before = told.groups();
            Waiting.until("a burst", () -> told.groups() > before + 5);
            Waiting.during(Duration.ofMillis(random.nextInt(2_000)), server::isAlive);
            Map<ContainerGroupId, Set<String>> running = inspection.awaitRunning(CLIENTS + 1, told);
            server.kill9();
            long dead = System.nanoTime();
            while (System.nanoTime() - dead < WITHOUT_SERVER.toNanos()) {
              inspection.mustStillRun(running, told);
            }
            server.start();
          }
        }
        inspection.awaitSettled();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");
        Aftermath.mustBeClean(told, server.client(), inspection);
        engine.mustBeEmptyOf(inspection.installation());
        assertThat(engine.pulls()).isPositive();
        assertThat(server.errors()).isEmpty();
        System.out.printf("%d kills on Docker: %s%n", kills, told);
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }
}
