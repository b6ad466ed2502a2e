package io.podyard.api.metric;

import io.podyard.api.wire.WireName;
import org.jspecify.annotations.Nullable;

/** What one container used. */
public record ContainerMetricResponse(
    @WireName("CPU") @Nullable CpuMetricResponse cpu,
    @Nullable MemoryMetricResponse memory,
    @Nullable String name) {}
