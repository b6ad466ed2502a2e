package io.podyard.api.tag;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the tags of resources; each filter that is present must match.
 *
 * @param limit rows of a page; the contract sends it as text
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param resourceType {@code ContainerGroup}, {@code ImageCache}, {@code DataCache} or {@code
 *     VirtualNode}
 */
public record ListTagResourcesRequest(
    @Nullable Integer limit,
    @Nullable String nextToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @MaxItems(100) List<String> resourceId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Required @Nullable String resourceType,
    @MaxItems(100) List<Tag> tag) {
  public ListTagResourcesRequest {
    resourceId = WireLists.orEmpty(resourceId);
    tag = WireLists.orEmpty(tag);
  }
}
