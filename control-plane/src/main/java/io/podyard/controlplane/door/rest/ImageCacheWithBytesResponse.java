package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.controlplane.cache.CopiedBytes;
import org.jspecify.annotations.Nullable;

/**
 * One image cache and how many bytes of it there are on hosts.
 *
 * @param cache its fields stand beside the others
 * @param totalBytes absent while one of the hosts does not know
 */
record ImageCacheWithBytesResponse(
    @JsonUnwrapped ImageCacheResponse cache, long bytes, @Nullable Long totalBytes) {

  static ImageCacheWithBytesResponse of(ImageCacheResponse cache, CopiedBytes copied) {
    return new ImageCacheWithBytesResponse(cache, copied.bytes(), copied.totalBytes());
  }
}
