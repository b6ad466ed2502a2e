package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.datacache.DataCacheResponse;
import io.podyard.controlplane.cache.CopiedBytes;
import org.jspecify.annotations.Nullable;

/**
 * One data cache and how many bytes of it there are on hosts.
 *
 * @param cache its fields stand beside the others
 * @param totalBytes absent while one of the hosts does not know
 */
record DataCacheWithBytesResponse(
    @JsonUnwrapped DataCacheResponse cache, long bytes, @Nullable Long totalBytes, long readBytes) {

  static DataCacheWithBytesResponse of(DataCacheResponse cache, CopiedBytes copied) {
    return new DataCacheWithBytesResponse(
        cache, copied.bytes(), copied.totalBytes(), copied.read());
  }
}
