package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Groups that are history can be listed. */
class EndedGroupsTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final String ENDED = "/v1/ended-container-groups";

  private final TestServer server = TestServer.shared();
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());
  private TestServer.Key key;
  private RestClient client;

  @BeforeEach
  void openAccount() {
    key = server.newAccount();
    client = new RestClient(server.endpoint(), key);
  }

  /** Creates a group, has it ended by its owner, and waits until its record is over. */
  private String ended(String name, String more) {
    String id =
        client
            .post(
                GROUPS,
                "{\"containerGroupName\":\"%s\",%s\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}"
                    .formatted(name, more))
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    Waiting.until(id + " runs", () -> read(id).path("status").asString().equals("Running"));
    client.delete(GROUPS + "/" + id + "?force=true").ok();
    Waiting.until(id + " has ended", () -> read(id).path("ended").asBoolean());
    return id;
  }

  private JsonNode read(String id) {
    RestClient.Answer answer = client.get(GROUPS + "/" + id).ok();
    assertThat(shapes.differences("DescribeContainerGroup", answer)).isEmpty();
    return answer.json();
  }

  private JsonNode page(String query) {
    RestClient.Answer answer = client.get(ENDED + query).ok();
    assertThat(shapes.differences("ListEndedContainerGroups", answer)).as(query).isEmpty();
    return answer.json();
  }

  private List<String> ids(String query) {
    List<String> ids = new ArrayList<>();
    page(query)
        .path("containerGroups")
        .forEach(group -> ids.add(group.path("containerGroupId").asString()));
    return ids;
  }

  /** The same record once more in the history, as one that ended so and then. */
  private void history(String from, String id, String status, String endedAt) {
    server
        .jdbc()
        .update(
            """
            insert into container_group_history
              (id, account_id, region, name, status, record, created_at, ended_at)
            select ?, account_id, region, name || '-old', ?,
                   record || jsonb_build_object('id', ?::text, 'status', ?::text,
                                                'name', name || '-old'),
                   created_at, ?::timestamptz
            from container_group_history where id = ?
            """,
            id,
            status,
            id,
            status,
            endedAt,
            from);
  }

  /** A day of last month, so that the history has not forgotten it. */
  private static String day(int number) {
    return Instant.now()
        .truncatedTo(ChronoUnit.DAYS)
        .minus(40 - number, ChronoUnit.DAYS)
        .toString();
  }

  @Test
  void whatHasEndedIsListedAsItWasLast() {
    Instant before = Instant.now().minusSeconds(1);
    assertThat(ids("")).isEmpty();
    String id = ended("ended-one", "\"ownerId\":7,\"tag\":[{\"key\":\"k\",\"value\":\"v\"}],");
    assertThat(client.get(GROUPS).json().path("containerGroups")).isEmpty();
    JsonNode group = page("").path("containerGroups").get(0);
    assertThat(group.path("containerGroupId").asString()).isEqualTo(id);
    assertThat(group.path("containerGroupName").asString()).isEqualTo("ended-one");
    assertThat(group.path("status").asString()).isEqualTo("Deleted");
    assertThat(group.path("tags").get(0).path("key").asString()).isEqualTo("k");
    assertThat(group.path("ownerId").asLong()).isEqualTo(7);
    assertThat(group.path("cost").path("metering").asBoolean()).isFalse();
    assertThat(group.path("cost").path("pricePerSecond").asString()).isNotEmpty();
    assertThat(group.path("cost")).isEqualTo(read(id).path("cost"));
    assertThat(Instant.parse(group.path("endedTime").asString()))
        .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
    assertThat(ids("?from=" + before.minusSeconds(60))).containsExactly(id);
    assertThat(ids("?to=" + before.minusSeconds(60))).isEmpty();
    assertThat(ids("?from=2999-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void eachFilterMustMatch() {
    String deleted = ended("ended-filter", "");
    history(deleted, "eci-0a", "Failed", day(1));
    history(deleted, "eci-0b", "Succeeded", day(2));
    history(deleted, "eci-0c", "Failed", day(3));
    assertThat(ids("")).containsExactly(deleted, "eci-0c", "eci-0b", "eci-0a");
    assertThat(ids("?status=Failed")).containsExactly("eci-0c", "eci-0a");
    assertThat(ids("?status=Succeeded")).containsExactly("eci-0b");
    assertThat(ids("?status=Deleted")).containsExactly(deleted);
    assertThat(ids("?status=Expired")).isEmpty();
    assertThat(ids("?containerGroupName=ended-filter")).containsExactly(deleted);
    assertThat(ids("?containerGroupName=ended-filter-old&status=Failed"))
        .containsExactly("eci-0c", "eci-0a");
    String from = "from=" + day(2);
    assertThat(ids("?" + from)).containsExactly(deleted, "eci-0c", "eci-0b");
    assertThat(ids("?%s&to=%s".formatted(from, day(3)))).containsExactly("eci-0b");
    assertThat(ids("?%s&to=%s&status=Failed".formatted(from, day(3)))).isEmpty();
    assertThat(ids("?regionId=cn-hangzhou")).hasSize(4);
  }

  @Test
  void pagesGoOnWhereTheLastOneEnded() {
    String last = ended("ended-page", "");
    List<String> all = new ArrayList<>(List.of(last));
    for (int i = 6; i >= 1; i--) {
      String id = "eci-0" + i;
      history(last, id, i % 2 == 0 ? "Failed" : "Succeeded", day(i));
      all.add(id);
    }
    assertThat(walk("?limit=3")).isEqualTo(all);
    assertThat(walk("?limit=1")).isEqualTo(all);
    assertThat(walk("?limit=7")).isEqualTo(all);
    assertThat(walk("?limit=2&status=Failed")).containsExactly("eci-06", "eci-04", "eci-02");
    assertThat(page("?limit=7").has("nextToken")).isFalse();
  }

  private List<String> walk(String query) {
    List<String> seen = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = page(query + next);
      page.path("containerGroups")
          .forEach(group -> seen.add(group.path("containerGroupId").asString()));
      next = page.has("nextToken") ? "&nextToken=" + page.path("nextToken").asString() : "";
    } while (!next.isEmpty());
    return seen;
  }

  @Test
  void everyWrongFieldIsNamed() {
    RestClient.Answer answer =
        client.get(
            ENDED
                + "?limit=101&status=Running&from=yesterday&regionId=mars&nextToken=a%20b&nonsense=1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.wrongFields())
        .containsExactly("from", "limit", "nextToken", "regionId", "status", "nonsense");
    assertThat(
            client.get(ENDED + "?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z").wrongFields())
        .containsExactly("to");
  }

  @Test
  void theExampleOfTheDocumentIsAnAnswer() {
    String example =
        server.bean(Routes.class).all().stream()
            .filter(route -> route.operationId().equals("ListEndedContainerGroups"))
            .map(route -> String.valueOf(route.text().answerExample()))
            .findFirst()
            .orElseThrow();
    RestClient.Answer answer =
        new RestClient.Answer(
            200,
            Map.of(
                "content-type",
                List.of("application/json"),
                "x-acs-request-id",
                List.of("7958C70A-AA76-4A62-8003-A0D8E150806F")),
            example);
    assertThat(shapes.differences("ListEndedContainerGroups", answer)).isEmpty();
  }
}
