package io.podyard.api.datacache;

import org.jspecify.annotations.Nullable;

/** The answer to DeleteDataCache. */
public record DeleteDataCacheResponse(@Nullable String requestId) {}
