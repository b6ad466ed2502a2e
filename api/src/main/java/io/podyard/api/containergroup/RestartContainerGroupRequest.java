package io.podyard.api.containergroup;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Restarts all containers of a group that is Pending or Running (contract section 12).
 *
 * @param clientToken at most 64 ASCII characters
 * @param ownerAccount accepted; the contract gives it no meaning
 * @param ownerId accepted; the contract gives it no meaning
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; the contract gives it no meaning
 * @param resourceOwnerId accepted; the contract gives it no meaning
 */
public record RestartContainerGroupRequest(
    @Nullable String clientToken,
    @Required @Nullable String containerGroupId,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
