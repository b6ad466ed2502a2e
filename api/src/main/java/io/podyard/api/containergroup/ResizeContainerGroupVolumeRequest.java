package io.podyard.api.containergroup;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Makes a disk of a group larger (contract section 10).
 *
 * @param clientToken at most 64 ASCII characters
 * @param newSize GiB, at least what the disk has; as much as it has only grows its file system
 * @param ownerAccount accepted; the contract gives it no meaning
 * @param ownerId accepted; the contract gives it no meaning
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; the contract gives it no meaning
 * @param resourceOwnerId accepted; the contract gives it no meaning
 * @param volumeName of a volume of the group that is a disk
 */
public record ResizeContainerGroupVolumeRequest(
    @Nullable String clientToken,
    @Required @Nullable String containerGroupId,
    @Required @Nullable Long newSize,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId,
    @Required @Nullable String volumeName) {}
