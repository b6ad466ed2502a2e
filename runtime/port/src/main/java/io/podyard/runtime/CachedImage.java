package io.podyard.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An image that a group's start takes from an image cache instead of from its registry.
 *
 * @param image as the group's containers name it
 * @param digest of the manifest that the registry gave for the name when the cache was made, {@code
 *     sha256:...}
 * @param cache the key under which hosts hold it; see {@link ImageCopyOrder}
 * @param bytesPerSecond how fast a host got such content from its registry, compressed bytes; 0 if
 *     nobody knows, and in groups that were stored before it was kept
 */
public record CachedImage(String image, String digest, String cache, long bytesPerSecond) {

  private static final double MILLIS_PER_SECOND = 1000;

  /** Of content of which nobody knows how fast it comes from its registry. */
  public CachedImage(String image, String digest, String cache) {
    this(image, digest, cache, 0);
  }

  /**
   * By how much a fetch that used the cache was shorter than one from the registry would have been,
   * as far as the speed says; never less than nothing.
   *
   * @return empty if the fetch is not over or did not use the cache, or nobody knows the speed
   */
  public Optional<Duration> saved(PullProgress fetch) {
    Instant finished = fetch.finishedAt();
    if (bytesPerSecond <= 0 || finished == null || !fetch.cache().equals(cache)) {
      return Optional.empty();
    }
    Duration otherwise =
        Duration.ofMillis(Math.round(MILLIS_PER_SECOND * fetch.totalBytes() / bytesPerSecond));
    Duration saved = otherwise.minus(Duration.between(fetch.startedAt(), finished));
    return Optional.of(saved.isNegative() ? Duration.ZERO : saved);
  }
}
