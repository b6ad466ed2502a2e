package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.container.LogFollowing;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs as they are written, through the REST door. */
class LogFollowTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.newAccount());

  private String create(String script, String policy) {
    return client
        .post(
            GROUPS,
            """
            {"containerGroupName": "log", "cpu": 0.25, "memory": 0.5, "restartPolicy": "%s",
             "container": [{"name": "main", "image": "registry.test/shell:1",
                            "command": ["sh", "-c"], "arg": ["%s"]}]}
            """
                .formatted(policy, script))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private void end(String id) {
    client.delete(GROUPS + "/" + id + "?force=true").ok();
  }

  static InputStream open(RestClient client, TestServer server, String id, String query)
      throws IOException, InterruptedException {
    return stream(client, server, GROUPS + "/" + id + "/containers/main/logs" + query);
  }

  /** Server-sent events. */
  static InputStream stream(RestClient client, TestServer server, String path)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.endpoint() + path));
    client.sign("GET", path, null, Map.of()).forEach(request::header);
    HttpResponse<InputStream> answer =
        HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    return answer.body();
  }

  /** The events until the end, each in a line, without ids and comments. */
  private List<String> events(String id, String query) throws Exception {
    List<String> events = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(client, server, id, query), UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          event = line.substring("event: ".length()) + " ";
        } else if (line.startsWith("data: ")) {
          events.add(event + line.substring("data: ".length()));
          event = "";
        }
      }
    }
    return events;
  }

  @Test
  void linesComeAsTheyAreWrittenUntilTheContainerEnds() throws Exception {
    String id = create("echo one; echo two; sleep 3; echo three", "Never");
    assertThat(events(id, "?follow=true"))
        .containsExactly("run 1", "one", "two", "three", "end the container has ended");
    assertThat(events(id, "?follow=true&tail=1"))
        .containsExactly("run 1", "three", "end the container has ended");
    assertThat(events(id, ""))
        .containsExactly("one", "two", "three", "end nothing more is written so far");
    String stamped = events(id, "?tail=1&timestamps=true").getFirst();
    Instant time = Instant.parse(stamped.substring(0, stamped.indexOf(' ')));
    assertThat(stamped).endsWith(" three");
    assertThat(events(id, "?startTime=" + time))
        .containsExactly("three", "end nothing more is written so far");
    assertThat(events(id, "?startTime=" + time.plusMillis(1)))
        .containsExactly("end nothing more is written so far");
    end(id);
  }

  @Test
  void theNextRunFollowsFromItsBeginning() throws Exception {
    String id = create("echo begins; sleep 1; echo ends; exit 1", "OnFailure");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(open(client, server, id, "?follow=true"), UTF_8))) {
      List<String> seen = new ArrayList<>();
      while (!seen.contains("data: 2") || seen.stream().filter("data: ends"::equals).count() < 2) {
        String line = lines.readLine();
        assertThat(line).as("after %s", seen).isNotNull();
        if (!line.startsWith("id: ") && !line.isEmpty() && !line.startsWith(":")) {
          seen.add(line);
        }
      }
      assertThat(seen)
          .startsWith(
              "event: run",
              "data: 1",
              "data: begins",
              "data: ends",
              "event: run",
              "data: 2",
              "data: begins",
              "data: ends");
      end(id);
      String last = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line.isEmpty() ? last : line;
      }
      assertThat(last).startsWith("data: the ");
    }
  }

  @Test
  void whoLeavesIsNoticed() throws Exception {
    String id = create("echo here; sleep infinity", "Always");
    LogFollowing following = server.bean(LogFollowing.class);
    int before = following.count();
    InputStream log = open(client, server, id, "?follow=true");
    assertThat(log.read()).isPositive();
    assertThat(following.count()).isEqualTo(before + 1);
    log.close();
    Waiting.until("nobody follows any more", () -> following.count() == before);
    // What only wants the head does not follow at all.
    RestClient.Answer head =
        client.send(
            "HEAD", GROUPS + "/" + id + "/containers/main/logs?follow=true", null, Map.of());
    assertThat(head.status()).isEqualTo(200);
    assertThat(following.count()).isEqualTo(before);
    end(id);
  }

  @Test
  void whatIsWrongIsNamedAllAtOnce() {
    RestClient.Answer refused =
        client.get(
            GROUPS
                + "/odd id/containers/main/logs?tail=2001&sinceSeconds=0&follow=perhaps"
                    .replace(" ", "%20")
                + "&startTime=now&x=1");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.wrongFields())
        .containsExactlyInAnyOrder(
            "containerGroupId", "tail", "sinceSeconds", "follow", "startTime", "x");
  }
}
