package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of image caches, and what became of it.
 *
 * @param snapshotId the one that was named, null if none was
 * @param match whether the best one was to be found; null for no, as where it is not said
 * @param use null if the group starts from none
 */
public record ImageCacheWish(
    @Nullable String snapshotId, @Nullable Boolean match, @Nullable ImageCacheUse use) {

  /** Null if nothing was asked. What is named counts more than what would be found. */
  static @Nullable ImageCacheWish of(CreateContainerGroupRequest request) {
    String named = request.imageSnapshotId();
    if (named != null && !named.isEmpty()) {
      return new ImageCacheWish(named, null, null);
    }
    return Boolean.TRUE.equals(request.autoMatchImageCache())
        ? new ImageCacheWish(null, true, null)
        : null;
  }

  boolean matches() {
    return Boolean.TRUE.equals(match);
  }

  ImageCacheWish using(@Nullable ImageCacheUse other) {
    return new ImageCacheWish(snapshotId, match, other);
  }

  /** The names of images in a request, each once; what is no name of one is left out. */
  static Collection<String> images(CreateContainerGroupRequest request) {
    Collection<String> images = new LinkedHashSet<>();
    Stream.concat(
            request.initContainer().stream().map(container -> container.image()),
            request.container().stream().map(container -> container.image()))
        .filter(Objects::nonNull)
        .filter(ImageNames::isName)
        .forEach(images::add);
    return images;
  }
}
