package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.StoredGoal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From what a runtime reports of a group to the step in its life: its status for users, its meter
 * and its reservation, three facts with ends of their own. A pure function.
 */
final class GroupSteps {

  private GroupSteps() {}

  static GroupTransition step(
      GroupRecord seen, long epoch, GroupState next, List<Occurrence> occurrences, Instant now) {
    GroupStatus status = status(seen, next);
    boolean ended = status.isFinal() && !seen.status().isFinal();
    boolean gone = next.phase() == GroupPhase.GONE && seen.releasedAt() == null;
    StoredGoal goal = ended && seen.goal() == StoredGoal.RUN ? StoredGoal.REMOVE : seen.goal();
    boolean keepsWords = seen.status().isFinal() || seen.goal() == StoredGoal.END;
    Instant endedAt = endedAt(next, now);
    GroupRecord record =
        new GroupRecord(
            seen.id(),
            seen.account(),
            seen.region(),
            seen.zone(),
            seen.name(),
            status,
            keepsWords ? seen.reason() : next.reason(),
            keepsWords ? seen.message() : next.message(),
            seen.spec(),
            seen.kept(),
            seen.tags(),
            next,
            seen.generation(),
            seen.version(),
            seen.host(),
            seen.shard(),
            goal,
            seen.goalReason(),
            seen.killAt(),
            status == GroupStatus.SCHEDULING ? seen.deadlineAt() : null,
            false,
            seen.createdAt(),
            firstOf(seen.runningAt(), next.runningSince()),
            ended && status == GroupStatus.SUCCEEDED ? endedAt : seen.succeededAt(),
            ended && status == GroupStatus.FAILED ? endedAt : seen.failedAt(),
            seen.deletedAt(),
            ended ? now : seen.finalAt(),
            gone ? now : seen.releasedAt());
    return new GroupTransition(
        seen,
        record,
        epoch,
        occurrences,
        now,
        seen.state().chargedFrom() == null ? next.chargedFrom() : null,
        meterCloses(seen, next, endedAt),
        gone,
        gone && goal == StoredGoal.END);
  }

  private static GroupStatus status(GroupRecord seen, GroupState next) {
    if (seen.status() == GroupStatus.TERMINATING || seen.status().isFinal()) {
      return seen.status();
    }
    boolean changing =
        seen.status() == GroupStatus.RESTARTING || seen.status() == GroupStatus.UPDATING;
    return switch (next.phase()) {
      case PREPARING, REPLACING -> seen.status();
      case STARTING -> changing ? seen.status() : GroupStatus.PENDING;
      case RUNNING ->
          changing && next.generation() < seen.generation() ? seen.status() : GroupStatus.RUNNING;
      case SUCCEEDED -> GroupStatus.SUCCEEDED;
      case FAILED ->
          next.reason().equals(DueSpotGroups.REASON) ? GroupStatus.EXPIRED : GroupStatus.FAILED;
      case STOPPING, STOPPED, GONE -> seen.status();
    };
  }

  /**
   * The meter stops once, at the runtime's own finish time, or at the latest when nothing is left
   * on the host.
   */
  private static @Nullable Instant meterCloses(GroupRecord seen, GroupState next, Instant endedAt) {
    if (next.chargedFrom() == null || metered(seen.state()) == Metered.ENDED) {
      return null;
    }
    return metered(next) == Metered.ENDED ? endedAt : null;
  }

  private enum Metered {
    NOT_ENDED,
    ENDED
  }

  private static Metered metered(GroupState state) {
    return switch (state.phase()) {
      case PREPARING, STARTING, RUNNING, REPLACING, STOPPING -> Metered.NOT_ENDED;
      case SUCCEEDED, FAILED, STOPPED, GONE -> Metered.ENDED;
    };
  }

  private static Instant endedAt(GroupState next, Instant now) {
    Instant ended = next.endedAt();
    return ended == null ? now : ended;
  }

  private static @Nullable Instant firstOf(@Nullable Instant known, @Nullable Instant other) {
    return known == null ? other : known;
  }
}
