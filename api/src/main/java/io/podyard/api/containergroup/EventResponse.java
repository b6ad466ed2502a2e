package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a group, as DescribeContainerGroups shows it.
 *
 * @param count how often it happened
 * @param type {@code Normal} or {@code Warning}
 */
public record EventResponse(
    @Answered @Nullable Integer count,
    @Answered @Nullable Instant firstTimestamp,
    @Answered @Nullable Instant lastTimestamp,
    @Answered @Nullable String message,
    @Answered @Nullable String name,
    @Answered @Nullable String reason,
    @Answered @Nullable String type) {}
