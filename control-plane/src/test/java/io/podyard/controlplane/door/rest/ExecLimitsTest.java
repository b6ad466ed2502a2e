package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.ExecSocket;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.InputStream;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A server that allows one session, one follower, and little time for either. */
class ExecLimitsTest {

  private static final String GROUPS = "/v1/container-groups";

  @Test
  void limitsHoldAndAreTold() throws Exception {
    TestServer.Options options =
        TestServer.Options.USUAL
            .with("podyard.exec.sessions", "1")
            .with("podyard.exec.followers", "1")
            .with("podyard.exec.idle", "2s")
            .with("podyard.exec.longest", "4s");
    try (TestServer server = TestServer.start(options)) {
      RestClient client = new RestClient(server.endpoint(), server.operator());
      String id = ExecSessionTest.running(client);
      String first = socket(client, id, "[\"sleep\",\"infinity\"]");
      String second = socket(client, id, "[\"true\"]");
      try (ExecSocket idle = ExecSocket.open(first, ExecSocket.V4)) {
        assertThat(ExecSocket.refusal(second, ExecSocket.V4)).isEqualTo(503);
        JsonNode status = idle.status();
        assertThat(status.path("reason").asString()).isEqualTo("Timeout");
        assertThat(status.path("message").asString()).contains("nothing was said for 2 s");
      }
      // The secret that came too early still holds.
      try (ExecSocket later = ExecSocket.open(second, ExecSocket.V4)) {
        assertThat(later.status().path("status").asString()).isEqualTo("Success");
      }
      try (ExecSocket talkative = ExecSocket.open(socket(client, id, "[\"cat\"]"), ExecSocket.V4)) {
        Waiting.until("it is ended although it is not idle", () -> saysOrIsOver(talkative));
        assertThat(talkative.status().path("message").asString())
            .contains("the session lasted 4 s");
      }
      try (InputStream one = LogFollowTest.open(client, server, id, "?follow=true")) {
        assertThat(one.read()).isPositive();
        RestClient.Answer refused = client.get(GROUPS + "/" + id + "/containers/main/logs");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("Throttling");
      }
      Waiting.until(
          "the one who left is noticed",
          () -> client.get(GROUPS + "/" + id + "/containers/main/logs").status() == 200);
    }
  }

  private static boolean saysOrIsOver(ExecSocket socket) {
    try {
      socket.type("more\n");
    } catch (CompletionException e) {
      // It has just been closed.
    }
    return socket.isClosed();
  }

  private static String socket(RestClient client, String id, String command) {
    return client
        .post(GROUPS + "/" + id + "/containers/main/exec", "{\"command\":" + command + "}")
        .ok()
        .json()
        .path("webSocketUri")
        .asString();
  }
}
