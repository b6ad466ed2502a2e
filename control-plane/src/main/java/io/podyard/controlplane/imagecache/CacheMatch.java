package io.podyard.controlplane.imagecache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How well a cache serves a group: which of the group's images it holds. The better one comes first
 * in {@link #ORDER}, which is the contract's (section 13): degree of match, size of what is
 * matched, newest.
 *
 * @param images of the group that it holds, by the names that the group has for them
 * @param asked how many images the group has
 * @param bytes of what is matched, each image once
 */
record CacheMatch(Held cache, Map<String, Image> images, int asked, long bytes) {

  /**
   * An image that a cache holds.
   *
   * @param name as it was asked for
   * @param digest what the name stood for
   */
  record Image(String name, String digest, long bytes) {}

  /**
   * What a cache holds.
   *
   * @param key of the revision
   * @param sizeGib that were asked for
   * @param bytesPerSecond how fast it came from its registry; 0 if nobody knows
   */
  record Held(
      String id,
      String key,
      Instant createdAt,
      List<Image> images,
      int sizeGib,
      long bytesPerSecond) {

    Held {
      images = List.copyOf(images);
    }
  }

  static final Comparator<CacheMatch> ORDER =
      Comparator.comparingInt((CacheMatch match) -> -match.images().size())
          .thenComparingLong(match -> -match.bytes())
          .thenComparing(match -> match.cache().createdAt(), Comparator.reverseOrder())
          .thenComparing(match -> match.cache().id(), Comparator.reverseOrder());

  /** Whether the cache holds all that the group needs. */
  boolean isFull() {
    return images.size() == asked;
  }

  /** The caches that hold any of the images, the best first. */
  static List<CacheMatch> ranked(Collection<String> images, Collection<Held> caches) {
    List<CacheMatch> matches = new ArrayList<>();
    for (Held cache : caches) {
      CacheMatch match = of(images, cache);
      if (!match.images().isEmpty()) {
        matches.add(match);
      }
    }
    matches.sort(ORDER);
    return matches;
  }

  /** What a cache holds of the images, be it nothing. */
  static CacheMatch of(Collection<String> images, Held cache) {
    Map<String, Image> matched = new HashMap<>();
    Set<String> asked = new HashSet<>(images);
    for (String name : asked) {
      find(KnownImage.of(name), cache).ifPresent(image -> matched.put(name, image));
    }
    Set<String> counted = new HashSet<>();
    long bytes =
        matched.values().stream()
            .filter(image -> counted.add(image.digest()))
            .mapToLong(Image::bytes)
            .sum();
    return new CacheMatch(cache, Map.copyOf(matched), asked.size(), bytes);
  }

  private static Optional<Image> find(KnownImage asked, Held cache) {
    return cache.images().stream().filter(image -> serves(image, asked)).findFirst();
  }

  /** A digest says what is meant, whatever tag stands beside it. */
  private static boolean serves(Image image, KnownImage asked) {
    KnownImage held = KnownImage.of(image.name());
    @Nullable String digest = asked.digest();
    return held.repository().equals(asked.repository())
        && (digest != null
            ? digest.equals(image.digest())
            : held.tag() != null && held.tag().equals(asked.tag()));
  }
}
