package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the REST door says of one image cache, and of groups that start from it. */
class ImageCacheRoutesTest {

  private static final String CACHES = "/v1/image-caches";
  private static final String GROUPS = "/v1/container-groups";
  private static final String IMAGE = "registry.test/routes-of-caches:1";

  private final TestServer server = TestServer.shared();
  private final RestClient client = new RestClient(server.endpoint(), server.newAccount());
  private final DocumentedShapes shapes =
      new DocumentedShapes(new RestClient(server.endpoint(), null).get("/v3/api-docs").json());

  private JsonNode read(String operation, String path) {
    RestClient.Answer answer = client.get(path).ok();
    assertThat(shapes.differences(operation, answer)).as(answer.body()).isEmpty();
    return answer.json();
  }

  private JsonNode started(String more) {
    String id =
        client
            .post(
                GROUPS,
                """
                {"containerGroupName": "cached", "cpu": 0.25, "memory": 0.5, %s
                 "container": [{"name": "main", "image": "%s"}]}
                """
                    .formatted(more, IMAGE))
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    String path = GROUPS + "/" + id;
    Waiting.until(
        "it runs", () -> client.get(path).json().path("status").asString().equals("Running"));
    JsonNode group = read("DescribeContainerGroup", path);
    client.delete(path + "?force=true").ok();
    return group;
  }

  private void change(String path, String change) {
    client.send("PATCH", path, change, Map.of()).ok();
  }

  @Test
  void aCacheIsReadByItselfAndAGroupSaysWhatItSaved() {
    String id =
        client
            .post(CACHES, "{\"imageCacheName\": \"one\", \"image\": [\"" + IMAGE + "\"]}")
            .ok()
            .json()
            .path("imageCacheId")
            .asString();
    String path = CACHES + "/" + id;
    Waiting.until(
        "the cache", () -> client.get(path).ok().json().path("status").asString().equals("Ready"));
    JsonNode cache = read("DescribeImageCache", path);
    assertThat(cache.path("imageCacheId").asString()).isEqualTo(id);
    assertThat(cache.path("images").get(0).asString()).isEqualTo(IMAGE);
    assertThat(cache.path("events")).isNotEmpty();
    assertThat(cache.path("bytes").asLong()).isPositive();
    assertThat(cache.path("totalBytes").asLong()).isEqualTo(cache.path("bytes").asLong());

    JsonNode use = started("\"imageSnapshotId\": \"" + id + "\",").path("imageCache");
    assertThat(use.path("imageCacheId").asString()).isEqualTo(id);
    assertThat(use.path("snapshotId").asString()).isEqualTo(cache.path("snapshotId").asString());
    assertThat(use.path("matchedBytes").asLong()).isPositive();
    assertThat(use.path("bytesNotPulled").asLong()).isEqualTo(use.path("matchedBytes").asLong());
    assertThat(use.path("secondsSaved").decimalValue()).isNotNegative();
    assertThat(started("").has("imageCache")).isFalse();

    change(path, "{\"eliminationStrategy\": \"LRU\"}");
    assertThat(client.get(path).json().path("eliminationStrategy").asString()).isEqualTo("LRU");
    change(path, "{\"eliminationStrategy\": null, \"imageCacheName\": \"other\"}");
    assertThat(client.get(path).json().path("eliminationStrategy").asString()).isEqualTo("LRU");
    change(path, "{\"eliminationStrategy\": \"\"}");
    assertThat(client.get(path).json().has("eliminationStrategy")).isFalse();

    client.delete(path).ok();
    assertThat(client.get(path).status()).isEqualTo(404);
  }
}
