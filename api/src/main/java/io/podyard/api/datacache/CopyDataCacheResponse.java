package io.podyard.api.datacache;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** The answer to CopyDataCache. */
public record CopyDataCacheResponse(
    @Answered @Nullable String dataCacheId, @Nullable String requestId) {}
