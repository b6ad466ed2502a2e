package io.podyard.api.imagecache;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/**
 * The answer to CreateImageCache, as soon as the wish is durable.
 *
 * @param containerGroupId never answered: no group makes the cache
 */
public record CreateImageCacheResponse(
    @Nullable String containerGroupId,
    @Answered @Nullable String imageCacheId,
    @Nullable String requestId) {}
