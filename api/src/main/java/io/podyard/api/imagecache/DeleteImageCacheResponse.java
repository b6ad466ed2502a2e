package io.podyard.api.imagecache;

import org.jspecify.annotations.Nullable;

/** The answer to DeleteImageCache. */
public record DeleteImageCacheResponse(@Nullable String requestId) {}
