package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** What one container of a pod does. */
public record PodContainerStatusResponse(
    @Nullable String image,
    @Nullable String imageID,
    @Nullable PodContainerStateResponse lastState,
    @Nullable String name,
    @Nullable Boolean ready,
    @Nullable Integer restartCount,
    @Nullable Boolean started,
    @Nullable PodContainerStateResponse state) {}
