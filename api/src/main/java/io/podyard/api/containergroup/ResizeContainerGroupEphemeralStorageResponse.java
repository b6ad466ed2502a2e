package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to ResizeContainerGroupEphemeralStorage. */
public record ResizeContainerGroupEphemeralStorageResponse(@Nullable String requestId) {}
