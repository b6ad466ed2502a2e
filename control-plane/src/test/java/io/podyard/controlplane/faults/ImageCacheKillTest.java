package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The server dies at each step of the life of an image cache: when it is asked for, fetched, noted,
 * used, changed, deleted, let go. It is never ready by half, and nothing of it is left.
 */
class ImageCacheKillTest {

  /** The first ones are the short form. */
  private static final List<String> POINTS =
      List.of(
          "heldCopy:before:1",
          "holdImages:after:2",
          "planImageCache:after:6",
          "releaseImages:after:1",
          "heldCopy:after:1",
          "heldCopy:before:3",
          "heldCopy:after:3",
          "heldCopy:before:4",
          "heldCopy:after:4",
          "holdImages:before:1",
          "holdImages:after:1",
          "holdImages:before:3",
          "holdImages:after:3",
          "planImageCache:before:1",
          "planImageCache:after:1",
          "planImageCache:before:4",
          "planImageCache:after:4",
          "planImageCache:before:8",
          "planImageCache:after:8",
          "releaseImages:before:1",
          "releaseImages:before:3",
          "releaseImages:after:3",
          "clearCopy:before:1",
          "clearCopy:after:1",
          "clearCopy:before:4",
          "clearCopy:after:4");

  /** Java may have to learn to start servers first. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  @Test
  void killedAtEachStepOfACacheItIsNeverReadyByHalfAndLeavesNothing() throws Exception {
    List<String> points = POINTS.subList(0, Length.of(4, POINTS.size()));
    Map<String, String> settings = Map.of("PODYARD_SIMULATED_HOSTS", "3");
    try (ServerProcess server = ServerProcess.in("imagecaches", settings).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      server.kill9();
      for (String point : points) {
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        PatientClient client = new PatientClient(server::client, new Told());
        Thread life = Thread.ofVirtual().start(() -> live(client, inspection, point, failure));
        assertThat(server.diedWithin(Duration.ofMinutes(2))).as(point).isTrue();
        server.start();
        assertThat(life.join(LONGEST)).as(point).isTrue();
        assertThat(failure.get()).as(point).isNull();
        server.kill9();
      }
      server.start();
      inspection.awaitSettled();
      inspection.mustBeContent();
      assertThat(rows(inspection, "image_cache")).isZero();
      assertThat(server.errors()).isEmpty();
    }
  }

  private static int rows(Inspection inspection, String table) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select count(*) from " + table, Integer.class));
  }

  /** The whole life of a cache on two hosts, and of a group, each call until it is answered. */
  private static void live(
      PatientClient client,
      Inspection inspection,
      String name,
      AtomicReference<@Nullable Throwable> failure) {
    try {
      String token = name.replace(':', '-');
      String cache =
          Objects.requireNonNull(
              client
                  .repeated(
                      Action.CREATE_IMAGE_CACHE,
                      Map.of(
                          "ClientToken",
                          token,
                          "ImageCacheName",
                          "killed",
                          "StandardCopyCount",
                          "2",
                          "Image.1",
                          "podyard/app:1",
                          "Image.2",
                          "podyard/tools:1"),
                      CreateImageCacheResponse.class)
                  .imageCacheId());
      awaitReady(client, inspection, cache, cache + ".1");
      Object _ =
          client.repeated(
              Action.UPDATE_IMAGE_CACHE,
              Map.of(
                  "ClientToken",
                  "change-" + token,
                  "ImageCacheId",
                  cache,
                  "Image.1",
                  "podyard/app:1",
                  "Image.2",
                  "podyard/tools:2"),
              Action.UPDATE_IMAGE_CACHE.responseType());
      awaitReady(client, inspection, cache, cache + ".2");
      String group = started(client, token, cache);
      Object _ =
          client.repeated(
              Action.DELETE_IMAGE_CACHE,
              Map.of("ClientToken", "end-" + token, "ImageCacheId", cache),
              Action.DELETE_IMAGE_CACHE.responseType());
      Waiting.until(
          "the cache is gone from everywhere", LONGEST, () -> rows(inspection, "image_cache") == 0);
      assertThat(
              inspection
                  .jdbc()
                  .queryForObject(
                      "select count(*) from image_cache_copy where cleared_at is null",
                      Integer.class))
          .isZero();
      Object _ =
          client.repeated(
              Action.DELETE_CONTAINER_GROUP,
              Map.of("ContainerGroupId", group, "ClientToken", "gone-" + token, "Force", "true"),
              Action.DELETE_CONTAINER_GROUP.responseType());
    } catch (RuntimeException | AssertionError failed) {
      failure.set(failed);
    }
  }

  /** Whatever it looks like meanwhile: what can be used is known whole. */
  private static void awaitReady(
      PatientClient client, Inspection inspection, String cache, String snapshot) {
    Waiting.until(
        snapshot + " is ready",
        LONGEST,
        () -> {
          ImageCacheResponse found =
              client
                  .repeated(
                      Action.DESCRIBE_IMAGE_CACHES,
                      Map.of("ImageCacheId", cache),
                      DescribeImageCachesResponse.class)
                  .imageCaches()
                  .getFirst();
          if (found.snapshotId() != null) {
            assertThat(
                    inspection
                        .jdbc()
                        .queryForObject(
                            "select count(*) from image_cache_image where cache_id || '.' ||"
                                + " revision = ?",
                            Integer.class,
                            found.snapshotId()))
                .as(found.snapshotId())
                .isIn(2, 0); // 0: it was replaced between the two looks
          }
          return snapshot.equals(found.snapshotId()) && "Ready".equals(found.status());
        });
    assertThat(
            inspection
                .jdbc()
                .queryForObject(
                    "select count(*) from image_cache_copy where cache_id || '.' || revision = ? and"
                        + " held_at is not null",
                    Integer.class,
                    snapshot))
        .isEqualTo(2);
  }

  private static String started(PatientClient client, String token, String cache) {
    String group =
        Objects.requireNonNull(
            client
                .repeated(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ClientToken",
                        token,
                        "ContainerGroupName",
                        "cached",
                        "Cpu",
                        "0.25",
                        "Memory",
                        "0.5",
                        "ImageSnapshotId",
                        cache,
                        "Container.1.Name",
                        "app",
                        "Container.1.Image",
                        "podyard/app:1"),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        group + " runs",
        LONGEST,
        () ->
            client
                .repeated(
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("ContainerGroupIds", "[\"" + group + "\"]"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .anyMatch(found -> "Running".equals(found.status())));
    return group;
  }
}
