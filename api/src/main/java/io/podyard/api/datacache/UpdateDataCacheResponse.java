package io.podyard.api.datacache;

import org.jspecify.annotations.Nullable;

/** The answer to UpdateDataCache. */
public record UpdateDataCacheResponse(@Nullable String requestId) {}
