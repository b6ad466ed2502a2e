package io.podyard.controlplane.containergroup;

import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step in the life of a group, written in one transaction: status, events, meter, reservation.
 *
 * @param seen the record the step was decided on; another version of it makes the step void
 * @param next the record as it is to be; its version is ignored
 * @param epoch of the lease under which the step was decided, null for a group without a host
 * @param meterOpens when the meter starts, null if it does not start now
 * @param meterCloses when the meter stops, null if it does not stop now
 * @param releases whether nothing of the group is on its host any more
 * @param ends whether the record itself is over and goes to the history
 */
public record GroupTransition(
    GroupRecord seen,
    GroupRecord next,
    @Nullable Long epoch,
    List<Occurrence> occurrences,
    Instant at,
    @Nullable Instant meterOpens,
    @Nullable Instant meterCloses,
    boolean releases,
    boolean ends) {

  /**
   * Whether with this step the host has followed a change of the group. One that ends with the same
   * step never had its new size.
   */
  public boolean settles() {
    return meterCloses == null
        && seen.state().generation() > 0
        && seen.state().generation() < seen.generation()
        && next.state().generation() >= seen.generation();
  }

  /**
   * @throws IllegalArgumentException if the transition table does not allow the step
   */
  public GroupTransition {
    if (!seen.status().mayBecome(next.status())) {
      throw new IllegalArgumentException(
          "%s: %s may not become %s".formatted(seen.id(), seen.status(), next.status()));
    }
    occurrences = List.copyOf(occurrences);
  }

  /** The group gets no host, or its host does not take it, in time: the end, free of charge. */
  public static GroupTransition scheduleFailed(
      GroupRecord seen, @Nullable Long epoch, String message, Instant at) {
    GroupRecord next =
        new GroupRecord(
            seen.id(),
            seen.account(),
            seen.region(),
            seen.zone(),
            seen.name(),
            GroupStatus.SCHEDULE_FAILED,
            "ScheduleFailed",
            message,
            seen.spec(),
            seen.kept(),
            seen.tags(),
            seen.state(),
            seen.generation(),
            seen.version(),
            seen.host(),
            seen.shard(),
            StoredGoal.REMOVE,
            seen.goalReason(),
            seen.killAt(),
            null,
            false,
            seen.createdAt(),
            seen.runningAt(),
            seen.succeededAt(),
            at,
            seen.deletedAt(),
            at,
            seen.releasedAt());
    return new GroupTransition(
        seen,
        next,
        epoch,
        List.of(Occurrence.warning("FailedScheduling", message)),
        at,
        null,
        null,
        false,
        false);
  }

  /** The record as it is stored once the step is written. */
  public GroupRecord written() {
    return new GroupRecord(
        next.id(),
        next.account(),
        next.region(),
        next.zone(),
        next.name(),
        next.status(),
        next.reason(),
        next.message(),
        next.spec(),
        next.kept(),
        next.tags(),
        next.state(),
        next.generation(),
        seen.version() + 1,
        next.host(),
        next.shard(),
        next.goal(),
        next.goalReason(),
        next.killAt(),
        next.deadlineAt(),
        false,
        next.createdAt(),
        next.runningAt(),
        next.succeededAt(),
        next.failedAt(),
        next.deletedAt(),
        next.finalAt(),
        next.releasedAt());
  }
}
