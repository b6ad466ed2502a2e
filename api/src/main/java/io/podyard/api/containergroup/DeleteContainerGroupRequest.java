package io.podyard.api.containergroup;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Deletes one container group.
 *
 * @param clientToken at most 64 ASCII characters
 * @param force true skips the wait for a graceful end
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DeleteContainerGroupRequest(
    @Nullable String clientToken,
    @Required @Nullable String containerGroupId,
    @Nullable Boolean force,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
