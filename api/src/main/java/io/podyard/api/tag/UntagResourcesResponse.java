package io.podyard.api.tag;

import org.jspecify.annotations.Nullable;

/** The answer to UntagResources. */
public record UntagResourcesResponse(@Nullable String requestId) {}
