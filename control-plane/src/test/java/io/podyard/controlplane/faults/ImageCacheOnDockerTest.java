package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.controlplane.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real engine holds the image of a cache although the server dies when it has it and has not
 * noted it; a group starts from it without a byte of its registry, and nothing is left at the end.
 */
@Tag("docker")
class ImageCacheOnDockerTest {

  private static final Map<String, String> SETTINGS =
      Map.of("PODYARD_RUNTIME", "docker", "PODYARD_CPU_OVERCOMMIT", "3");

  @TempDir private Path folder;

  private static ImageCacheResponse get(PodyardClient client, String id) {
    return client
        .call(
            Action.DESCRIBE_IMAGE_CACHES,
            Map.of("ImageCacheId", id),
            DescribeImageCachesResponse.class)
        .imageCaches()
        .getFirst();
  }

  private static String create(PodyardClient client, String... images) {
    return Objects.requireNonNull(
        client
            .call(
                Action.CREATE_IMAGE_CACHE,
                Map.of("ImageCacheName", "real", "Image.1", images[0]),
                CreateImageCacheResponse.class)
            .imageCacheId());
  }

  private static ContainerGroupResponse group(PodyardClient client, String id) {
    return client
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + id + "\"]", "WithEvent", "true"),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .getFirst();
  }

  @Test
  void aGroupStartsFromWhatItsHostHoldsAndNothingIsLeft() throws Exception {
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("caches", SETTINGS).start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        server.kill9();
        server.start(Map.of("PODYARD_CRASH_AT", "heldCopy:before:1"));
        String image = engine.registry() + "/kill/app-0:1";
        String cache = create(server.client(), image);
        assertThat(server.diedWithin(Duration.ofMinutes(1))).isTrue();
        server.start();
        PodyardClient client = server.client();
        Waiting.until("it is ready", () -> "Ready".equals(get(client, cache).status()));
        assertThat(get(client, cache).progress()).isEqualTo("100%");

        String id =
            Objects.requireNonNull(
                client
                    .call(
                        Action.CREATE_CONTAINER_GROUP,
                        Map.of(
                            "ContainerGroupName",
                            "cached",
                            "Cpu",
                            "0.25",
                            "Memory",
                            "0.5",
                            "ImageSnapshotId",
                            cache,
                            "Container.1.Name",
                            "main",
                            "Container.1.Image",
                            image,
                            "Container.1.Command.1",
                            "/sandbox",
                            "Container.1.Command.2",
                            "sleep",
                            "Container.1.Command.3",
                            "3600"),
                        CreateContainerGroupResponse.class)
                    .containerGroupId());
        Waiting.until("it runs", () -> "Running".equals(group(client, id).status()));
        assertThat(
                group(client, id).events().stream()
                    .filter(event -> "Pulled".equals(event.reason()))
                    .map(event -> String.valueOf(event.message()))
                    .toList())
            .singleElement()
            .asString()
            .contains("from its registry: 0")
            .contains(cache + ".1");

        String broken = create(client, engine.registry() + "/kill/none:1");
        Waiting.until(
            "it cannot be had",
            () ->
                get(client, broken).events().stream()
                    .anyMatch(event -> "ErrImagePull".equals(event.reason())));

        for (String one : List.of(cache, broken)) {
          Object _ =
              client.call(
                  Action.DELETE_IMAGE_CACHE,
                  Map.of("ImageCacheId", one),
                  Action.DELETE_IMAGE_CACHE.responseType());
        }
        assertThat(group(client, id).status()).isEqualTo("Running");
        inspection.deleteAll(client);
        Waiting.until(
            "nothing is to be let go",
            Duration.ofMinutes(1),
            () ->
                Objects.equals(
                    inspection
                        .jdbc()
                        .queryForObject(
                            "select count(*) from image_cache_copy where cleared_at is null",
                            Integer.class),
                    0));
        inspection.awaitSettled();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");
        engine.mustBeEmptyOf(inspection.installation());
        assertThat(server.errors()).isEmpty();
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }
}
