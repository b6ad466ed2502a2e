package io.podyard.api.metric;

import org.jspecify.annotations.Nullable;

/**
 * Memory in bytes, averages over the samples of the record.
 *
 * @param availableBytes the limit without the working set
 * @param cache the page cache
 * @param rss anonymous memory
 * @param usageBytes all that is charged, the page cache included
 * @param workingSet what is used without inactive pages of files
 */
public record MemoryMetricResponse(
    @Nullable Long availableBytes,
    @Nullable Long cache,
    @Nullable Long rss,
    @Nullable Long usageBytes,
    @Nullable Long workingSet) {}
