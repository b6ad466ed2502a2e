package io.podyard.api.datacache;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** The answer to CreateDataCache. */
public record CreateDataCacheResponse(
    @Answered @Nullable String dataCacheId, @Nullable String requestId) {}
