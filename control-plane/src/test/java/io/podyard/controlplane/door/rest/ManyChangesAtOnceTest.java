package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Fifty clients at both doors that change, restart and delete one group at the same moment: the
 * changes happen one after another, and whoever comes too late is told so.
 */
class ManyChangesAtOnceTest {

  private static final int CLIENTS = 50;
  private static final String DONE = "done";

  /** What happens while another change is under way, or after the end. */
  private static final List<String> CONFLICTS = List.of("IncorrectStatus", "OperationConflict");

  private static final String GONE = "InvalidParameter.NotFound";

  private static @Nullable TestServer started;

  private final TestServer.Key key = server().newAccount();
  private final RestClient rest = new RestClient(server().endpoint(), key);
  private final PodyardClient rpc = server().client(key, SignatureVersion.V3);

  @BeforeAll
  static void startServer() {
    started = TestServer.start(TestServer.Options.USUAL.withHosts(1, "32vCPU/64GiB"));
  }

  private static TestServer server() {
    return Objects.requireNonNull(started);
  }

  @AfterAll
  static void stopServer() {
    server().close();
  }

  /** What a client asked for and was answered. */
  private record Answer(String asked, String code) {}

  private String running() {
    String id =
        rest.post(
                "/v1/container-groups",
                """
                {"containerGroupName": "wanted-by-many", "cpu": 1, "memory": 2,
                 "terminationGracePeriodSeconds": 1,
                 "container": [{"name": "main", "image": "main:0", "command": ["sleep"],
                                "arg": ["infinity"]}]}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    settled(id);
    return id;
  }

  private JsonNode group(String id) {
    return rest.get("/v1/container-groups/" + id).ok().json();
  }

  /** The group when no change is under way any more. */
  private JsonNode settled(String id) {
    Waiting.until(
        "the last change to hold",
        () ->
            Boolean.TRUE.equals(
                server()
                    .jdbc()
                    .queryForObject(
                        """
                        select status = 'Running' and (state ->> 'generation')::int8 = generation
                        from container_group where id = ?
                        """,
                        Boolean.class,
                        id)));
    return group(id);
  }

  private String update(String id, int n, boolean byRest) {
    return byRest
        ? answered(
            rest.send(
                "PATCH",
                "/v1/container-groups/" + id,
                """
                {"updateType": "IncrementalUpdate", "cpu": %d, "memory": %d,
                 "container": [{"name": "main", "image": "next:%d", "command": ["sleep"],
                                "arg": ["infinity"]}]}
                """
                    .formatted(cpu(n), 2 * cpu(n), n),
                Map.of()))
        : call(
            Action.UPDATE_CONTAINER_GROUP,
            Map.of(
                "ContainerGroupId",
                id,
                "UpdateType",
                "IncrementalUpdate",
                "Cpu",
                "" + cpu(n),
                "Memory",
                "" + 2 * cpu(n),
                "Container.1.Name",
                "main",
                "Container.1.Image",
                "next:" + n,
                "Container.1.Command.1",
                "sleep",
                "Container.1.Arg.1",
                "infinity"));
  }

  /** Every other update changes the size as well, so that the meter has to follow. */
  private static int cpu(int n) {
    return n % 4 < 2 ? 1 : 2;
  }

  private String restart(String id, boolean byRest) {
    return byRest
        ? answered(rest.post("/v1/container-groups/" + id + "/restart", "{}"))
        : call(Action.RESTART_CONTAINER_GROUP, Map.of("ContainerGroupId", id));
  }

  private String delete(String id, boolean byRest) {
    return byRest
        ? answered(rest.delete("/v1/container-groups/" + id))
        : call(Action.DELETE_CONTAINER_GROUP, Map.of("ContainerGroupId", id));
  }

  private static String answered(RestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isLessThan(500);
    return answer.status() == 200 ? DONE : answer.code();
  }

  private String call(Action action, Map<String, String> parameters) {
    try {
      Object _ = rpc.call(action, parameters, action.responseType());
      return DONE;
    } catch (PodyardCallException refused) {
      assertThat(refused.httpStatus()).as(refused.getMessage()).isLessThan(500);
      return refused.code();
    }
  }

  /** Asks all at once; {@code deletes} says who deletes. */
  private List<Answer> ask(String id, List<Integer> deletes) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        int n = i;
        boolean byRest = i / 2 % 2 == 0;
        Callable<Answer> asking =
            () -> {
              start.await();
              if (deletes.contains(n)) {
                return new Answer("delete", delete(id, byRest));
              }
              return n % 2 == 0
                  ? new Answer("update " + n, update(id, n, byRest))
                  : new Answer("restart", restart(id, byRest));
            };
        answers.add(clients.submit(asking));
      }
      start.countDown();
    }
    List<Answer> all = new ArrayList<>();
    for (Future<Answer> answer : answers) {
      all.add(answer.get());
    }
    return all;
  }

  private List<Map<String, @Nullable Object>> intervals(String id) {
    return server()
        .jdbc()
        .queryForList(
            """
            select milli_cpu, started_at, ended_at from usage_interval
            where group_id = ? order by sequence
            """,
            id);
  }

  /** No gap and no overlap. */
  private void assertMeterIsWhole(String id) {
    List<Map<String, @Nullable Object>> intervals = intervals(id);
    assertThat(intervals).isNotEmpty();
    for (int i = 1; i < intervals.size(); i++) {
      assertThat(intervals.get(i).get("started_at"))
          .isEqualTo(intervals.get(i - 1).get("ended_at"));
    }
  }

  @Test
  void changesHappenOneAfterAnotherAndTheOthersAreToldOfAConflict() throws Exception {
    String id = running();
    List<Answer> answers = ask(id, List.of());

    assertThat(answers).hasSize(CLIENTS);
    assertThat(answers)
        .extracting(Answer::code)
        .contains(DONE)
        .containsAnyElementsOf(CONFLICTS)
        .isSubsetOf(DONE, CONFLICTS.get(0), CONFLICTS.get(1));
    List<String> winners =
        answers.stream().filter(one -> one.code().equals(DONE)).map(Answer::asked).toList();
    JsonNode after = settled(id);
    // Each winner is one generation: none was lost, and no loser had an effect.
    assertThat(
            server()
                .jdbc()
                .queryForObject(
                    "select generation from container_group where id = ?", Integer.class, id))
        .isEqualTo(1 + winners.size());
    JsonNode main = after.path("containers").path(0);
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("main:0", 1);
    for (String winner : winners) {
      if (winner.startsWith("update ")) {
        int n = Integer.parseInt(winner.substring("update ".length()));
        sizes.put("next:" + n, cpu(n));
      }
    }
    String image = main.path("image").asString();
    assertThat(sizes).containsKey(image);
    assertThat(after.path("cpu").asInt()).isEqualTo(sizes.get(image));
    assertThat(main.path("restartCount").asInt()).isBetween(1, winners.size());
    assertThat(intervals(id).getLast().get("milli_cpu"))
        .isEqualTo(1000 * Objects.requireNonNull(sizes.get(image)));
    assertMeterIsWhole(id);
    assertThat(server().judge().verdict(Duration.ofSeconds(30))).isEmpty();

    assertThat(delete(id, true)).isEqualTo(DONE);
    untilGone(id);
  }

  private void untilGone(String id) {
    Waiting.until(id + " has ended", () -> group(id).path("ended").asBoolean());
  }

  /** The first deletes of the row come early, in the middle and late. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 45})
  void aDeleteAmongThemIsTheEnd(int from) throws Exception {
    String id = running();
    List<Answer> answers = ask(id, List.of(from, from + 1, from + 2, from + 3));

    List<String> ofDeletes =
        answers.stream().filter(a -> a.asked().equals("delete")).map(Answer::code).toList();
    List<String> ofChanges =
        answers.stream().filter(a -> !a.asked().equals("delete")).map(Answer::code).toList();
    assertThat(ofDeletes).hasSize(4).contains(DONE).isSubsetOf(DONE, GONE);
    assertThat(ofChanges)
        .hasSize(CLIENTS - 4)
        .isSubsetOf(DONE, CONFLICTS.get(0), CONFLICTS.get(1), GONE);
    untilGone(id);
    assertMeterIsWhole(id);
    assertThat(intervals(id).getLast().get("ended_at")).isNotNull();
    // What nobody asked for comes to nothing: it stays ended.
    assertThat(restart(id, false)).isEqualTo(GONE);
    assertThat(update(id, 2, true)).isEqualTo(GONE);
    assertThat(server().judge().verdict(Duration.ofSeconds(30))).isEmpty();
    assertThat(
            server()
                .jdbc()
                .queryForObject(
                    "select count(*) from reservation where group_id = ?", Integer.class, id))
        .isZero();
  }
}
