package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of container groups.
 *
 * @param nextToken absent or empty on the last page
 */
public record DescribeContainerGroupsResponse(
    List<ContainerGroupResponse> containerGroups,
    @Nullable String nextToken,
    @Nullable String requestId,
    @Answered @Nullable Integer totalCount) {
  public DescribeContainerGroupsResponse {
    containerGroups = WireLists.orEmpty(containerGroups);
  }
}
