package io.podyard.bench.pulls;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.imagecache.CreateImageCacheRequest;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheRequest;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesRequest;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.bench.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** An image cache of one image on the host of one zone, made as a user of ECI makes it. */
record HostCache(String id) {

  private static final int GIB = 20;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Makes one and waits until it is Ready. */
  static HostCache make(PodyardClient client, String image, String registry, String zone) {
    HostCache cache =
        new HostCache(
            Objects.requireNonNull(
                client
                    .call(
                        Action.CREATE_IMAGE_CACHE,
                        request(image, registry, zone),
                        CreateImageCacheResponse.class)
                    .imageCacheId()));
    Waiting.until(
        "the image cache",
        LONGEST,
        Duration.ofMillis(50),
        () -> {
          ImageCacheResponse told = cache.look(client);
          if ("Failed".equals(told.status())) {
            throw new IllegalStateException("the image cache failed: " + told.events());
          }
          return "Ready".equals(told.status());
        });
    return cache;
  }

  private static CreateImageCacheRequest request(String image, String registry, String zone) {
    return new CreateImageCacheRequest(
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(image),
        "bench",
        GIB,
        List.of(),
        null,
        null,
        null,
        null,
        registry,
        null,
        null,
        null,
        null,
        null,
        null,
        1,
        List.of(),
        null,
        zone);
  }

  private ImageCacheResponse look(PodyardClient client) {
    DescribeImageCachesRequest one =
        new DescribeImageCachesRequest(
            null, id, null, null, null, null, List.of(), null, null, null, null, null, null, null,
            null, List.of());
    return client
        .call(Action.DESCRIBE_IMAGE_CACHES, one, DescribeImageCachesResponse.class)
        .imageCaches()
        .getFirst();
  }

  void delete(PodyardClient client) {
    DeleteImageCacheResponse _ =
        client.call(
            Action.DELETE_IMAGE_CACHE,
            new DeleteImageCacheRequest(null, id, null, null, null, null, null),
            DeleteImageCacheResponse.class);
  }
}
