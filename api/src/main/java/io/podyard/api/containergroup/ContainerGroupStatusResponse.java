package io.podyard.api.containergroup;

import io.podyard.api.wire.WireName;
import org.jspecify.annotations.Nullable;

/** One group as a pod; the wire says {@code uuid} for its id. */
public record ContainerGroupStatusResponse(
    @Nullable String annotations,
    @Nullable String containerGroupId,
    @Nullable String name,
    @Nullable String namespace,
    @Nullable PodStatusResponse podStatus,
    @Nullable String status,
    @WireName("uuid") @Nullable String uuid) {}
