package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** The answer to ResizeContainerGroupVolume. */
public record ResizeContainerGroupVolumeResponse(@Nullable String requestId) {}
