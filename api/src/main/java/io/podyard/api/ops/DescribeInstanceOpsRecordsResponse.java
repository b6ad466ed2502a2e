package io.podyard.api.ops;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks.
 *
 * @param records newest first
 */
public record DescribeInstanceOpsRecordsResponse(
    List<OpsRecordResponse> records, @Nullable String requestId) {
  public DescribeInstanceOpsRecordsResponse {
    records = WireLists.orEmpty(records);
  }
}
