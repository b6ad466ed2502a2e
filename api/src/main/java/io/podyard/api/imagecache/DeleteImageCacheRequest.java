package io.podyard.api.imagecache;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Deletes an image cache (contract section 13). Groups that started from it go on.
 *
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record DeleteImageCacheRequest(
    @Nullable String clientToken,
    @Required @Nullable String imageCacheId,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {}
