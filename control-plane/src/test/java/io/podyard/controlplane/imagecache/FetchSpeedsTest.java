package io.podyard.controlplane.imagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How fast the content of a cache is, where its first host had it without the registry. */
class FetchSpeedsTest {

  private static final String OWN = "registry.test/speeds:own";

  /** A bigger one. */
  private static final String FOREIGN = "registry.test/speeds:foreign";

  /** Of its own, whose hosts have none of the images: they have to come from the registry. */
  private static TestServer server;

  private final PodyardClient client = client();

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(2, "8vCPU/32GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static PodyardClient client() {
    return server.client(server.newAccount(), SignatureVersion.V3);
  }

  @AfterEach
  void judge() throws Exception {
    client.close();
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  @Test
  void aCacheThatNobodyMeasuredTakesTheSpeedOfAGroupOfItsOwnAccount() {
    FetchSpeeds speeds = new FetchSpeeds(server.jdbc());
    String group = running(client, OWN);
    try (PodyardClient stranger = client()) {
      String foreign = running(stranger, FOREIGN);
      String cache = cache();
      assertThat(bytesOf(cache, FOREIGN))
          .as("would count first")
          .isGreaterThan(bytesOf(cache, OWN));

      forget(cache, 0);
      speeds.learn(cache);
      assertThat(read(cache, "fetched_bytes")).isEqualTo(bytesOf(cache, OWN));
      assertThat(read(cache, "fetch_millis")).isPositive();

      forget(cache, 0);
      speeds.learnNowAndThen(cache);
      assertThat(read(cache, "fetched_bytes")).isEqualTo(bytesOf(cache, OWN));
      forget(cache, 0);
      speeds.learnNowAndThen(cache);
      assertThat(read(cache, "fetched_bytes")).as("it was looked for just now").isZero();

      forget(cache, 7);
      speeds.learn(cache);
      assertThat(read(cache, "fetched_bytes")).as("it was measured").isEqualTo(7);
      delete(stranger, foreign);
      Object _ =
          client.call(
              Action.DELETE_IMAGE_CACHE,
              Map.of("ImageCacheId", cache),
              Action.DELETE_IMAGE_CACHE.responseType());
    }
    delete(client, group);
  }

  private String cache() {
    String id =
        Objects.requireNonNull(
            client
                .call(
                    Action.CREATE_IMAGE_CACHE,
                    Map.of("ImageCacheName", "speeds", "Image.1", OWN, "Image.2", FOREIGN),
                    CreateImageCacheResponse.class)
                .imageCacheId());
    Waiting.until(
        "the cache",
        () ->
            "Ready"
                .equals(
                    server
                        .jdbc()
                        .queryForObject(
                            "select status from image_cache where id = ?", String.class, id)));
    return id;
  }

  /** As if so much had been measured when its first host fetched it. */
  private void forget(String cache, long bytes) {
    assertThat(
            server
                .jdbc()
                .update(
                    "update image_cache_revision set fetched_bytes = ?, fetch_millis = 0"
                        + " where cache_id = ?",
                    bytes,
                    cache))
        .isEqualTo(1);
  }

  private long read(String cache, String column) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select " + column + " from image_cache_revision where cache_id = ?",
                Long.class,
                cache));
  }

  private long bytesOf(String cache, String image) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select bytes from image_cache_image where cache_id = ? and image = ?",
                Long.class,
                cache,
                image));
  }

  private static String running(PodyardClient client, String image) {
    String id =
        Objects.requireNonNull(
            client
                .call(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ContainerGroupName", "measuring",
                        "Cpu", "0.25",
                        "Memory", "0.5",
                        "Container.1.Name", "main",
                        "Container.1.Image", image),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        "it runs",
        () ->
            client
                .call(
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("ContainerGroupIds", "[\"" + id + "\"]"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .anyMatch(group -> "Running".equals(group.status())));
    return id;
  }

  private static void delete(PodyardClient client, String group) {
    Object _ =
        client.call(
            Action.DELETE_CONTAINER_GROUP,
            Map.of("ContainerGroupId", group, "Force", "true"),
            Action.DELETE_CONTAINER_GROUP.responseType());
  }
}
