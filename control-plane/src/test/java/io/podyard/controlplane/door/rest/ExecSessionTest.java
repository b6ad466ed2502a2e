package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.exec.ExecSessions;
import io.podyard.controlplane.testing.ExecSocket;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Commands that are talked with, from the request to their record. */
class ExecSessionTest {

  private static final String GROUPS = "/v1/container-groups";

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final RestClient client = new RestClient(server.endpoint(), key);
  private String id = "";

  @BeforeEach
  void createGroup() {
    id = running(client);
  }

  @AfterEach
  void deleteGroup() {
    client.delete(GROUPS + "/" + id + "?force=true").ok();
  }

  static String running(RestClient client) {
    String group =
        client
            .post(
                GROUPS,
                """
                {"containerGroupName": "talk", "cpu": 0.25, "memory": 0.5,
                 "container": [{"name": "main", "image": "registry.test/shell:1",
                                "command": ["sleep", "infinity"]}]}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    Waiting.until(
        group + " runs",
        () -> client.get(GROUPS + "/" + group).json().path("status").asString().equals("Running"));
    return group;
  }

  private JsonNode ask(String json) {
    return client.post(GROUPS + "/" + id + "/containers/main/exec", json).ok().json();
  }

  private String socket(String json) {
    return ask(json).path("webSocketUri").asString();
  }

  private JsonNode records() {
    return client.get(GROUPS + "/" + id + "/exec-sessions").ok().json().path("execSessions");
  }

  @Test
  void outputErrorsAndExitCodeComeOnTheirChannels() {
    JsonNode answer = ask("{\"command\":[\"sh\",\"-c\",\"echo out; echo err >&2; exit 3\"]}");
    assertThat(answer.path("syncResponse").isMissingNode()).isTrue();
    String address = answer.path("webSocketUri").asString();
    assertThat(address).startsWith("ws://127.0.0.1:" + server.endpoint().getPort() + "/exec/?s=");
    try (ExecSocket socket = ExecSocket.open(address, ExecSocket.V4)) {
      assertThat(socket.protocol()).isEqualTo(ExecSocket.V4);
      JsonNode status = socket.status();
      assertThat(socket.said(1)).isEqualTo("out\n");
      assertThat(socket.said(2)).isEqualTo("err\n");
      assertThat(status.path("status").asString()).isEqualTo("Failure");
      assertThat(status.path("reason").asString()).isEqualTo("NonZeroExitCode");
      assertThat(status.path("details").path("causes").get(0).path("reason").asString())
          .isEqualTo("ExitCode");
      assertThat(status.path("details").path("causes").get(0).path("message").asString())
          .isEqualTo("3");
    }
    try (ExecSocket socket = ExecSocket.open(socket("{\"command\":[\"true\"]}"), null)) {
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
    }
  }

  @Test
  void inputGoesToTheCommandAndItsEndToo() {
    try (ExecSocket socket = ExecSocket.open(socket("{\"command\":[\"cat\"]}"), ExecSocket.V5)) {
      socket.type("one\n");
      socket.awaitSaid(1, "one\n");
      byte[] much = "x".repeat(300_000).getBytes(UTF_8);
      socket.send(0, much);
      socket.endInput();
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
      assertThat(socket.said(1)).hasSize(4 + much.length);
    }
    try (ExecSocket none =
        ExecSocket.open(socket("{\"command\":[\"cat\"],\"stdin\":false}"), ExecSocket.V4)) {
      assertThat(none.status().path("status").asString()).isEqualTo("Success");
    }
  }

  @Test
  void bashHasATerminalUnlessToldOtherwise() {
    try (ExecSocket socket =
        ExecSocket.open(socket("{\"command\":[\"/bin/bash\"]}"), ExecSocket.V4)) {
      socket.resize(101, 37);
      socket.type("stty size\r");
      socket.awaitSaid(1, "37 101\r\n");
      socket.type("exit\r");
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
    }
    try (ExecSocket socket =
        ExecSocket.open(socket("{\"command\":[\"/bin/bash\"],\"tty\":false}"), ExecSocket.V5)) {
      socket.type("echo hello\n");
      socket.awaitSaid(1, "hello\n");
      socket.endInput();
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
      assertThat(socket.said(1)).isEqualTo("hello\n");
    }
  }

  @Test
  void aSecretOpensOneSessionOnce() {
    String used = socket("{\"command\":[\"true\"]}");
    ExecSocket.open(used, ExecSocket.V4).close();
    assertThat(ExecSocket.refusal(used, ExecSocket.V4)).isEqualTo(404);

    // What cannot be opened at all does not use it up.
    String refused = socket("{\"command\":[\"true\"]}");
    assertThat(ExecSocket.refusal(refused, "base64.channel.k8s.io")).isEqualTo(400);
    String path = URI.create(refused).getRawPath() + "?" + URI.create(refused).getRawQuery();
    assertThat(client.get(path).status()).isEqualTo(400);
    assertThat(client.get("/exec").code()).isEqualTo("InvalidParameter");
    try (ExecSocket socket = ExecSocket.open(refused, ExecSocket.V4)) {
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
    }

    JsonNode late = ask("{\"command\":[\"true\"]}");
    int aged =
        server
            .jdbc()
            .update(
                """
                update exec_session set expires_at = expires_at - interval '31 s'
                where account_id = ? and opened_at is null
                """,
                key.account().value());
    assertThat(aged).isEqualTo(1);
    assertThat(ExecSocket.refusal(late.path("webSocketUri").asString(), ExecSocket.V4))
        .isEqualTo(404);
    assertThat(page(late).status()).isEqualTo(404);
    String wrong = refused.substring(0, refused.indexOf("s=")) + "s=";
    assertThat(ExecSocket.refusal(wrong + "x", null)).isEqualTo(404);
    assertThat(ExecSocket.refusal(wrong, null)).isEqualTo(400);
  }

  private RestClient.Answer page(JsonNode answer) {
    URI page = URI.create(answer.path("httpUrl").asString());
    return new RestClient(server.endpoint(), null)
        .get(page.getRawPath() + "?" + page.getRawQuery());
  }

  @Test
  void aPageOpensOnceAndOnlyItsOwnSecretOpensTheSessionThen() {
    JsonNode answer = ask("{\"command\":[\"echo\",\"hi\"],\"tty\":true}");
    RestClient.Answer page = page(answer).ok();
    assertThat(page.header("content-security-policy"))
        .startsWith("default-src 'none'; script-src http://127.0.0.1:")
        .contains("connect-src ws://127.0.0.1:", "frame-ancestors 'none'");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(page(answer).status()).isEqualTo(404);
    assertThat(ExecSocket.refusal(answer.path("webSocketUri").asString(), ExecSocket.V4))
        .isEqualTo(404);
    String own = page.body().replaceAll("(?s).*data-socket=\"([^\"]*)\".*", "$1");
    try (ExecSocket socket = ExecSocket.open(own, ExecSocket.V5)) {
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
      assertThat(socket.said(1)).isEqualTo("hi\r\n");
    }
    assertThat(ExecSocket.refusal(own, ExecSocket.V5)).isEqualTo(404);
  }

  @Test
  void whoRanWhatIsKeptSealedAndShownToItsAccountAlone() {
    client
        .post(
            GROUPS + "/" + id + "/containers/main/exec",
            "{\"command\":[\"sh\",\"-c\",\"echo waited-for; exit 4\"],\"sync\":true}")
        .ok();
    try (ExecSocket socket =
        ExecSocket.open(socket("{\"command\":[\"echo\",\"talked-with\"]}"), ExecSocket.V4)) {
      assertThat(socket.status().path("status").asString()).isEqualTo("Success");
    }
    String unopened = socket("{\"command\":[\"echo\",\"never-opened\"]}");
    assertThat(unopened).isNotBlank();
    JsonNode records = records();
    assertThat(records).hasSize(2);
    JsonNode talked = records.get(0);
    assertThat(talked.path("command").get(1).asString()).isEqualTo("talked-with");
    assertThat(talked.path("accessKeyId").asString()).isEqualTo(key.id());
    assertThat(talked.path("sync").asBoolean()).isFalse();
    assertThat(talked.path("exitCode").asInt()).isZero();
    assertThat(talked.has("startTime") && talked.has("endTime")).isTrue();
    JsonNode waited = records.get(1);
    assertThat(waited.path("sync").asBoolean()).isTrue();
    assertThat(waited.path("exitCode").asInt()).isEqualTo(4);
    JsonNode second =
        client
            .get(
                GROUPS
                    + "/%s/exec-sessions?limit=1&nextToken=%s"
                        .formatted(id, talked.path("execSessionId").asString()))
            .ok()
            .json();
    assertThat(second.path("execSessions")).hasSize(1);
    assertThat(second.path("execSessions").get(0)).isEqualTo(waited);
    assertThat(second.has("nextToken")).isFalse();
    String stored =
        server
            .jdbc()
            .queryForList(
                "select s::text from exec_session s where account_id = ?",
                String.class,
                key.account().value())
            .toString();
    assertThat(stored)
        .contains(id)
        .doesNotContain("talked-with", "waited-for")
        .doesNotContain(unopened.substring(unopened.indexOf("s=") + 2));
  }

  @Test
  void whatClientsMayNotSayEndsTheSession() {
    for (String size : List.of("{\"Width\":0,\"Height\":5}", "size", "{\"Width\":70000}")) {
      try (ExecSocket socket = ExecSocket.open(socket("{\"command\":[\"cat\"]}"), ExecSocket.V4)) {
        socket.send(4, size.getBytes(UTF_8));
        assertThat(socket.closeCode()).as(size).isEqualTo(1002);
      }
    }
    try (ExecSocket socket = ExecSocket.open(socket("{\"command\":[\"cat\"]}"), ExecSocket.V4)) {
      socket.endInput(); // not in this version
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
    Waiting.until("all sessions are over", () -> openRecords() == 0);
  }

  private long openRecords() {
    long open = 0;
    for (JsonNode record : records()) {
      open += record.has("endTime") ? 0 : 1;
    }
    return open;
  }

  @Test
  void aReaderThatStallsStallsNobodyAndLeavingEndsTheCommand() {
    int before = server.bean(ExecSessions.class).count();
    List<ExecSocket> stalled = new ArrayList<>();
    List<ExecSocket> lively = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        stalled.add(ExecSocket.openAndStall(socket("{\"command\":[\"yes\"]}")));
      }
      for (int i = 0; i < 20; i++) {
        lively.add(ExecSocket.open(socket("{\"command\":[\"cat\"]}"), ExecSocket.V5));
      }
      for (int round = 0; round < 20; round++) {
        for (ExecSocket socket : lively) {
          socket.type("round " + round + "\n");
        }
        for (ExecSocket socket : lively) {
          socket.awaitSaid(1, "round " + round + "\n");
        }
      }
      assertThat(server.bean(ExecSessions.class).count()).isEqualTo(before + 30);
      for (ExecSocket socket : lively) {
        socket.endInput();
        assertThat(socket.status().path("status").asString()).isEqualTo("Success");
      }
    } finally {
      stalled.forEach(ExecSocket::close);
      lively.forEach(ExecSocket::close);
    }
    Waiting.until(
        "the server noticed who left", () -> server.bean(ExecSessions.class).count() == before);
    Waiting.until("all are noted as over", () -> openRecords() == 0);
  }

  @Test
  void aSessionEndsWithItsContainer() {
    String other = running(client);
    String address =
        client
            .post(GROUPS + "/" + other + "/containers/main/exec", "{\"command\":[\"cat\"]}")
            .ok()
            .json()
            .path("webSocketUri")
            .asString();
    String unopened =
        client
            .post(GROUPS + "/" + other + "/containers/main/exec", "{\"command\":[\"cat\"]}")
            .ok()
            .json()
            .path("webSocketUri")
            .asString();
    try (ExecSocket socket = ExecSocket.open(address, ExecSocket.V4)) {
      socket.type("here\n");
      socket.awaitSaid(1, "here\n");
      client.delete(GROUPS + "/" + other + "?force=true").ok();
      assertThat(socket.status().path("status").asString()).isEqualTo("Failure");
    }
    try (ExecSocket socket = ExecSocket.open(unopened, ExecSocket.V4)) {
      JsonNode status = socket.status();
      assertThat(status.path("reason").asString()).isEqualTo("NotFound");
    }
    RestClient.Answer refused =
        client.send(
            "POST",
            GROUPS + "/" + other + "/containers/main/exec",
            "{\"command\":[\"cat\"]}",
            Map.of());
    assertThat(refused.status()).isIn(404, 409, 400);
  }
}
