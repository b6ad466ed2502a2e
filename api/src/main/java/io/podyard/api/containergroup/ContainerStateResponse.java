package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a container did last or does now.
 *
 * @param state {@code Waiting}, {@code Running} or {@code Terminated}
 */
public record ContainerStateResponse(
    @Nullable String detailStatus,
    @Nullable Integer exitCode,
    @Nullable Instant finishTime,
    @Nullable String message,
    @Nullable String reason,
    @Nullable Integer signal,
    @Nullable Instant startTime,
    @Answered @Nullable String state) {}
