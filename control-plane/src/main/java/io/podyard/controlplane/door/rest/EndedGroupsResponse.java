package io.podyard.controlplane.door.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.podyard.api.containergroup.ContainerGroupResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of groups whose record is over, newest first.
 *
 * @param nextToken asks for the next page; null on the last one
 */
record EndedGroupsResponse(List<Group> containerGroups, @Nullable String nextToken) {

  /**
   * A group as it was last.
   *
   * @param group its fields stand beside the others
   * @param owner likewise
   * @param endedTime when its record was over
   * @param cost what it cost by the price book
   */
  record Group(
      @JsonUnwrapped ContainerGroupResponse group,
      @JsonUnwrapped OwnerResponse owner,
      Instant endedTime,
      CostResponse cost) {}
}
