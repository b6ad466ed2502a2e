package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.simulated.FaultPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts that are cordoned, and hosts that do not answer, take nothing new. */
class HostLifeTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final String FIRST = "sim-0001";
  private static final String SECOND = "sim-0002";
  private static TestServer server;

  private RestClient operator;
  private RestClient user;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(2, "8vCPU/16GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void makeClients() {
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
  }

  @AfterEach
  void bothAreReadyAndNothingIsBroken() throws Exception {
    server.hosts().configure(FaultPlan.NONE);
    for (String host : List.of(FIRST, SECOND)) {
      operator.post("/v1/hosts/" + host + "/uncordon", "{}").ok();
      awaitState(host, "Ready");
    }
    server
        .jdbc()
        .queryForList("select id from container_group where final_at is null", String.class)
        .forEach(id -> user.delete(GROUPS + "/" + id + "?force=true"));
    Waiting.until(
        "nothing is left",
        () ->
            Boolean.TRUE.equals(
                server
                    .jdbc()
                    .queryForObject("select count(*) = 0 from reservation", Boolean.class)));
    assertThat(server.judge().verdict(Duration.ofSeconds(60))).isEmpty();
  }

  private String create(String cpu) {
    return user.post(
            GROUPS,
            """
            {"containerGroupName": "life", "cpu": %s, "memory": 4,
             "container": [{"name": "main", "image": "registry.test/app:1"}]}
            """
                .formatted(cpu))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private String status(String id) {
    return user.get(GROUPS + "/" + id).ok().json().path("status").asString();
  }

  private void awaitRunning(String id) {
    Waiting.until(id + " runs", () -> status(id).equals("Running"));
  }

  private static String hostOf(String id) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject("select host_id from container_group where id = ?", String.class, id));
  }

  private JsonNode host(String id) {
    return operator.get("/v1/hosts/" + id).ok().json();
  }

  private void awaitState(String host, String state) {
    Waiting.until(host + " is " + state, () -> host(host).path("state").asString().equals(state));
  }

  private void cordon(String host, String json) {
    assertThat(
            operator
                .post("/v1/hosts/" + host + "/cordon", json)
                .ok()
                .json()
                .path("state")
                .asString())
        .isEqualTo("Cordoned");
  }

  @Test
  void nothingNewIsPlacedOnACordonedHostAndWhatIsThereGoesOn() {
    String before = create("4");
    awaitRunning(before);
    String cordoned = hostOf(before);
    String other = cordoned.equals(FIRST) ? SECOND : FIRST;
    cordon(cordoned, "{\"reason\": \"a new disk\"}");
    JsonNode shown = host(cordoned);
    assertThat(shown.path("cordonReason").asString()).isEqualTo("a new disk");
    assertThat(Instant.parse(shown.path("cordonedAt").asString())).isBeforeOrEqualTo(Instant.now());
    assertThat(shown.path("containerGroups").asInt()).isEqualTo(1);

    String next = create("4");
    awaitRunning(next);
    assertThat(hostOf(next)).isEqualTo(other);
    String last = create("8");
    Waiting.until(
        "it is said why it waits",
        () -> user.get(GROUPS + "/" + last).ok().body().contains("1 not ready"));
    assertThat(status(before)).isEqualTo("Running");
    user.delete(GROUPS + "/" + before + "?force=true").ok();
    Waiting.until("there is room", () -> host(cordoned).path("containerGroups").asInt() == 0);
    assertThat(status(last)).isEqualTo("Scheduling");

    String cordonedAt = shown.path("cordonedAt").asString();
    cordon(cordoned, "{}");
    assertThat(host(cordoned).path("cordonedAt").asString()).isEqualTo(cordonedAt);
    assertThat(host(cordoned).has("cordonReason")).isFalse();
    JsonNode open = operator.post("/v1/hosts/" + cordoned + "/uncordon", "{}").ok().json();
    assertThat(open.path("state").asString()).isEqualTo("Ready");
    assertThat(open.has("cordonedAt")).isFalse();
    awaitRunning(last);
    assertThat(hostOf(last)).isEqualTo(cordoned);
  }

  @Test
  void whatIsCreatedAfterTheAnswerToACordonIsElsewhere() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<String> created = new ArrayList<>();
    try (ExecutorService creators = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        creators.execute(
            () -> {
              while (!stop.get()) {
                String id = create("0.25");
                synchronized (created) {
                  created.add(id);
                }
                user.delete(GROUPS + "/" + id + "?force=true").ok();
              }
            });
      }
      for (int round = 0; round < 5; round++) {
        cordon(FIRST, "{}");
        int before;
        synchronized (created) {
          before = created.size();
        }
        Waiting.until("more are created", () -> size(created) >= before + 12);
        List<String> later;
        synchronized (created) {
          // The first few may have been asked for before the answer came.
          later = List.copyOf(created.subList(before + 4, created.size()));
        }
        assertThat(
                server
                    .jdbc()
                    .queryForList(
                        """
                        select id from container_group where host_id = ? and id = any(?)
                        union all
                        select id from container_group_history
                        where record ->> 'host_id' = ? and id = any(?)
                        """,
                        String.class,
                        FIRST,
                        later.toArray(String[]::new),
                        FIRST,
                        later.toArray(String[]::new)))
            .isEmpty();
        operator.post("/v1/hosts/" + FIRST + "/uncordon", "{}").ok();
      }
      stop.set(true);
    }
  }

  private static int size(List<String> created) {
    synchronized (created) {
      return created.size();
    }
  }

  @Test
  void aHostThatDoesNotAnswerTakesNothingUntilItDoes() throws Exception {
    server
        .hosts()
        .configure(
            new FaultPlan(
                FaultPlan.NONE.latency(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new FaultPlan.Outage(FIRST, 0, 0)),
                List.of()));
    awaitState(FIRST, "Unreachable");
    assertThat(Instant.parse(host(FIRST).path("unreachableSince").asString()))
        .isBeforeOrEqualTo(Instant.now().minusSeconds(4));
    String on = create("8");
    awaitRunning(on);
    assertThat(hostOf(on)).isEqualTo(SECOND);
    String waits = create("8");
    Waiting.until(
        "it is said why it waits",
        () -> user.get(GROUPS + "/" + waits).ok().body().contains("1 not ready"));

    assertThat(
            operator
                .post("/v1/hosts/" + FIRST + "/cordon", "{}")
                .ok()
                .json()
                .path("state")
                .asString())
        .as("it is both")
        .isEqualTo("Unreachable");
    server.hosts().configure(FaultPlan.NONE);
    awaitState(FIRST, "Cordoned");
    operator.post("/v1/hosts/" + FIRST + "/uncordon", "{}").ok();
    awaitRunning(waits);
    assertThat(hostOf(waits)).isEqualTo(FIRST);
  }

  @Test
  void unknownHostsAreNamed() {
    for (String id : List.of("sim-9999", "no%20host")) {
      for (RestClient.Answer answer :
          List.of(
              operator.get("/v1/hosts/" + id),
              operator.post("/v1/hosts/" + id + "/cordon", "{}"),
              operator.post("/v1/hosts/" + id + "/uncordon", "{}"))) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("InvalidParameter.NotFound");
      }
    }
  }
}
