package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Decisions of placement explain themselves, to users without the names of hosts. */
class PlacementRoutesTest {

  private static final String GROUPS = "/v1/container-groups";

  private static TestServer server;

  private final List<String> made = new ArrayList<>();
  private RestClient operator;
  private TestServer.Key key;
  private RestClient user;
  private DocumentedShapes shapes;

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(4, "8vCPU/16GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void makeAccount() {
    operator = new RestClient(server.endpoint(), server.operator());
    key = server.newAccount();
    user = new RestClient(server.endpoint(), key);
    shapes = new DocumentedShapes(operator.get("/v3/api-docs").json());
  }

  @AfterEach
  void emptyTheHosts() {
    made.forEach(group -> user.delete(GROUPS + "/" + group + "?force=true"));
    Waiting.until(
        "all hosts are empty",
        () ->
            operator
                .get("/v1/hosts")
                .ok()
                .json()
                .path("hosts")
                .valueStream()
                .allMatch(host -> host.path("containerGroups").asInt() == 0));
  }

  private RestClient.Answer post(int cpu) {
    return user.post(
        GROUPS,
        """
        {"containerGroupName": "placed", "cpu": %d, "memory": %d,
         "container": [{"name": "main", "image": "registry.test/app:1"}]}
        """
            .formatted(cpu, 2 * cpu));
  }

  private String create(int cpu) {
    String group = post(cpu).ok().json().path("containerGroupId").asString();
    made.add(group);
    return group;
  }

  private JsonNode placement(RestClient client, String group) {
    RestClient.Answer answer = client.get(GROUPS + "/" + group + "/placement").ok();
    assertThat(shapes.differences("DescribePlacement", answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private String hostOf(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  /** Decisions are written a moment after they were made. */
  private void awaitWritten(String group) {
    Waiting.until(
        "it is written",
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select count(*) from placement_decision where group_id = ?",
                        Integer.class,
                        group),
                1));
  }

  @Test
  void aGroupWithAHostTellsWhyItIsThereAsItWasDecided() {
    String group = create(2);
    String host = hostOf(group);
    awaitWritten(group);
    JsonNode seen = placement(operator, group);
    assertThat(seen.path("outcome").asString()).isEqualTo("Placed");
    assertThat(seen.path("basis").asString()).isEqualTo("AsDecided");
    assertThat(seen.path("hostId").asString()).isEqualTo(host);
    assertThat(seen.path("hostsLookedAt").asInt()).isEqualTo(4);
    assertThat(seen.path("hostsFitting").asInt()).isEqualTo(4);
    assertThat(seen.path("wanted").path("cpu").asInt()).isEqualTo(2);
    assertThat(seen.path("snapshotVersion").asLong()).isPositive();
    assertThat(operator.get("/v1/shards").ok().body())
        .as("the process that decided, called as where shards are listed")
        .contains(seen.path("decidedBy").asString());
    assertThat(seen.path("shard").asInt())
        .isEqualTo(operator.get("/v1/hosts/" + host).ok().json().path("shard").asInt());
    JsonNode candidates = seen.path("candidates");
    assertThat(candidates).hasSize(3);
    assertThat(candidates.path(0).path("hostId").asString()).isEqualTo(host);
    for (JsonNode candidate : candidates) {
      assertThat(candidate.path("policy").asString()).isEqualTo("best-fit");
      long sum = 0;
      for (JsonNode part : candidate.path("scoreParts")) {
        assertThat(part.path("name").asString()).isIn("MostAllocated", "ImageLocality");
        sum += part.path("value").asLong();
      }
      assertThat(sum).isEqualTo(candidate.path("score").asLong());
    }

    RestClient.Answer own = user.get(GROUPS + "/" + group + "/placement").ok();
    assertThat(placement(user, group).path("candidates")).hasSize(3);
    assertThat(own.body()).doesNotContain("sim-").doesNotContain("decidedBy");
    assertThat(own.json().path("candidates").path(0).path("score"))
        .isEqualTo(candidates.path(0).path("score"));

    user.delete(GROUPS + "/" + group + "?force=true").ok();
    Waiting.until(
        "its record is over",
        () -> user.get("/v1/ended-container-groups").ok().body().contains(group));
    assertThat(placement(user, group).path("basis").asString()).isEqualTo("AsDecided");
  }

  @Test
  void whatWasNotKeptIsSeenAsOfNow() {
    String group = create(2);
    Waiting.until(
        "it is written",
        () ->
            server.jdbc().update("delete from placement_decision where group_id = ?", group) == 1);
    JsonNode seen = placement(operator, group);
    assertThat(seen.path("basis").asString()).isEqualTo("AsOfNow");
    assertThat(seen.path("outcome").asString()).isEqualTo("Placed");
    assertThat(seen.path("hostId").asString()).isEqualTo(hostOf(group));
    assertThat(seen.path("hostsLookedAt").asInt()).isEqualTo(4);
    assertThat(seen.path("zoneId").isMissingNode()).as("it is in a zone by now").isFalse();
    assertThat(seen.path("hostsFitting").asInt()).isPositive();
  }

  @Test
  void aGroupThatWaitsTellsWhyAsOfNowAndOneThatGaveUpAsItWas() {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      groups.add(create(8));
    }
    String waits = create(4);
    JsonNode seen = placement(user, waits);
    assertThat(seen.path("outcome").asString()).isEqualTo("Waiting");
    assertThat(seen.path("basis").asString()).isEqualTo("AsOfNow");
    assertThat(seen.path("hostsFitting").asInt()).isZero();
    assertThat(seen.path("candidates")).isEmpty();
    assertThat(seen.path("ruledOut"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.path("reason").asString()).isEqualTo("InsufficientCpuAndMemory");
              assertThat(row.path("hosts").asInt()).isEqualTo(4);
            });
    assertThat(seen.path("lacking").path("cpu").asInt()).isEqualTo(4);
    assertThat(seen.path("message").asString()).startsWith("None of 4 hosts of ");
    server.jdbc().update("update container_group set deadline_at = now() where id = ?", waits);
    Waiting.until(
        "it gives up",
        () ->
            user.get(GROUPS + "/" + waits)
                .ok()
                .json()
                .path("status")
                .asString()
                .equals("ScheduleFailed"));
    Waiting.until(
        "that is kept",
        () -> placement(operator, waits).path("basis").asString().equals("AsDecided"));
    assertThat(placement(operator, waits).path("outcome").asString()).isEqualTo("Refused");
    assertThat(placement(operator, waits).path("couldEverFit").asBoolean()).isTrue();
  }

  @Test
  void refusalsAreKeptForTheOperatorAndPagesGoOn() {
    create(1);
    assertThat(post(64).code()).isEqualTo("OperationDenied.NoStock");
    create(1);
    assertThat(post(32).code()).isEqualTo("OperationDenied.NoStock");
    Waiting.until("two refusals", () -> own("Refused").size() == 2);
    JsonNode refused = own("Refused").getFirst();
    assertThat(refused.path("wanted").path("cpu").asInt()).isEqualTo(32);
    assertThat(refused.path("outcome").asString()).isEqualTo("Refused");
    assertThat(refused.path("couldEverFit").asBoolean(true)).isFalse();
    assertThat(refused.path("containerGroupId").isMissingNode()).isTrue();
    Waiting.until("two that were placed", () -> own("Placed").size() == 2);
  }

  /** Those of the account, the newest first, by pages of one. */
  private List<JsonNode> own(String outcome) {
    List<JsonNode> own = new ArrayList<>();
    String query = "?limit=1&outcome=" + outcome;
    JsonNode page = listed(query);
    while (true) {
      page.path("placements")
          .valueStream()
          .filter(one -> one.path("accountId").asString().equals(key.account().value()))
          .forEach(own::add);
      if (page.path("nextToken").isMissingNode()) {
        return own;
      }
      page = listed(query + "&nextToken=" + page.path("nextToken").asString());
    }
  }

  private JsonNode listed(String query) {
    RestClient.Answer answer = operator.get("/v1/placements" + query).ok();
    assertThat(shapes.differences("ListPlacements", answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  @Test
  void whatIfNamesTheHostThatACreateThenTakesAndTakesNothing() {
    create(3);
    JsonNode asked = explained("{\"cpu\": 2, \"memory\": 4}");
    assertThat(asked.path("outcome").asString()).isEqualTo("Placed");
    assertThat(asked.path("hostId").isMissingNode()).isTrue();
    assertThat(explained("{\"cpu\": 2, \"memory\": 4}").path("candidates"))
        .isEqualTo(asked.path("candidates"));
    assertThat(hostOf(create(2)))
        .isEqualTo(asked.path("candidates").path(0).path("hostId").asString());
    assertThat(explained("{\"cpu\": 9, \"memory\": 4}").path("outcome").asString())
        .isEqualTo("Refused");
    JsonNode gpus = explained("{\"cpu\": 1, \"memory\": 1, \"gpuShare\": 0.5}");
    assertThat(gpus.path("ruledOut").path(0).path("reason").asString())
        .isEqualTo("InsufficientGpu");
    assertThat(gpus.path("wanted").path("gpuShare").asDouble()).isEqualTo(0.5);
    assertThat(
            explained("{\"cpu\": 1, \"memory\": 1, \"labels\": \"disk=ssd\"}")
                .path("ruledOut")
                .path(0)
                .path("reason")
                .asString())
        .isEqualTo("LabelMismatch");
  }

  private JsonNode explained(String request) {
    RestClient.Answer answer = operator.post("/v1/placements/explain", request).ok();
    assertThat(shapes.differences("ExplainPlacement", answer)).as(answer.body()).isEmpty();
    return answer.json();
  }
}
