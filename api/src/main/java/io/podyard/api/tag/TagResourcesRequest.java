package io.podyard.api.tag;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds tags to resources.
 *
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param resourceType {@code ContainerGroup}, {@code ImageCache}, {@code DataCache} or {@code
 *     VirtualNode}
 */
public record TagResourcesRequest(
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Required @MaxItems(100) List<String> resourceId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Required @Nullable String resourceType,
    @Required @MaxItems(100) List<Tag> tag) {
  public TagResourcesRequest {
    resourceId = WireLists.orEmpty(resourceId);
    tag = WireLists.orEmpty(tag);
  }
}
