package io.podyard.api.tag;

import org.jspecify.annotations.Nullable;

/** The answer to TagResources. */
public record TagResourcesResponse(@Nullable String requestId) {}
