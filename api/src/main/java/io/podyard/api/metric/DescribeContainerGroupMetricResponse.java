package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a group used, oldest record first. */
public record DescribeContainerGroupMetricResponse(
    @Nullable String containerGroupId,
    List<MetricRecordResponse> records,
    @Nullable String requestId) {
  public DescribeContainerGroupMetricResponse {
    records = WireLists.orEmpty(records);
  }
}
