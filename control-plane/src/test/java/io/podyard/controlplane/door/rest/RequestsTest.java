package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the door makes of requests that are not as they should be. */
class RequestsTest {

  private static final String GROUPS = "/v1/container-groups";

  private final TestServer server = TestServer.shared();
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());
  private RestClient client;

  @BeforeEach
  void openAccount() {
    client = new RestClient(server.endpoint(), server.newAccount());
  }

  private static RestClient.Answer refused(RestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.code()).as(answer.body()).isEqualTo(code);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.header("x-acs-request-id"))
        .matches("[0-9A-F-]{36}")
        .isEqualTo(answer.json().path("requestId").asString());
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.json().path("title").asString()).isNotBlank();
    return answer;
  }

  @Test
  void aProblemNamesEveryWrongFieldAsTheRequestDoes() {
    RestClient.Answer answer =
        refused(
            client.post(
                GROUPS,
                """
                {
                  "containerGroupName": "Upper",
                  "cpu": "much",
                  "nonsense": 1,
                  "container": [
                    {"image": "i", "environmentVar": [{"key": "K", "vaule": "secret!"}]},
                    {}
                  ],
                  "volume": [{"name": "v", "type": "NFSVolume", "nfsVolume": {"server": "a/b"}}],
                  "vSwitchId": ["a"]
                }
                """),
            400,
            "MissingParameter");
    assertThat(answer.wrongFields())
        .contains(
            "containerGroupName",
            "cpu",
            "nonsense",
            "container[0].name",
            "container[0].environmentVar[0].vaule",
            "container[1].name",
            "container[1].image",
            "volume[0].nfsVolume.server",
            "vSwitchId")
        .doesNotHaveDuplicates();
    assertThat(answer.json().path("detail").asString())
        .contains("container[1].image: is required", "not \"much\"")
        .doesNotContain("Container.1");
    assertThat(answer.body()).doesNotContain("secret!");
    assertThat(answer.json().path("type").asString())
        .isEqualTo(server.endpoint() + "/errors?q=MissingParameter");
    assertThat(shapes.differences("CreateContainerGroup", answer)).isEmpty();
    RestClient nobody = new RestClient(server.endpoint(), null);
    assertThat(nobody.get("/errors?q=MissingParameter").status()).isEqualTo(200);
  }

  @Test
  void aBodyIsOneJsonObject() {
    for (String body :
        List.of(
            "[]",
            "1",
            "\"x\"",
            "null",
            "{",
            "{}{}",
            "{} x",
            "{\"cpu\":1,\"cpu\":2}",
            "{\"cpu\":01}",
            "{\"cpu\":NaN}",
            "{'cpu':1}",
            "[".repeat(5000),
            "{\"container\":".repeat(3000))) {
      RestClient.Answer answer = refused(client.post(GROUPS, body), 400, "InvalidParameter");
      assertThat(answer.json().path("detail").asString()).as(body).isNotBlank();
    }
    assertThat(refused(client.post(GROUPS, "{\n  \"cpu\": x"), 400, "InvalidParameter").body())
        .contains("line 2");
  }

  @Test
  void valuesHaveTheShapeOfTheirField() {
    assertThat(
            refused(
                    client.post(
                        GROUPS,
                        """
                        {
                          "containerGroupName": {"a": 1},
                          "cpu": [1],
                          "container": {"name": "c"},
                          "dnsConfig": [],
                          "tag": ["x"],
                          "initContainer": [{"name": "i", "image": "i", "command": "sh"}]
                        }
                        """),
                    400,
                    "InvalidParameter")
                .wrongFields())
        .contains(
            "containerGroupName",
            "cpu",
            "container",
            "dnsConfig",
            "tag[0]",
            "initContainer[0].command")
        .doesNotHaveDuplicates();
  }

  @Test
  void whatWasGivenAndCannotBeReadIsNotCalledMissing() {
    assertThat(
            refused(
                    client.post(
                        GROUPS, "{\"containerGroupName\":\"right\",\"container\":[\"web\"]}"),
                    400,
                    "InvalidParameter")
                .wrongFields())
        .containsExactly("container[0]");
  }

  @Test
  void numbersAreNeverExpanded() {
    for (String number : List.of("1e1000000000", "1E400", "1" + "0".repeat(900))) {
      RestClient.Answer answer =
          refused(
              client.post(
                  GROUPS,
                  "{\"containerGroupName\":\"big\",\"cpu\":%s,\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}"
                      .formatted(number)),
              400,
              "InvalidParameter");
      assertThat(answer.wrongFields()).containsExactly("cpu");
    }
  }

  @Test
  void nullsAndEmptyListsAreAbsent() {
    RestClient.Answer answer =
        refused(
            client.post(
                GROUPS,
                "{\"containerGroupName\":null,\"container\":[null],\"tag\":[],\"cpu\":null}"),
            400,
            "MissingParameter");
    assertThat(answer.wrongFields()).containsExactlyInAnyOrder("container", "containerGroupName");
  }

  @Test
  void aBodySaysThatItIsJson() {
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonx")) {
      RestClient.Answer answer =
          refused(
              client.send("POST", GROUPS, "{}", Map.of("Content-Type", type)),
              400,
              "InvalidParameter");
      assertThat(answer.wrongFields()).containsExactly("Content-Type");
    }
    refused(
        client.send(
            "POST", GROUPS, "{}", Map.of("Content-Type", "application/json; charset=utf-16")),
        400,
        "InvalidParameter");
    refused(
        client.send(
            "POST", GROUPS, "{}", Map.of("Content-Type", "application/json; charset=UTF-8")),
        400,
        "MissingParameter");
    refused(client.send("POST", GROUPS, null, Map.of()), 400, "InvalidParameter");
    refused(client.send("DELETE", GROUPS + "/eci-1", "{}", Map.of()), 400, "InvalidParameter");
  }

  @Test
  void aBodyOfMoreThanOneMebibyteIsRefused() {
    String padding = " ".repeat(1 << 20);
    refused(client.post(GROUPS, "{" + padding + "}"), 413, "RequestEntityTooLarge");
    refused(client.post(GROUPS, "{" + padding.substring(2) + "}"), 400, "MissingParameter");
  }

  @Test
  void manyProblemsAreAnsweredShortly() {
    StringBuilder body = new StringBuilder("{");
    for (int i = 0; i < 50_000; i++) {
      body.append("\"n").append(i).append("\":0,");
    }
    body.setCharAt(body.length() - 1, '}');
    RestClient.Answer answer =
        refused(client.post(GROUPS, body.toString()), 400, "MissingParameter");
    assertThat(answer.wrongFields()).hasSizeBetween(100, 110);
    assertThat(answer.json().path("detail").asString()).hasSizeLessThan(2_000).contains(" more");
  }

  @Test
  void aQueryHasOnlyTheParametersOfItsOperation() {
    assertThat(refused(client.get(GROUPS + "?Limit=1"), 400, "InvalidParameter").wrongFields())
        .containsExactly("Limit");
    assertThat(
            refused(
                    client.get(GROUPS + "?limit=0&status=Gone&x=1"),
                    400,
                    "InvalidParameter.ValueExceeded")
                .wrongFields())
        .containsExactly("limit", "status", "x");
    assertThat(
            refused(
                    client.get(GROUPS + "?limit=21&status=Gone"),
                    400,
                    "InvalidParameter.ValueExceeded")
                .wrongFields())
        .containsExactlyInAnyOrder("limit", "status");
    assertThat(
            refused(client.get(GROUPS + "?limit=1&limit=2"), 400, "InvalidParameter").wrongFields())
        .containsExactly("limit");
    assertThat(
            refused(client.send("POST", GROUPS + "?cpu=1", "{}", Map.of()), 400, "MissingParameter")
                .wrongFields())
        .contains("cpu");
    assertThat(
            refused(
                    client.delete(GROUPS + "/eci-1?containerGroupId=eci-2"),
                    400,
                    "InvalidParameter")
                .wrongFields())
        .containsExactly("containerGroupId");
    refused(client.get(GROUPS + "?nextToken=%FF"), 400, "InvalidParameter");
  }

  @Test
  void anIdempotencyKeyIsRefusedWhereItWouldHaveNoEffect() {
    RestClient.Answer answer =
        refused(
            client.send("GET", "/v1/regions", null, Map.of("Idempotency-Key", "k")),
            400,
            "InvalidParameter");
    assertThat(answer.wrongFields()).containsExactly("Idempotency-Key");
    RestClient.Answer tooLong =
        client.send("POST", GROUPS, "{}", Map.of("Idempotency-Key", "k".repeat(65)));
    assertThat(tooLong.wrongFields()).contains("clientToken");
  }

  @Test
  void whatIsNotThereIsAProblemEverywhere() {
    for (String path :
        List.of(
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/v1/regions/",
            "/v1/container-groups//events",
            "/v1/container-groups/a/b",
            "/v2/regions",
            "/nothing",
            "/error",
            "/swagger-ui/nothing.js",
            "/actuator/nothing")) {
      RestClient.Answer answer = refused(client.get(path), 404, "InvalidApi.NotFound");
      assertThat(answer.json().path("errors")).as(path).isEmpty();
    }
  }

  @Test
  void otherMethodsAreToldWhichOnesThereAre() {
    for (String method : List.of("PUT", "PATCH", "OPTIONS", "BREW")) {
      RestClient.Answer answer =
          refused(client.send(method, GROUPS, null, Map.of()), 405, "UnsupportedHTTPMethod");
      assertThat(answer.header("allow")).isEqualTo("GET, POST");
    }
    assertThat(client.send("HEAD", "/v1/regions", null, Map.of()).status()).isEqualTo(200);
  }

  @Test
  void anUnknownGroupIsNotFoundByAnyOperation() {
    for (String id : List.of("eci-nobody", "a%20b", "%C3%A4")) {
      notFound("GET", GROUPS + "/" + id, null);
      notFound("DELETE", GROUPS + "/" + id, null);
      notFound("GET", GROUPS + "/" + id + "/events", null);
      notFound("GET", GROUPS + "/" + id + "/containers/c/log", null);
      notFound(
          "POST",
          GROUPS + "/" + id + "/containers/c/exec",
          "{\"command\":[\"true\"],\"sync\":true}");
      notFound("GET", "/v1/usage?containerGroupId=" + id, null);
    }
  }

  private void notFound(String method, String path, @Nullable String body) {
    RestClient.Answer answer =
        refused(client.send(method, path, body, Map.of()), 404, "InvalidParameter.NotFound");
    assertThat(answer.wrongFields()).as(path).containsExactly("containerGroupId");
  }

  @Test
  void periodsAndPagesOfUsageAreChecked() {
    assertThat(
            refused(
                    client.get("/v1/usage?from=yesterday&limit=0&nextToken=a%20b"),
                    400,
                    "InvalidParameter")
                .wrongFields())
        .containsExactlyInAnyOrder("from", "limit", "nextToken");
    assertThat(
            refused(
                    client.get("/v1/usage?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z"),
                    400,
                    "InvalidParameter")
                .wrongFields())
        .containsExactly("to");
    JsonNode future = client.get("/v1/usage?from=2999-01-01T00:00:00%2B08:00").ok().json();
    assertThat(future.path("groups")).isEmpty();
    assertThat(future.path("to")).isEqualTo(future.path("from"));
  }
}
