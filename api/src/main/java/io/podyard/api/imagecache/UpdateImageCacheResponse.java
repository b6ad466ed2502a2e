package io.podyard.api.imagecache;

import org.jspecify.annotations.Nullable;

/** The answer to UpdateImageCache, as soon as the wish is durable. */
public record UpdateImageCacheResponse(@Nullable String requestId) {}
