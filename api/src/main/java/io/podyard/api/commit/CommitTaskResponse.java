package io.podyard.api.commit;

import io.podyard.api.wire.WireLists;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task.
 *
 * @param commitPhaseInfos the phases that have begun, in their order
 * @param statusMessage why it failed, or what it waits for; else empty
 * @param taskProgress such as {@code 50%}
 * @param taskStatus {@code Running}, {@code Succeeded} or {@code Failed}
 */
public record CommitTaskResponse(
    List<CommitPhaseResponse> commitPhaseInfos,
    @Nullable String containerName,
    @Nullable String statusMessage,
    @Nullable Instant taskCreationTime,
    @Nullable Instant taskFinishedTime,
    @Nullable String taskId,
    @Nullable String taskProgress,
    @Nullable String taskStatus) {
  public CommitTaskResponse {
    commitPhaseInfos = WireLists.orEmpty(commitPhaseInfos);
  }
}
