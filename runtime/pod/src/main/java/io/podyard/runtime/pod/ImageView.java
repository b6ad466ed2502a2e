package io.podyard.runtime.pod;

import java.util.Map;
import java.util.Objects;

/** What is known of an image on a host. */
public sealed interface ImageView {

  record Absent() implements ImageView {}

  /**
   * There.
   *
   * @param totalBytes compressed size of what was fetched for the group; 0 if nothing was, or if
   *     that is not known any more
   * @param registryBytes what of it was asked of its registry
   * @param cache the key of the image cache whose content it is, empty if it is none's
   * @param held which images the group may use under the name, by the digest of their manifest,
   *     with their compressed size; told where nothing was fetched for the group, and not by
   *     engines of earlier releases
   */
  record Present(long totalBytes, long registryBytes, String cache, Map<String, Long> held)
      implements ImageView {
    public Present {
      cache = Objects.requireNonNullElse(cache, ""); // of a process of an earlier release
      held = Map.copyOf(Objects.requireNonNullElse(held, Map.of()));
    }

    public Present(long totalBytes, long registryBytes, String cache) {
      this(totalBytes, registryBytes, cache, Map.of());
    }

    public Present() {
      this(0, 0, "");
    }

    /** There before anybody fetched it for the group. */
    public static Present holding(Map<String, Long> images) {
      return new Present(0, 0, "", images);
    }
  }

  /**
   * Being fetched.
   *
   * @param bytes fetched so far
   * @param totalBytes 0 while unknown
   * @param registryBytes what was asked of its registry so far; 0 of engines of earlier releases
   */
  record Pulling(long bytes, long totalBytes, long registryBytes) implements ImageView {}

  /**
   * The newest fetch failed and none is under way.
   *
   * @param reason {@code ErrImagePull} or {@code InvalidImageName}
   * @param message the registry's own reason
   * @param retryAfterSeconds the registry's wish, 0 if it has none
   */
  record Failed(String reason, String message, int retryAfterSeconds) implements ImageView {
    public Failed {
      reason = PlainWords.reason(reason);
      message = PlainWords.message(message);
    }
  }
}
