package io.podyard.api.datacache;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of data caches.
 *
 * @param nextToken empty on the last page
 * @param totalCount of all pages
 */
public record DescribeDataCachesResponse(
    List<DataCacheResponse> dataCaches,
    @Answered @Nullable String nextToken,
    @Nullable String requestId,
    @Answered @Nullable Integer totalCount) {
  public DescribeDataCachesResponse {
    dataCaches = WireLists.orEmpty(dataCaches);
  }
}
