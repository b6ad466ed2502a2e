package io.podyard.api.containergroup;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a group, as DescribeContainerGroups shows it.
 *
 * @param count how often it happened
 * @param type {@code Normal} or {@code Warning}
 */
public record EventResponse(
    @Nullable Integer count,
    @Nullable Instant firstTimestamp,
    @Nullable Instant lastTimestamp,
    @Nullable String message,
    @Nullable String name,
    @Nullable String reason,
    @Nullable String type) {}
