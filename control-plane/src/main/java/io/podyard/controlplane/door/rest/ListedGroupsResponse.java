package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.wire.Answered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of container groups, each with what it cost.
 *
 * @param nextToken absent or empty on the last page
 */
record ListedGroupsResponse(
    List<Group> containerGroups,
    @Nullable String nextToken,
    @Answered @Nullable Integer totalCount) {

  /**
   * A group of the page.
   *
   * @param group its fields stand beside the cost
   */
  record Group(@JsonUnwrapped ContainerGroupResponse group, CostResponse cost) {}
}
