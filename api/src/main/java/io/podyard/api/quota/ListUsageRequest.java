package io.podyard.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * Asks for the caller's quotas in a region and what is used of them (contract section 15).
 *
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record ListUsageRequest(
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
