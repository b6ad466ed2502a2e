package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to CreateContainerGroup. */
public record CreateContainerGroupResponse(
    @Nullable String containerGroupId, @Nullable String requestId) {}
