package io.podyard.api.imagecache;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of image caches.
 *
 * @param nextToken empty on the last page
 * @param totalCount of all pages
 */
public record DescribeImageCachesResponse(
    List<ImageCacheResponse> imageCaches,
    @Answered @Nullable String nextToken,
    @Nullable String requestId,
    @Answered @Nullable Integer totalCount) {
  public DescribeImageCachesResponse {
    imageCaches = WireLists.orEmpty(imageCaches);
  }
}
