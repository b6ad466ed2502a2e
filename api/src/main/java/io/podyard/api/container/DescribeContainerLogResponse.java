package io.podyard.api.container;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** The log of one container. */
public record DescribeContainerLogResponse(
    @Answered @Nullable String containerName,
    @Answered @Nullable String content,
    @Nullable String requestId) {}
