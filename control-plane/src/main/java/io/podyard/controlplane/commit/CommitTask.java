package io.podyard.controlplane.commit;

import io.podyard.controlplane.hosttask.HostTask;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored task.
 *
 * @param host of the container, which never changes
 * @param image where it goes, with its tag
 * @param access sealed; null once the task is over
 * @param phase that it is in, or was in when it ended
 * @param basedAt when the first phase was over, null before
 * @param committedAt when the image was made, null before
 * @param finishedAt null while it runs
 */
record CommitTask(
    String id,
    ContainerGroupId group,
    String container,
    HostId host,
    int shard,
    String image,
    String author,
    String message,
    @Nullable String access,
    CommitStatus status,
    String statusMessage,
    CommitPhase phase,
    Instant createdAt,
    Instant deadlineAt,
    @Nullable Instant basedAt,
    @Nullable Instant committedAt,
    @Nullable Instant finishedAt)
    implements HostTask {

  @Override
  public boolean isOver() {
    return status != CommitStatus.RUNNING;
  }

  /** How much of it is done, in percent. */
  int progress() {
    return status == CommitStatus.SUCCEEDED ? 100 : phase.percentBefore();
  }
}
