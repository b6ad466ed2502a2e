package io.podyard.api.metric;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest record of one group.
 *
 * @param records one, or none if the group has none
 */
public record MonitorDataResponse(
    @Nullable String containerGroupId, List<NewestMetricRecordResponse> records) {
  public MonitorDataResponse {
    records = WireLists.orEmpty(records);
  }
}
