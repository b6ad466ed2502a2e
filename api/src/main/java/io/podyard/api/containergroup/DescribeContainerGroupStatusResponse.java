package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of pods. */
public record DescribeContainerGroupStatusResponse(
    List<ContainerGroupStatusResponse> data,
    @Nullable String nextToken,
    @Nullable String requestId,
    @Answered @Nullable Integer totalCount) {
  public DescribeContainerGroupStatusResponse {
    data = WireLists.orEmpty(data);
  }
}
