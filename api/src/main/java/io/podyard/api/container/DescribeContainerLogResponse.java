package io.podyard.api.container;

import org.jspecify.annotations.Nullable;

/** The log of one container. */
public record DescribeContainerLogResponse(
    @Nullable String containerName, @Nullable String content, @Nullable String requestId) {}
