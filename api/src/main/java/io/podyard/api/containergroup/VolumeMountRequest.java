package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/**
 * Where a container sees a volume of its group.
 *
 * @param mountPropagation {@code None} is the default
 * @param readOnly false is the default
 */
public record VolumeMountRequest(
    @Nullable String mountPath,
    @Nullable String mountPropagation,
    @Nullable String name,
    @Nullable Boolean readOnly,
    @Nullable String subPath) {}
