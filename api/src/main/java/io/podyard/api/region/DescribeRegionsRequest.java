package io.podyard.api.region;

import org.jspecify.annotations.Nullable;

/**
 * Lists regions.
 *
 * @param ownerAccount accepted and kept; the contract gives it no meaning
 * @param ownerId accepted and kept; the contract gives it no meaning
 * @param regionId null means all of them
 * @param resourceOwnerAccount accepted and kept; the contract gives it no meaning
 * @param resourceOwnerId accepted and kept; the contract gives it no meaning
 */
public record DescribeRegionsRequest(
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
