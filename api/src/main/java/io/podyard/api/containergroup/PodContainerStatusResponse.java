package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** What one container of a pod does. */
public record PodContainerStatusResponse(
    @Answered @Nullable String image,
    @Nullable String imageID,
    @Nullable PodContainerStateResponse lastState,
    @Answered @Nullable String name,
    @Answered @Nullable Boolean ready,
    @Answered @Nullable Integer restartCount,
    @Answered @Nullable Boolean started,
    @Nullable PodContainerStateResponse state) {}
