package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to BatchCreateContainerGroups.
 *
 * @param containerGroupIds as many as were asked for
 */
public record BatchCreateContainerGroupsResponse(
    @Answered List<String> containerGroupIds, @Nullable String requestId) {
  public BatchCreateContainerGroupsResponse {
    containerGroupIds = WireLists.orEmpty(containerGroupIds);
  }
}
