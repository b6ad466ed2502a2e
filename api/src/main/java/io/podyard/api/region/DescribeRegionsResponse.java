package io.podyard.api.region;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The regions. */
public record DescribeRegionsResponse(List<RegionResponse> regions, @Nullable String requestId) {
  public DescribeRegionsResponse {
    regions = WireLists.orEmpty(regions);
  }
}
