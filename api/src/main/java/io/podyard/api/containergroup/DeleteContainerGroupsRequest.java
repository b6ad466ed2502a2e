package io.podyard.api.containergroup;

import io.podyard.api.wire.JsonArrayText;
import io.podyard.api.wire.MaxItems;
import io.podyard.api.wire.Required;
import io.podyard.api.wire.WireLists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes several container groups.
 *
 * @param containerGroupIds one to twenty
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DeleteContainerGroupsRequest(
    @Required @JsonArrayText(single = true) @MaxItems(20) List<String> containerGroupIds,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {
  public DeleteContainerGroupsRequest {
    containerGroupIds = WireLists.orEmpty(containerGroupIds);
  }
}
