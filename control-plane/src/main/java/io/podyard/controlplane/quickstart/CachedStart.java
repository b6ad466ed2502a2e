package io.podyard.controlplane.quickstart;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The group of the tour once more, from an image cache, beside how it started without one. */
final class CachedStart {

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final double NANOS = 1e9;

  private final PodyardClient client;
  private final GroupStart starts;
  private final DemoGroup demo;
  private final PrintStream out;

  CachedStart(PodyardClient client, GroupStart starts, DemoGroup demo, PrintStream out) {
    this.client = client;
    this.starts = starts;
    this.demo = demo;
    this.out = out;
  }

  /**
   * @param without how the group started without a cache
   * @return the id of the group, which runs
   * @throws Tour.FailedException if it or its cache does not come about
   */
  String run(GroupStart.Followed without) throws Tour.FailedException {
    String cache = cache();
    String id =
        client
            .call(
                Action.CREATE_CONTAINER_GROUP,
                demo.request(UUID.randomUUID().toString(), cache),
                CreateContainerGroupResponse.class)
            .containerGroupId();
    if (id == null) {
      throw new Tour.FailedException("CreateContainerGroup answered without an id");
    }
    out.printf("CreateContainerGroup   %s: the same with ImageSnapshotId=%s%n", id, cache);
    GroupStart.Followed cached = starts.follow(id);
    out.println("Side by side          without        cached");
    row("pull", without.pullSeconds(), cached.pullSeconds());
    row("Running after", without.runningSeconds(), cached.runningSeconds());
    say("without", without);
    say("cached", cached);
    Object _ =
        client.call(
            Action.DELETE_IMAGE_CACHE,
            Map.of("ImageCacheId", cache),
            Action.DELETE_IMAGE_CACHE.responseType());
    return id;
  }

  private String cache() throws Tour.FailedException {
    long start = System.nanoTime();
    String id =
        client
            .call(
                Action.CREATE_IMAGE_CACHE,
                Map.of("ImageCacheName", "quickstart", "Image.1", demo.image()),
                CreateImageCacheResponse.class)
            .imageCacheId();
    while (true) {
      ImageCacheResponse cache =
          client
              .call(
                  Action.DESCRIBE_IMAGE_CACHES,
                  Map.of("ImageCacheId", String.valueOf(id)),
                  DescribeImageCachesResponse.class)
              .imageCaches()
              .getFirst();
      double seconds = (System.nanoTime() - start) / NANOS;
      if ("Ready".equals(cache.status())) {
        out.printf(
            Locale.ROOT,
            "CreateImageCache       %s: a host holds the image after %.2f s%n",
            id,
            seconds);
        return String.valueOf(id);
      }
      if ("Failed".equals(cache.status()) || seconds > LONGEST.toSeconds()) {
        throw new Tour.FailedException(
            "image cache %s is %s: %s".formatted(id, cache.status(), cache.events()));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void row(String what, double without, double cached) {
    out.printf(Locale.ROOT, "  %-18s %6.2f s      %6.2f s%n", what, without, cached);
  }

  private void say(String which, GroupStart.Followed start) {
    String pulled = start.pulled().isEmpty() ? "the image was on its host" : start.pulled();
    out.printf("  %-8s | %s%n", which, pulled);
  }
}
