package io.podyard.api.tag;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** One tag of one resource. */
public record TagResourceResponse(
    @Answered @Nullable String resourceId,
    @Answered @Nullable String resourceType,
    @Answered @Nullable String tagKey,
    @Answered @Nullable String tagValue) {}
