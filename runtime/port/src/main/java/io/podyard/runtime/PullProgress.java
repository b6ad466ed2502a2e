package io.podyard.runtime;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of fetching one image for a group.
 *
 * @param failures failed tries so far
 * @param startedAt when the first try began
 * @param finishedAt when the image was there, null while it is not
 * @param notBefore when the next try may begin, null if at once
 * @param reason why the last try failed, empty if none did: {@code ErrImagePull}, {@code
 *     ErrImageNeverPull}, {@code InvalidImageName}
 * @param bytes of the image that are there, compressed; told now and then while it is fetched
 * @param totalBytes of the image, compressed; 0 while unknown, and in rows of earlier releases
 * @param registryBytes what of it was asked of its registry; what a process asked for that died
 *     since is not counted
 * @param cache the key of the image cache whose content was used, empty if none was
 */
public record PullProgress(
    String image,
    int failures,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant notBefore,
    String reason,
    String message,
    long bytes,
    long totalBytes,
    long registryBytes,
    String cache) {

  public PullProgress {
    cache = Objects.requireNonNullElse(cache, ""); // rows of earlier releases have none
  }

  /** Of a fetch of which nothing came yet. */
  public PullProgress(
      String image,
      int failures,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant notBefore,
      String reason,
      String message) {
    this(image, failures, startedAt, finishedAt, notBefore, reason, message, 0, 0, 0, "");
  }

  /** The same with other bytes. */
  public PullProgress at(long nowBytes, long nowTotal, long nowFromRegistry, String usedCache) {
    return new PullProgress(
        image,
        failures,
        startedAt,
        finishedAt,
        notBefore,
        reason,
        message,
        nowBytes,
        nowTotal,
        nowFromRegistry,
        usedCache);
  }
}
