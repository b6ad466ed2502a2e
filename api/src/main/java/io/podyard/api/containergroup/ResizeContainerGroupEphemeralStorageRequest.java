package io.podyard.api.containergroup;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Lets a container group take more disk.
 *
 * @param clientToken at most 64 ASCII characters
 * @param newSize GiB beyond the 30 that every group has, 0 to 5000; more than before
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record ResizeContainerGroupEphemeralStorageRequest(
    @Nullable String clientToken,
    @Required @Nullable String containerGroupId,
    @Required @Nullable Integer newSize,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
