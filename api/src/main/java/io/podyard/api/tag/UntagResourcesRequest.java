package io.podyard.api.tag;

import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes tags from resources.
 *
 * @param all true removes every tag when no key is named
 * @param clientToken at most 64 ASCII characters
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 * @param resourceType {@code ContainerGroup}, {@code ImageCache}, {@code DataCache} or {@code
 *     VirtualNode}
 */
public record UntagResourcesRequest(
    @Nullable Boolean all,
    @Nullable String clientToken,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Required @MaxItems(100) List<String> resourceId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Required @Nullable String resourceType,
    @MaxItems(100) List<String> tagKey) {
  public UntagResourcesRequest {
    resourceId = WireLists.orEmpty(resourceId);
    tagKey = WireLists.orEmpty(tagKey);
  }
}
