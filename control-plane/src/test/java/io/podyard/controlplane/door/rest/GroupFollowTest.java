package io.podyard.controlplane.door.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.EciJson;
import io.podyard.controlplane.containergroup.GroupFollowing;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What happens to groups while it happens, through the REST door. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GroupFollowTest {

  private static final String GROUPS = "/v1/container-groups";

  /** Takes five seconds and more on a simulated host. */
  private static final String SLOW = "registry.test/pull-slow-shell:10";

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.newAccount());

  /**
   * One event.
   *
   * @param id empty for none
   */
  private record Event(String id, String name, String data) {

    JsonNode json() {
      return EciJson.rest().readTree(data);
    }

    boolean is(String otherName, String otherData) {
      return name.equals(otherName) && data.equals(otherData);
    }
  }

  private String create(String image, String script) {
    return client
        .post(
            GROUPS,
            """
            {"containerGroupName": "followed", "cpu": 0.25, "memory": 0.5, "restartPolicy": "Never",
             "container": [{"name": "main", "image": "%s", "imagePullPolicy": "IfNotPresent",
                            "command": ["sh", "-c"], "arg": ["%s"]}]}
            """
                .formatted(image, script))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private void end(String id) {
    client.delete(GROUPS + "/" + id + "?force=true").ok();
  }

  private InputStream open(String id, String query) throws IOException, InterruptedException {
    return LogFollowTest.stream(client, server, GROUPS + "/" + id + "/event-stream" + query);
  }

  private BufferedReader follow(String id, String query) throws Exception {
    return new BufferedReader(new InputStreamReader(open(id, query), UTF_8));
  }

  /** Reads up to an event of a kind, or to the end. */
  private static void read(BufferedReader from, List<Event> into, Predicate<Event> last)
      throws IOException {
    String id = "";
    String name = "";
    for (String line = from.readLine(); line != null; line = from.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring("id: ".length());
      } else if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        Event event = new Event(id, name, line.substring("data: ".length()));
        into.add(event);
        id = "";
        name = "";
        if (last.test(event)) {
          return;
        }
      }
    }
  }

  private List<Event> all(String id, String query) throws Exception {
    List<Event> seen = new ArrayList<>();
    try (BufferedReader events = follow(id, query)) {
      read(events, seen, _ -> false);
    }
    return seen;
  }

  private static List<String> data(List<Event> events, String name) {
    return events.stream().filter(e -> e.name().equals(name)).map(Event::data).toList();
  }

  private static List<String> reasons(List<Event> events) {
    return events.stream()
        .filter(e -> e.name().equals("event"))
        .map(e -> e.json().path("reason").asString())
        .toList();
  }

  @Test
  void whatHappensIsToldWithEachFetchUntilTheGroupHasEnded() throws Exception {
    String id = create(SLOW, "sleep infinity");
    List<Event> seen = new ArrayList<>();
    try (BufferedReader events = follow(id, "")) {
      read(events, seen, e -> e.name().equals("pull") && e.json().path("bytes").asLong() > 0);
      JsonNode told = seen.getLast().json();
      assertThat(told.path("status").asString()).isEqualTo("Pulling");
      assertThat(told.path("bytes").asLong()).isLessThan(told.path("totalBytes").asLong());
      JsonNode described = client.get(GROUPS + "/" + id).ok().json().path("imagePulls").path(0);
      assertThat(described.path("image").asString()).isEqualTo(SLOW);
      assertThat(described.path("bytes").asLong())
          .isGreaterThanOrEqualTo(told.path("bytes").asLong());
      assertThat(described.path("totalBytes").asLong()).isEqualTo(told.path("totalBytes").asLong());

      read(events, seen, e -> e.is("status", "Running"));
      end(id);
      read(events, seen, _ -> false);
    }

    assertThat(data(seen, "status"))
        .containsSubsequence("Pending", "Running")
        .doesNotHaveDuplicates();
    assertThat(reasons(seen)).containsSubsequence("Scheduled", "Pulling", "Pulled", "Started");
    List<JsonNode> pulls =
        seen.stream().filter(e -> e.name().equals("pull")).map(Event::json).toList();
    assertThat(pulls)
        .extracting(pull -> pull.path("bytes").asLong())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(pulls)
        .allSatisfy(
            pull ->
                assertThat(pull.path("registryBytes").asLong())
                    .isLessThanOrEqualTo(pull.path("bytes").asLong()));
    JsonNode last = pulls.getLast();
    assertThat(last.path("status").asString()).isEqualTo("Pulled");
    assertThat(last.path("bytes").asLong())
        .isPositive()
        .isEqualTo(last.path("totalBytes").asLong())
        .isEqualTo(last.path("registryBytes").asLong());
    assertThat(seen.getLast().is("end", "the container group has ended")).isTrue();
  }

  @Test
  void whatFailedIsToldWithTheRegistrysReasonAndWhenItIsTriedAgain() throws Exception {
    String id = create("registry.test/pull-denied:1", "true");
    List<Event> seen = new ArrayList<>();
    try (BufferedReader events = follow(id, "")) {
      read(
          events,
          seen,
          e -> e.name().equals("pull") && e.json().path("status").asString().equals("BackOff"));
    }
    JsonNode pull = seen.getLast().json();
    assertThat(pull.path("reason").asString()).isEqualTo("ErrImagePull");
    assertThat(pull.path("message").asString()).contains("pull access denied");
    assertThat(pull.path("failures").asInt()).isPositive();
    assertThat(pull.path("nextTryTime").asString()).isNotEmpty();
    assertThat(pull.has("finishTime")).isFalse();
    end(id);
  }

  @Test
  void whoComesBackIsToldOfWhatIsNew() throws Exception {
    String id = create("registry.test/shell:1", "true");
    assertThat(data(all(id, ""), "status")).endsWith("Succeeded");
    List<Event> seen = all(id, "");
    assertThat(reasons(seen)).contains("Scheduled", "Started").doesNotHaveDuplicates();
    List<String> ids = seen.stream().map(Event::id).filter(one -> !one.isEmpty()).toList();
    assertThat(ids.stream().map(Instant::parse)).isSorted();

    assertThat(reasons(all(id, "?startTime=" + ids.get(1))))
        .containsExactlyElementsOf(reasons(seen).subList(2, ids.size()));
    List<Event> none = all(id, "?startTime=" + ids.getLast());
    assertThat(reasons(none)).isEmpty();
    assertThat(data(none, "status")).containsExactly("Succeeded");
    assertThat(data(none, "end")).hasSize(1);
    end(id);
  }

  @Test
  void whoLeavesIsNoticed() throws Exception {
    String id = create("registry.test/shell:1", "sleep infinity");
    GroupFollowing following = server.bean(GroupFollowing.class);
    int before = following.count();
    InputStream events = open(id, "");
    assertThat(events.read()).isPositive();
    assertThat(following.count()).isEqualTo(before + 1);
    events.close();
    Waiting.until("nobody follows any more", () -> following.count() == before);
    RestClient.Answer head =
        client.send("HEAD", GROUPS + "/" + id + "/event-stream", null, Map.of());
    assertThat(head.status()).isEqualTo(200);
    assertThat(following.count()).isEqualTo(before);
    end(id);
  }

  @Test
  void whatIsWrongIsNamedAllAtOnce() {
    RestClient.Answer refused = client.get(GROUPS + "/odd%20id/event-stream?startTime=now&x=1");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.wrongFields())
        .containsExactlyInAnyOrder("containerGroupId", "startTime", "x");
  }
}
