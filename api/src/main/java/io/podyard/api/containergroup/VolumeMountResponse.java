package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** Where a container sees a volume of its group. */
public record VolumeMountResponse(
    @Nullable String mountPath,
    @Nullable String mountPropagation,
    @Nullable String name,
    @Nullable Boolean readOnly,
    @Nullable String subPath) {}
