package io.podyard.api.tag;

import org.jspecify.annotations.Nullable;

/** One tag of one resource. */
public record TagResourceResponse(
    @Nullable String resourceId,
    @Nullable String resourceType,
    @Nullable String tagKey,
    @Nullable String tagValue) {}
