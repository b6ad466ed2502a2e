package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import org.jspecify.annotations.Nullable;

/** Where a container sees a volume of its group. */
public record VolumeMountResponse(
    @Answered @Nullable String mountPath,
    @Answered @Nullable String mountPropagation,
    @Answered @Nullable String name,
    @Answered @Nullable Boolean readOnly,
    @Nullable String subPath) {}
