package io.podyard.api.datacache;

import org.jspecify.annotations.Nullable;

/**
 * Deletes a data cache, named by its id or by its bucket and path (contract section 14). Groups
 * that mount it go on.
 *
 * @param bucket {@code default} by default, where a path is given
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DeleteDataCacheRequest(
    @Nullable String bucket,
    @Nullable String clientToken,
    @Nullable String dataCacheId,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String path,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
