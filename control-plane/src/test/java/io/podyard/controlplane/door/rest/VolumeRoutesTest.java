package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Disks as resources. */
class VolumeRoutesTest {

  private static final String VOLUMES = "/v1/volumes";
  private static final String GROUPS = "/v1/container-groups";

  private static final String GROUP =
      """
      {
        "containerGroupName": "disks",
        "cpu": 0.25,
        "memory": 0.5,
        "container": [{"name": "main", "image": "registry.test/shell:1", "command": ["sleep"],
                       "arg": ["infinity"]}],
        "volume": [
          {"name": "a", "type": "DiskVolume", "diskVolume": {"diskSize": 20}},
          {"name": "b", "type": "DiskVolume", "diskVolume": {"diskSize": 21}},
          {"name": "c", "type": "FlexVolume",
           "flexVolume": {"driver": "alicloud/disk",
                          "options": "{\\"volumeSize\\": 22, \\"performanceLevel\\": \\"PL0\\"}"}}
        ]
      }
      """;

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.newAccount());

  @Test
  void disksAreListedInPagesReadMadeLargerAndDeletedWhenNoGroupHasThem() {
    String group = client.post(GROUPS, GROUP).ok().json().path("containerGroupId").asString();
    awaitStatus(group, "Running");

    List<JsonNode> disks = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = client.get(VOLUMES + "?limit=2" + next).ok().json();
      page.path("volumes").forEach(disks::add);
      next = page.hasNonNull("nextToken") ? "&nextToken=" + page.path("nextToken").asString() : "";
    } while (!next.isEmpty());
    assertThat(disks)
        .extracting(disk -> disk.path("size").asInt())
        .containsExactlyInAnyOrder(20, 21, 22);
    assertThat(disks)
        .allSatisfy(
            disk -> {
              assertThat(disk.path("containerGroupId").asString()).isEqualTo(group);
              assertThat(disk.path("fsType").asString()).isEqualTo("ext4");
              assertThat(disk.path("deleteWithInstance").asBoolean()).isFalse();
              assertThat(disk.path("regionId").asString()).isEqualTo("cn-hangzhou");
              assertThat(disk.path("zoneId").asString()).isNotEmpty();
            });
    String id =
        disks.stream()
            .filter(disk -> disk.path("size").asInt() == 22)
            .findFirst()
            .orElseThrow()
            .path("volumeId")
            .asString();
    assertThat(one(id).path("performanceLevel").asString()).isEqualTo("PL0");

    assertThat(
            client
                .post(GROUPS + "/" + group + "/volumes/c/resize", "{\"newSize\": 33}")
                .ok()
                .json()
                .path("requestId")
                .asString())
        .isNotEmpty();
    assertThat(one(id).path("size").asInt()).isEqualTo(33);
    awaitStatus(group, "Running");

    RestClient.Answer used = client.delete(VOLUMES + "/" + id);
    assertThat(used.status()).isEqualTo(400);
    assertThat(used.code()).isEqualTo("IncorrectStatus");
    assertThat(used.body()).contains(group);

    client.delete(GROUPS + "/" + group + "?force=true").ok();
    Waiting.until("a free disk", () -> !one(id).hasNonNull("containerGroupId"));
    for (JsonNode disk : disks) {
      client.delete(VOLUMES + "/" + disk.path("volumeId").asString()).ok();
    }
    assertThat(client.get(VOLUMES).ok().json().path("volumes")).isEmpty();
    for (RestClient.Answer gone :
        List.of(
            client.get(VOLUMES + "/" + id),
            client.delete(VOLUMES + "/" + id),
            client.get(VOLUMES + "/d-none"))) {
      assertThat(gone.status()).isEqualTo(404);
      assertThat(gone.code()).isEqualTo("InvalidDiskId.NotFound");
    }
    Waiting.until(
        "the removal from their hosts",
        () ->
            server
                .jdbc()
                .queryForList(
                    "select id from persistent_volume where deleting_at is not null and removed_at"
                        + " is null and id = ?",
                    String.class,
                    id)
                .isEmpty());
  }

  private JsonNode one(String id) {
    return client.get(VOLUMES + "/" + id).ok().json();
  }

  private void awaitStatus(String group, String status) {
    Waiting.until(
        group + " to be " + status,
        () ->
            client.get(GROUPS + "/" + group).ok().json().path("status").asString().equals(status));
  }
}
