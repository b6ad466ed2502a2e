package io.podyard.api.containergroup;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One of three states; the others are absent. */
public record PodContainerStateResponse(
    @Nullable Running running, @Nullable Terminated terminated, @Nullable Waiting waiting) {

  /** It runs; the wire says {@code StartedAtstartedAt} (contract section 2.2). */
  public record Running(@Nullable Instant startedAtstartedAt) {}

  /** It ended. */
  public record Terminated(
      @Nullable String containerID,
      @Nullable Integer exitCode,
      @Nullable Instant finishedAt,
      @Nullable String message,
      @Nullable String reason,
      @Nullable Integer signal,
      @Nullable Instant startedAt) {}

  /** It does not run yet, or not at the moment. */
  public record Waiting(@Nullable String message, @Nullable String reason) {}
}
