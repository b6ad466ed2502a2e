package io.podyard.controlplane.ops;

import io.podyard.controlplane.hosttask.HostTask;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stored task.
 *
 * @param host of the group, which never changes
 * @param closing whether somebody asked for its end
 * @param wanted whether what is to come can still come of its group
 * @param beginBy when it has to have begun
 * @param longest how long it goes on at most once it has begun
 * @param begunAt null before
 * @param finishedAt null while it is under way
 */
record OpsTask(
    String id,
    AccountId account,
    ContainerGroupId group,
    HostId host,
    int shard,
    OpsWish wish,
    OpsStatus status,
    boolean closing,
    boolean wanted,
    Instant createdAt,
    Instant beginBy,
    Duration longest,
    @Nullable Instant begunAt,
    @Nullable Instant finishedAt)
    implements HostTask {

  @Override
  public boolean isOver() {
    return status != OpsStatus.READY;
  }

  /** Whether it has to end although its time is not over. */
  boolean isToClose() {
    return closing || !wanted;
  }

  /** When its time is over; empty before it has begun. */
  Optional<Instant> endsBy() {
    return Optional.ofNullable(begunAt).map(begun -> begun.plus(longest));
  }
}
