package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.PodyardClient;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The last place is seen by two servers, each in its own picture of the hosts; only the database
 * knows who came first.
 */
class LastPlaceRaceTest {

  private static final int REQUESTS = 100;

  @Test
  void ofAHundredRequestsAtBothServersOneGetsTheLastPlaceAndThenTheNext() throws Exception {
    Told told = new Told();
    try (ServerPair pair =
            ServerPair.start(
                "last",
                Map.of(
                    "PODYARD_SIMULATED_HOSTS", "1", "PODYARD_SIMULATED_HOST_SIZE", "1vCPU/2GiB"));
        Inspection inspection = pair.inspect()) {
      createAtOnce(pair, told);
      for (int left = REQUESTS - 1; left >= REQUESTS - 3; left--) {
        Waiting.until("one runs", () -> inspection.withStatus("Running").size() == 1);
        assertThat(inspection.withStatus("Scheduling")).hasSize(left);
        assertThat(
                inspection
                    .jdbc()
                    .queryForList("select sum(milli_cpu) from reservation", Integer.class))
            .containsExactly(1_000);
        inspection.mustBeContent();
        PatientClient client = new PatientClient(() -> pair.first().client(), told);
        ContainerGroupId lucky = inspection.withStatus("Running").getFirst();
        assertThat(client.delete(lucky, true)).isTrue();
        Waiting.until("it is gone", () -> !inspection.withStatus("Running").contains(lucky));
      }
      Aftermath.mustBeClean(told, pair.first().client(), inspection);
    }
  }

  private static void createAtOnce(ServerPair pair, Told told) throws Exception {
    List<PodyardClient> servers = pair.both().stream().map(ServerProcess::client).toList();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        PodyardClient server = servers.get(i % servers.size());
        PatientClient client = new PatientClient(() -> server, told);
        String token = "last-" + i;
        answers.add(
            clients.submit(
                () -> {
                  start.await();
                  told.asked(token);
                  told.created(token, client.create(parameters(token)));
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> answer : answers) {
        Object _ = answer.get();
      }
    }
  }

  private static Map<String, String> parameters(String token) {
    return Map.of(
        "ClientToken", token,
        "ContainerGroupName", token,
        "Cpu", "1",
        "Memory", "2",
        "TerminationGracePeriodSeconds", "1",
        "Container.1.Name", "app",
        "Container.1.Image", "podyard/app:1");
  }
}
