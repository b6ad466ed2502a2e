package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Much is asked for where there is little, and there is less than there was. */
class ScarceCapacityTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final int RUSH = 100;
  private static final int CLIENTS = 16;

  private TestServer server;
  private RestClient operator;
  private RestClient user;

  @BeforeEach
  void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(1, "8vCPU/16GiB"));
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
  }

  @AfterEach
  void judgeAndStop() throws Exception {
    try {
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    } finally {
      server.close();
    }
  }

  private String create(int cpu) {
    return user.post(
            GROUPS,
            """
            {"containerGroupName": "scarce", "cpu": %d, "memory": %d,
             "container": [{"name": "main", "image": "registry.test/app:1"}]}
            """
                .formatted(cpu, cpu))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private JsonNode group(String id) {
    return user.get(GROUPS + "/" + id).ok().json();
  }

  private void awaitStatus(String id, String status) {
    Waiting.until(id + " is " + status, () -> group(id).path("status").asString().equals(status));
  }

  private List<String> running(List<String> ids) {
    return ids.stream()
        .filter(id -> group(id).path("status").asString().equals("Running"))
        .toList();
  }

  @Test
  void ofAHundredRequestsForTheLastPlaceOneGetsItAndTheOthersSayWhyTheyWait() throws Exception {
    awaitStatus(create(4), "Running");
    List<String> rush = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<String>> asked = new ArrayList<>();
      for (int i = 0; i < RUSH; i++) {
        asked.add(clients.submit(() -> create(4)));
      }
      for (Future<String> one : asked) {
        rush.add(one.get());
      }
    }
    Waiting.until("one runs", () -> running(rush).size() == 1);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select count(*) from reservation where milli_cpu = 4000", Integer.class))
        .isEqualTo(2);
    String lucky = running(rush).getFirst();
    String waits = rush.stream().filter(id -> !id.equals(lucky)).findFirst().orElseThrow();
    assertThat(group(waits).path("status").asString()).isEqualTo("Scheduling");
    String events = user.get(GROUPS + "/" + waits + "/events").ok().body();
    assertThat(events).contains("FailedScheduling").contains("None of 1 host");

    user.delete(GROUPS + "/" + lucky + "?force=true").ok();
    List<String> left = rush.stream().filter(id -> !id.equals(lucky)).toList();
    Waiting.until("the next one runs", () -> running(left).size() == 1);
    left.forEach(id -> user.delete(GROUPS + "/" + id + "?force=true").ok());
  }

  @Test
  void whereLessIsDeclaredThanIsInUseNothingIsTakenAwayAndNothingNewComes() {
    String first = create(4);
    String second = create(2);
    awaitStatus(first, "Running");
    awaitStatus(second, "Running");
    operator
        .put("/v1/pools/declared", "{\"regionId\": \"cn-hangzhou\", \"runtime\": \"simulated\"}")
        .ok();
    // It is in use, so it cannot move to another pool; its own can be taken over.
    RestClient.Answer elsewhere =
        operator.put(
            "/v1/hosts/sim-0001", "{\"poolId\": \"declared\", \"zoneId\": \"cn-hangzhou-b\"}");
    assertThat(elsewhere.code()).isEqualTo("IncorrectStatus");
    JsonNode host =
        operator
            .put(
                "/v1/hosts/sim-0001",
                """
                {"poolId": "simulated", "zoneId": "cn-hangzhou-b", "cpu": 3, "memory": 16}
                """)
            .ok()
            .json();
    assertThat(host.path("allocatable").path("cpu").asInt()).isEqualTo(6);
    String third = create(2);
    assertThat(group(third).path("status").asString()).isEqualTo("Scheduling");

    user.delete(GROUPS + "/" + first + "?force=true").ok();
    Waiting.until(
        "what is given back is not given away again",
        () ->
            operator.get("/v1/hosts/sim-0001").ok().json().path("allocatable").path("cpu").asInt()
                == 3);
    assertThat(group(second).path("status").asString()).isEqualTo("Running");
    assertThat(group(third).path("status").asString()).isEqualTo("Scheduling");
    user.delete(GROUPS + "/" + second + "?force=true").ok();
    awaitStatus(third, "Running");
  }
}
