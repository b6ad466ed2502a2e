package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** The answer to CreateContainerGroup. */
public record CreateContainerGroupResponse(
    @Answered @Nullable String containerGroupId, @Nullable String requestId) {}
