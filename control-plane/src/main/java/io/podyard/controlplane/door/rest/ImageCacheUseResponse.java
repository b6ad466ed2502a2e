package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.containergroup.ImageCacheWish;
import io.podyard.runtime.PullProgress;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The image cache that a group started from, and what that saved until now. */
record ImageCacheUseResponse(
    String imageCacheId,
    String snapshotId,
    long matchedBytes,
    long bytesNotPulled,
    BigDecimal secondsSaved) {

  private static final int MILLIS = 3;

  /** Null if it starts from none. */
  static @Nullable ImageCacheUseResponse of(GroupRecord group) {
    ImageCacheWish wish = group.kept().imageCache();
    ImageCacheUse use = wish == null ? null : wish.use();
    if (use == null) {
      return null;
    }
    long saved =
        group.state().pulls().stream()
            .filter(pull -> !pull.cache().isEmpty() && pull.finishedAt() != null)
            .mapToLong(ImageCacheUseResponse::notPulled)
            .sum();
    return new ImageCacheUseResponse(
        use.imageCacheId(),
        use.snapshotId(),
        use.bytes(),
        saved,
        BigDecimal.valueOf(use.millisFor(saved), MILLIS));
  }

  private static long notPulled(PullProgress pull) {
    return Math.max(0, pull.totalBytes() - pull.registryBytes());
  }
}
