package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to DeleteContainerGroups.
 *
 * @param instanceResponseSet what became of each group, in the order they were named
 */
public record DeleteContainerGroupsResponse(
    @Answered List<InstanceResponse> instanceResponseSet, @Nullable String requestId) {
  public DeleteContainerGroupsResponse {
    instanceResponseSet = WireLists.orEmpty(instanceResponseSet);
  }

  /**
   * What became of one group.
   *
   * @param code {@code 200} if it ends, else an error code
   * @param message a sentence for people
   */
  public record InstanceResponse(
      @Answered @Nullable String code,
      @Answered @Nullable String containerGroupId,
      @Answered @Nullable String message) {}
}
