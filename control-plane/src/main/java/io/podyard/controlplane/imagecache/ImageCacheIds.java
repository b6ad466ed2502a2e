package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.hosttask.TimedIds;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Ids of caches, and what hosts and snapshots are asked by. */
final class ImageCacheIds {

  private static final String PREFIX = "imc-";
  private static final Pattern ID = Pattern.compile("imc-[0-9a-z]{20}");

  private ImageCacheIds() {}

  static String next(Instant now, RandomGenerator random) {
    return TimedIds.next(PREFIX, now, random);
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** By which hosts hold a revision; for users it is the snapshot of their cache. */
  static String key(String cache, int revision) {
    return CacheCopy.key(cache, revision);
  }
}
