package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A group from its creation to its last bill, over HTTP. */
class GroupLifeTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final BigDecimal PER_SECOND = new BigDecimal("0.00012252");

  private static final String TWO_FOUR =
      """
      {
        "containerGroupName": "rest-life",
        "cpu": 2,
        "memory": 4,
        "container": [
          {
            "name": "web",
            "image": "nginx:1.29",
            "port": [{"port": 80, "protocol": "TCP"}],
            "environmentVar": [{"key": "A", "value": "ä=b&c"}, {"key": "EMPTY", "value": ""}]
          }
        ],
        "tag": [{"key": "team", "value": "blue"}]
      }
      """;

  private final TestServer server = TestServer.shared();
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());
  private RestClient client;

  @BeforeEach
  void openAccount() {
    client = new RestClient(server.endpoint(), server.newAccount());
  }

  private JsonNode checked(String operationId, RestClient.Answer answer) {
    answer.ok();
    assertThat(shapes.differences(operationId, answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private String create(String json) {
    return checked("CreateContainerGroup", client.post(GROUPS, json))
        .path("containerGroupId")
        .asString();
  }

  private JsonNode read(String id) {
    return checked("DescribeContainerGroup", client.get(GROUPS + "/" + id));
  }

  private void awaitRunning(String id) {
    Waiting.until(id + " runs", () -> read(id).path("status").asString().equals("Running"));
  }

  private void awaitEnd(String id) {
    Waiting.until(id + " has ended", () -> read(id).path("ended").asBoolean());
  }

  @Test
  void aGroupIsCreatedRunsIsUsedTaggedAndEnded() {
    String id = create(TWO_FOUR);
    awaitRunning(id);
    JsonNode group = read(id);
    assertThat(group.path("containerGroupName").asString()).isEqualTo("rest-life");
    JsonNode container = group.path("containers").get(0);
    assertThat(container.path("environmentVars").get(0).path("value").asString())
        .isEqualTo("ä=b&c");
    assertThat(container.path("environmentVars").get(1).path("value").asString()).isEmpty();

    String web = GROUPS + "/" + id + "/containers/web";
    assertThat(
            checked("DescribeContainerLog", client.get(web + "/log?tail=5&timestamps=false"))
                .path("content")
                .asString())
        .contains("nginx:1.29");
    assertThat(
            checked(
                    "ExecContainerCommand",
                    client.post(web + "/exec", "{\"command\":[\"echo\",\"a b\"],\"sync\":true}"))
                .path("syncResponse")
                .asString())
        .isEqualTo("a b\n");
    assertThat(
            checked("DescribeContainerGroupEvents", client.get(GROUPS + "/" + id + "/events"))
                .path("events"))
        .extracting(event -> event.path("reason").asString())
        .contains("Scheduled", "Pulled", "Started");
    assertThat(
            client.get(GROUPS + "/" + id + "/events?eventSource=EciService").json().path("events"))
        .extracting(event -> event.path("reason").asString())
        .containsExactly("Scheduled");

    changeTags(id);

    checked("DeleteContainerGroup", client.delete(GROUPS + "/" + id));
    awaitEnd(id);
    assertThat(client.get(GROUPS).json().path("containerGroups")).isEmpty();
    assertThat(client.delete(GROUPS + "/" + id).status()).isEqualTo(404);
    assertThat(read(id).path("containerGroupName").asString()).isEqualTo("rest-life");
    assertThat(
            checked("DescribeContainerGroupEvents", client.get(GROUPS + "/" + id + "/events"))
                .path("events"))
        .as("of a group that has ended")
        .isNotEmpty();
  }

  @Test
  void deletingAGroupThatTerminatesIsNoErrorAndMayHurryItUp() {
    String id =
        create(
            """
            {
              "containerGroupName": "rest-stubborn",
              "terminationGracePeriodSeconds": 600,
              "container": [{"name": "c", "image": "registry.test/ignores-stop:1"}]
            }
            """);
    awaitRunning(id);
    checked("DeleteContainerGroup", client.delete(GROUPS + "/" + id));
    Waiting.until(
        id + " terminates", () -> read(id).path("status").asString().equals("Terminating"));
    checked("DeleteContainerGroup", client.delete(GROUPS + "/" + id));
    assertThat(read(id).path("status").asString()).isEqualTo("Terminating");
    checked("DeleteContainerGroup", client.delete(GROUPS + "/" + id + "?force=true"));
    awaitEnd(id);
  }

  private void changeTags(String id) {
    String tag =
        "{\"resourceType\":\"ContainerGroup\",\"resourceId\":[\"%s\"],\"tag\":[{\"key\":\"k=1\",\"value\":\"v\"}]}"
            .formatted(id);
    checked("TagResources", client.post("/v1/tags", tag));
    String tags = "/v1/tags?resourceType=ContainerGroup&resourceId=" + id;
    assertThat(checked("ListTagResources", client.get(tags)).path("tagResources"))
        .extracting(row -> row.path("tagKey").asString() + " " + row.path("tagValue").asString())
        .containsExactlyInAnyOrder("team blue", "k=1 v");
    checked("UntagResources", client.delete(tags + "&tagKey=" + RestClient.encoded("k=1")));
    assertThat(client.get(tags).json().path("tagResources")).hasSize(1);
    assertThat(list("?tag=team")).containsExactly(id);
    assertThat(list("?tag=" + RestClient.encoded("team=blue"))).containsExactly(id);
    assertThat(list("?tag=" + RestClient.encoded("team=red"))).isEmpty();
  }

  private List<String> list(String query) {
    List<String> ids = new ArrayList<>();
    checked("DescribeContainerGroups", client.get(GROUPS + query))
        .path("containerGroups")
        .forEach(group -> ids.add(group.path("containerGroupId").asString()));
    return ids;
  }

  @Test
  void twoVcpuAndFourGibCostExactlyThePublishedPriceForEachSecond() {
    String id = create(TWO_FOUR);
    awaitRunning(id);
    Waiting.until(
        "three seconds were metered", () -> read(id).path("cost").path("seconds").asLong() >= 3);
    JsonNode running = read(id).path("cost");
    assertThat(running.path("currency").asString()).isEqualTo("CNY");
    assertThat(running.path("pricePerSecond").asString()).isEqualTo("0.00012252");
    assertThat(running.path("metering").asBoolean()).isTrue();
    assertExact(running.path("amount"), running.path("seconds").asLong());
    JsonNode listed = checked("DescribeContainerGroups", client.get(GROUPS));
    JsonNode cost = listed.path("containerGroups").get(0).path("cost");
    assertThat(cost.path("pricePerSecond").asString()).isEqualTo("0.00012252");
    assertThat(cost.path("metering").asBoolean()).isTrue();
    assertThat(cost.path("seconds").asLong()).isGreaterThanOrEqualTo(3);
    assertExact(cost.path("amount"), cost.path("seconds").asLong());

    client.delete(GROUPS + "/" + id).ok();
    awaitEnd(id);
    JsonNode ended = read(id).path("cost");
    assertThat(ended.path("metering").asBoolean()).isFalse();
    assertThat(ended.path("pricePerSecond").asString()).isEqualTo("0.00012252");
    long seconds = ended.path("seconds").asLong();
    assertExact(ended.path("amount"), seconds);

    JsonNode usage = checked("DescribeUsage", client.get("/v1/usage?containerGroupId=" + id));
    JsonNode group = usage.path("groups").get(0);
    assertThat(group.path("seconds").asLong()).isEqualTo(seconds);
    assertExact(group.path("amounts").get(0).path("amount"), seconds);
    assertThat(group.path("lines"))
        .extracting(line -> line.path("sentence").asString())
        .containsExactly(
            "2 vCPU x %d s x 0.000049 CNY = %s CNY"
                .formatted(seconds, product("0.000098", seconds)),
            "4 GiB x %d s x 0.00000613 CNY = %s CNY"
                .formatted(seconds, product("0.00002452", seconds)));
    JsonNode account = checked("DescribeUsage", client.get("/v1/usage"));
    assertThat(account.path("groups")).hasSize(1);
    assertExact(account.path("total").get(0).path("amount"), seconds);

    Instant start = Instant.parse(group.path("intervals").get(0).path("from").asString());
    JsonNode cut =
        checked(
            "DescribeUsage",
            client.get(
                "/v1/usage?from=%s&to=%s".formatted(start.plusSeconds(1), start.plusSeconds(3))));
    assertThat(cut.path("groups").get(0).path("seconds").asLong()).isEqualTo(2);
    assertExact(cut.path("total").get(0).path("amount"), 2);
  }

  private static String product(String perSecond, long seconds) {
    return new BigDecimal(perSecond)
        .multiply(BigDecimal.valueOf(seconds))
        .stripTrailingZeros()
        .toPlainString();
  }

  private static void assertExact(JsonNode amount, long seconds) {
    assertThat(amount.isString()).isTrue();
    assertThat(new BigDecimal(amount.asString()))
        .isEqualByComparingTo(PER_SECOND.multiply(BigDecimal.valueOf(seconds)));
  }

  @Test
  void anIdempotencyKeyMakesOneGroupOfManyRequests() {
    Map<String, String> once = Map.of("Idempotency-Key", "once-1");
    String id =
        checked("CreateContainerGroup", client.send("POST", GROUPS, TWO_FOUR, once))
            .path("containerGroupId")
            .asString();
    String same = TWO_FOUR.replace("\"cpu\": 2", "\"cpu\": \"2.0\"");
    assertThat(
            client.send("POST", GROUPS, same, once).ok().json().path("containerGroupId").asString())
        .isEqualTo(id);
    String inBody = TWO_FOUR.replace("\"cpu\": 2", "\"clientToken\": \"once-1\", \"cpu\": 2");
    assertThat(client.post(GROUPS, inBody).ok().json().path("containerGroupId").asString())
        .isEqualTo(id);
    RestClient.Answer other =
        client.send("POST", GROUPS, TWO_FOUR.replace("rest-life", "rest-other"), once);
    assertThat(other.status()).isEqualTo(400);
    assertThat(other.code()).isEqualTo("IdempotentParameterMismatch");
    assertThat(shapes.differences("CreateContainerGroup", other)).isEmpty();
    RestClient.Answer both =
        client.send("POST", GROUPS, inBody, Map.of("Idempotency-Key", "once-2"));
    assertThat(both.wrongFields()).containsExactly("Idempotency-Key");
    assertThat(list("")).containsExactly(id);
    client.delete(GROUPS + "/" + id).ok();
  }

  @Test
  void pagesOfGroupsGoOnWhereTheLastOneEnded() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.addFirst(create(TWO_FOUR.replace("rest-life", "rest-page-" + i)));
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          checked(
              "DescribeContainerGroups",
              client.get(GROUPS + "?limit=2" + (token.isEmpty() ? "" : "&nextToken=" + token)));
      assertThat(page.path("totalCount").asInt()).isEqualTo(5);
      page.path("containerGroups")
          .forEach(group -> seen.add(group.path("containerGroupId").asString()));
      token = page.path("nextToken").asString();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(created);
    assertThat(
            list(
                "?containerGroupIds=%s&containerGroupIds=%s"
                    .formatted(created.get(0), created.get(3))))
        .containsExactly(created.get(0), created.get(3));
    created.forEach(id -> client.delete(GROUPS + "/" + id).ok());
  }

  @Test
  void theDryRunOfTheExampleWouldSucceed() {
    String example =
        server.bean(Routes.class).all().stream()
            .filter(route -> route.operationId().equals("CreateContainerGroup"))
            .findFirst()
            .orElseThrow()
            .text()
            .example();
    RestClient.Answer answer =
        client.post(GROUPS, String.valueOf(example).replaceFirst("\\{", "{\"dryRun\":true,"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("DryRunOperation");
    assertThat(list("")).isEmpty();
  }
}
