package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to DeleteContainerGroup. */
public record DeleteContainerGroupResponse(@Nullable String requestId) {}
