package io.podyard.api.commit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One phase of a task.
 *
 * @param phase {@code PullBaseImage}, {@code CommitContainer} or {@code PushCommittedImage}
 * @param recordTime when it ended or, if it is not over, began
 * @param status {@code Running}, {@code Succeeded} or {@code Failed}
 */
public record CommitPhaseResponse(
    @Nullable String message,
    @Nullable String phase,
    @Nullable Instant recordTime,
    @Nullable String status) {}
