package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The server is killed at any moment, and nothing is lost, made twice or restarted. */
class KillTest {

  /** So small that groups have to wait for one another's capacity. */
  private static final Map<String, String> SMALL_HOSTS =
      Map.of("PODYARD_SIMULATED_HOST_SIZE", "4vCPU/16GiB");

  private static final Duration WITHOUT_SERVER = Duration.ofSeconds(1);
  private static final int CLIENTS = 4;
  private static final int MOST_ALIVE = 20;

  @Test
  void killedAtRandomMomentsItLosesDoublesAndRestartsNothing() throws Exception {
    SplittableRandom random = Length.random(KillTest.class);
    int kills = Length.of(3, 20);
    try (ServerProcess server = ServerProcess.in("kill", SMALL_HOSTS).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      inspection.mustBeDurable();
      Told told = new Told();
      try (Burst _ =
          Burst.start(server.client(), "k", random.nextLong(), CLIENTS, MOST_ALIVE, told)) {
        for (int i = 0; i < kills; i++) {
          int before = told.groups();
          Waiting.until("a burst", () -> told.groups() > before + 10);
          Waiting.during(Duration.ofMillis(random.nextInt(1_500)), server::isAlive);
          Map<ContainerGroupId, Set<String>> running = inspection.awaitRunning(5, told);
          server.kill9();
          long dead = System.nanoTime();
          while (System.nanoTime() - dead < WITHOUT_SERVER.toNanos()) {
            inspection.mustStillRun(running, told);
          }
          server.start();
        }
      }
      Aftermath.mustBeClean(told, server.client(), inspection);
      assertThat(server.errors()).isEmpty();
      System.out.printf("%d kills at random moments: %s%n", kills, told);
    }
  }
}
