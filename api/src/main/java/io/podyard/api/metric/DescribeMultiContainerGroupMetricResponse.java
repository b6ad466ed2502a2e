package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest records of some groups, in the order asked for. */
public record DescribeMultiContainerGroupMetricResponse(
    List<MonitorDataResponse> monitorDatas, @Nullable String requestId) {
  public DescribeMultiContainerGroupMetricResponse {
    monitorDatas = WireLists.orEmpty(monitorDatas);
  }
}
