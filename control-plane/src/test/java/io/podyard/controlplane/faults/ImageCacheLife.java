package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Image caches of two images each, one of which stays when the cache is changed. */
final class ImageCacheLife extends CacheLife {

  private final PatientClient client;
  private final SlowImages images;

  ImageCacheLife(PatientClient client, Inspection inspection, SlowImages images) {
    super(inspection, "image_cache");
    this.client = client;
    this.images = images;
  }

  @Override
  String make(int number) {
    return Objects.requireNonNull(
        client
            .repeated(
                Action.CREATE_IMAGE_CACHE,
                Map.of(
                    "ClientToken",
                    "make-" + number,
                    "ImageCacheName",
                    "dying",
                    "Image.1",
                    images.name(number),
                    "Image.2",
                    images.name(number + 1)),
                CreateImageCacheResponse.class)
            .imageCacheId());
  }

  @Override
  void change(int number, String cache) {
    Object _ =
        client.repeated(
            Action.UPDATE_IMAGE_CACHE,
            Map.of(
                "ClientToken",
                "change-" + number,
                "ImageCacheId",
                cache,
                "Image.1",
                images.name(number + 1),
                "Image.2",
                images.name(number + 2)),
            Action.UPDATE_IMAGE_CACHE.responseType());
  }

  @Override
  void remove(int number, String cache) {
    Object _ =
        client.repeated(
            Action.DELETE_IMAGE_CACHE,
            Map.of("ClientToken", "end-" + number, "ImageCacheId", cache),
            Action.DELETE_IMAGE_CACHE.responseType());
  }

  @Override
  boolean isReady(String cache, int revision) {
    ImageCacheResponse found =
        client
            .repeated(
                Action.DESCRIBE_IMAGE_CACHES,
                Map.of("ImageCacheId", cache),
                DescribeImageCachesResponse.class)
            .imageCaches()
            .getFirst();
    assertThat(found.status()).doesNotContain("Failed");
    return (cache + "." + revision).equals(found.snapshotId()) && "Ready".equals(found.status());
  }

  @Override
  boolean isHeld(Inspection hosts, Predicate<Set<String>> such) {
    return hosts.heldCachesAre(such);
  }
}
