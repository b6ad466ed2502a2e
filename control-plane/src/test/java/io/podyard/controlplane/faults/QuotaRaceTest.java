package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two servers on one database: what they give out together is what the account may have. */
class QuotaRaceTest {

  private static final int MAX_CPU = 30;
  private static final int CREATES = 100;

  @Test
  void ofAHundredCreatesAtBothServersAsManySucceedAsTheQuotaAllows() throws Exception {
    try (ServerPair pair =
            ServerPair.start("quota", Map.of("PODYARD_QUOTAS_MAXCPU", "" + MAX_CPU));
        Inspection inspection = pair.inspect()) {
      List<String> made = createAtOnce(pair, "first");
      assertThat(made).hasSize(MAX_CPU).doesNotHaveDuplicates();
      assertThat(used(inspection)).containsExactly(MAX_CPU * 1000L, (long) MAX_CPU);
      inspection.mustBeContent();

      // The server that has the groups dies while some of them end.
      ServerProcess dying = pair.driving(inspection);
      int ended = MAX_CPU / 2;
      for (String id : made.subList(0, ended)) {
        Object _ =
            pair.ask(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", id, "Force", "true"),
                Action.DELETE_CONTAINER_GROUP.responseType());
      }
      dying.kill9();
      dying.start();
      Waiting.until(
          "what was deleted to be given back",
          () ->
              used(inspection).equals(List.of((MAX_CPU - ended) * 1000L, (long) MAX_CPU - ended)));
      List<String> again = createAtOnce(pair, "second");
      assertThat(again).hasSize(ended).doesNotHaveDuplicates();
      inspection.awaitSettled();
      inspection.mustBeContent();
      assertThat(used(inspection)).containsExactly(MAX_CPU * 1000L, (long) MAX_CPU);
      inspection.deleteAll(pair.driving(inspection).client());
      inspection.mustBeContent();
      assertThat(used(inspection)).containsExactly(0L, 0L);
    }
  }

  /** Creates of one vCPU each, at both servers alike; the ids of those that succeeded. */
  private static List<String> createAtOnce(ServerPair pair, String round) throws Exception {
    List<String> made = new ArrayList<>();
    CountDownLatch start = new CountDownLatch(1);
    PodyardClient first = pair.first().client();
    PodyardClient second = pair.other(pair.first()).client();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<String>>> answers = new ArrayList<>();
      for (int i = 0; i < CREATES; i++) {
        PodyardClient client = i % 2 == 0 ? first : second;
        String token = round + "-" + i;
        Callable<Optional<String>> create =
            () -> {
              start.await();
              return create(client, token);
            };
        answers.add(clients.submit(create));
      }
      start.countDown();
      for (Future<Optional<String>> answer : answers) {
        answer.get().ifPresent(made::add);
      }
    }
    return made;
  }

  private static Optional<String> create(PodyardClient client, String token) {
    Map<String, String> request =
        Map.of(
            "ContainerGroupName", "quota",
            "ClientToken", token,
            "Cpu", "1",
            "Memory", "2",
            "TerminationGracePeriodSeconds", "1",
            "Container.1.Name", "app",
            "Container.1.Image", "podyard/app:1");
    // A call that is answered 503 is repeated with its token, as clients do.
    for (int tries = 0; ; tries++) {
      try {
        return Optional.of(
            Objects.requireNonNull(
                client
                    .call(
                        Action.CREATE_CONTAINER_GROUP, request, CreateContainerGroupResponse.class)
                    .containerGroupId()));
      } catch (PodyardCallException refused) {
        if (refused.errorCode().filter(ErrorCode.QUOTA_EXCEEDED::equals).isPresent()) {
          assertThat(refused.httpStatus()).isEqualTo(403);
          assertThat(refused.getMessage()).contains("MaxCpu", "30 vCPU", "1 more");
          return Optional.empty();
        }
        if (tries > 20) {
          throw refused;
        }
      }
    }
  }

  private static List<Long> used(Inspection inspection) {
    return Objects.requireNonNull(
        inspection
            .jdbc()
            .queryForObject(
                "select used_milli_cpu, used_groups from quota_used",
                (row, n) -> List.of(row.getLong(1), row.getLong(2))));
  }
}
