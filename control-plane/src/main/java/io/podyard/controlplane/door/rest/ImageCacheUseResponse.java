package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.containergroup.ImageCacheWish;
import io.podyard.runtime.PullProgress;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The image cache that a group started from, and what that saved until now.
 *
 * @param secondsSaved null while nobody knows
 */
record ImageCacheUseResponse(
    String imageCacheId,
    String snapshotId,
    long matchedBytes,
    long bytesNotPulled,
    @Nullable BigDecimal secondsSaved) {

  private static final int MILLIS = 3;

  /** Null if it starts from none. */
  static @Nullable ImageCacheUseResponse of(GroupRecord group) {
    ImageCacheWish wish = group.kept().imageCache();
    ImageCacheUse use = wish == null ? null : wish.use();
    if (use == null) {
      return null;
    }
    List<PullProgress> pulls =
        group.state().pulls().stream()
            .filter(pull -> !pull.cache().isEmpty() && pull.finishedAt() != null)
            .toList();
    return new ImageCacheUseResponse(
        use.imageCacheId(),
        use.snapshotId(),
        use.bytes(),
        pulls.stream().mapToLong(ImageCacheUseResponse::notPulled).sum(),
        saved(group, pulls)
            .map(saved -> BigDecimal.valueOf(saved.toMillis(), MILLIS))
            .orElse(null));
  }

  private static long notPulled(PullProgress pull) {
    return Math.max(0, pull.totalBytes() - pull.registryBytes());
  }

  /** Of all images together; empty if it is not known of any. */
  private static Optional<Duration> saved(GroupRecord group, List<PullProgress> pulls) {
    return pulls.stream()
        .flatMap(
            pull ->
                group.spec().cached(pull.image()).flatMap(cached -> cached.saved(pull)).stream())
        .reduce(Duration::plus);
  }
}
