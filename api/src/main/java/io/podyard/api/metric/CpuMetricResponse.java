package io.podyard.api.metric;

import org.jspecify.annotations.Nullable;

/**
 * CPU.
 *
 * @param limit thousandths of a vCPU
 * @param load runnable tasks; null where the engine tells of none
 * @param usageCoreNanoSeconds a counter: CPU time used since the start of the containers
 * @param usageNanoCores billionths of a core in use on average; null where only one sample is known
 */
public record CpuMetricResponse(
    @Nullable Long limit,
    @Nullable Long load,
    @Nullable Long usageCoreNanoSeconds,
    @Nullable Long usageNanoCores) {}
