package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to UpdateContainerGroup. */
public record UpdateContainerGroupResponse(@Nullable String requestId) {}
