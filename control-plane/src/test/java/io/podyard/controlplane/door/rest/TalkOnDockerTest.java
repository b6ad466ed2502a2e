package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.ExecSocket;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.EngineObjects;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real containers are talked with, and their logs followed, through the door. */
@Tag("docker")
class TalkOnDockerTest {

  private static final String GROUPS = "/v1/container-groups";

  @TempDir private Path folder;

  private static String create(RestClient client, String image, String script) {
    return client
        .post(
            GROUPS,
            """
            {"containerGroupName": "talk", "cpu": 0.25, "memory": 0.5, "restartPolicy": "Always",
             "terminationGracePeriodSeconds": 1,
             "container": [{"name": "main", "image": "%s", "command": ["sh", "-c"],
                            "arg": ["%s"]}]}
            """
                .formatted(image, script))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private static void awaitRunning(RestClient client, String id) {
    Waiting.until(
        id + " runs",
        () -> client.get(GROUPS + "/" + id).json().path("status").asString().equals("Running"));
  }

  private static ExecSocket open(RestClient client, String id, String json) {
    String address =
        client
            .post(GROUPS + "/" + id + "/containers/main/exec", json)
            .ok()
            .json()
            .path("webSocketUri")
            .asString();
    return ExecSocket.open(address, ExecSocket.V5);
  }

  @Test
  @Timeout(180)
  void commandsAreTalkedWithAndLogsFollowed() throws Exception {
    try (DockerEngine engine = EngineForTests.engine(folder);
        TestRegistry registry = new TestRegistry();
        TestServer server =
            TestServer.start(TestServer.Options.USUAL.with("podyard.runtime", "docker"))) {
      registry.put("library/busybox", "1", EngineForTests.busybox());
      String image = registry.host() + "/library/busybox:1";
      InstallationId installation = new Inventory(server.jdbc()).installation();
      try {
        RestClient client = new RestClient(server.endpoint(), server.newAccount());
        String id =
            create(client, image, "echo begins; while [ ! -e /go ]; do sleep 0.1; done; echo ends");
        awaitRunning(client, id);
        talk(client, id);
        follow(server, client, id);
        client.delete(GROUPS + "/" + id + "?force=true").ok();
        Waiting.until("it is gone", () -> nothingIsLeft(server));
      } finally {
        EngineObjects.removeAll(engine, installation);
      }
    }
  }

  private static boolean nothingIsLeft(TestServer server) {
    return Boolean.TRUE.equals(
        server
            .jdbc()
            .queryForObject(
                "select count(*) = 0 from container_group where released_at is null",
                Boolean.class));
  }

  private static void talk(RestClient client, String id) {
    try (ExecSocket both =
        open(client, id, "{\"command\":[\"sh\",\"-c\",\"echo out; echo err >&2; exit 3\"]}")) {
      assertThat(both.status().path("details").path("causes").get(0).path("message").asString())
          .isEqualTo("3");
      assertThat(both.said(1)).isEqualTo("out\n");
      assertThat(both.said(2)).isEqualTo("err\n");
    }
    try (ExecSocket cat = open(client, id, "{\"command\":[\"cat\"]}")) {
      cat.send(0, "x".repeat(300_000).getBytes(UTF_8));
      cat.endInput();
      assertThat(cat.status().path("status").asString()).isEqualTo("Success");
      assertThat(cat.said(1)).hasSize(300_000);
    }
    try (ExecSocket terminal = open(client, id, "{\"command\":[\"sh\"],\"tty\":true}")) {
      terminal.resize(101, 37);
      terminal.type("stty size; echo mine $((6*7))\r");
      terminal.awaitSaid(1, "37 101\r\n");
      terminal.awaitSaid(1, "mine 42\r\n");
      terminal.type("exit\r");
      assertThat(terminal.status().path("status").asString()).isEqualTo("Success");
    }
    ExecSocket left = open(client, id, "{\"command\":[\"sleep\",\"4711\"]}");
    awaitProcesses(client, id, 1);
    left.close();
    awaitProcesses(client, id, 0);
  }

  /** Until so many of the command that was left run in the container. */
  private static void awaitProcesses(RestClient client, String id, int wanted) {
    Waiting.until(
        wanted + " run",
        () -> {
          try (ExecSocket list =
              open(client, id, "{\"command\":[\"sh\",\"-c\",\"ps | grep -c '[s]leep 4711'\"]}")) {
            Waiting.until("it is said", list::isClosed);
            return list.said(1).strip().equals(Integer.toString(wanted));
          }
        });
  }

  private static void follow(TestServer server, RestClient client, String id) throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(LogFollowTest.open(client, server, id, "?follow=true"), UTF_8))) {
      List<String> seen = new ArrayList<>();
      while (seen.stream().filter("begins"::equals).count() < 2) {
        String line = lines.readLine();
        assertThat(line).as("after %s", seen).isNotNull();
        if (!line.startsWith("data: ")) {
          continue;
        }
        seen.add(line.substring("data: ".length()));
        if (seen.size() == 2) {
          try (ExecSocket go = open(client, id, "{\"command\":[\"touch\",\"/go\"]}")) {
            assertThat(go.status().path("status").asString()).isEqualTo("Success");
          }
        }
      }
      assertThat(seen).containsExactly("1", "begins", "ends", "2", "begins");
    }
  }
}
