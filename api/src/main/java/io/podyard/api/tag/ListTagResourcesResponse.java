package io.podyard.api.tag;

import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of tags.
 *
 * @param nextToken absent or empty on the last page
 */
public record ListTagResourcesResponse(
    @Nullable String nextToken,
    @Nullable String requestId,
    List<TagResourceResponse> tagResources) {
  public ListTagResourcesResponse {
    tagResources = WireLists.orEmpty(tagResources);
  }
}
