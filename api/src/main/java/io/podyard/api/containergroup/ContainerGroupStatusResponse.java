package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireName;
import org.jspecify.annotations.Nullable;

/** One group as a pod; the wire says {@code uuid} for its id. */
public record ContainerGroupStatusResponse(
    @Nullable String annotations,
    @Answered @Nullable String containerGroupId,
    @Answered @Nullable String name,
    @Answered @Nullable String namespace,
    @Answered @Nullable PodStatusResponse podStatus,
    @Answered @Nullable String status,
    @Answered @WireName("uuid") @Nullable String uuid) {}
