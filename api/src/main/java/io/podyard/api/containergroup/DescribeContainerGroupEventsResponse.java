package io.podyard.api.containergroup;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events, one row for each group. */
public record DescribeContainerGroupEventsResponse(
    List<ContainerGroupEventsResponse> data,
    @Nullable String requestId,
    @Nullable Integer totalCount) {
  public DescribeContainerGroupEventsResponse {
    data = WireLists.orEmpty(data);
  }
}
