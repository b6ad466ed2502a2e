package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.StoredGoal;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a group ends whose host is lost: that loss is the proof that it holds nothing there any more.
 * A pure function.
 */
final class GroupLoss {

  static final String REASON = "HostLost";

  private static final String MESSAGE =
      "The host of the group did not answer for so long that it was given up.";

  private static final int KILLED = 137;
  private static final int SIGNAL_BASE = 128;
  private static final int NEVER_RAN = 128;

  private GroupLoss() {}

  /**
   * What is written of it. A group that was being deleted, or had ended, stays what it is and only
   * lets go.
   *
   * @param lastSeen when all of it was last known to be there, null if nobody knows: then it is
   *     billed for nothing
   */
  static GroupTransition of(GroupRecord seen, long epoch, @Nullable Instant lastSeen, Instant now) {
    boolean fails = seen.status() != GroupStatus.TERMINATING && !seen.status().isFinal();
    GroupState before = seen.state();
    Instant end = end(before, lastSeen, now);
    boolean metered = before.chargedFrom() != null && before.endedAt() == null;
    GroupState state = state(before, end == null ? now : end, end);
    GroupRecord next =
        new GroupRecord(
            seen.id(),
            seen.account(),
            seen.region(),
            seen.zone(),
            seen.name(),
            fails ? GroupStatus.FAILED : seen.status(),
            fails ? REASON : seen.reason(),
            fails ? MESSAGE : seen.message(),
            seen.spec(),
            seen.kept(),
            seen.tags(),
            state,
            seen.generation(),
            seen.version(),
            seen.host(),
            seen.shard(),
            fails && seen.goal() == StoredGoal.RUN ? StoredGoal.REMOVE : seen.goal(),
            seen.goalReason(),
            seen.killAt(),
            null,
            false,
            seen.createdAt(),
            seen.runningAt(),
            seen.succeededAt(),
            fails ? (end == null ? now : end) : seen.failedAt(),
            seen.deletedAt(),
            fails ? now : seen.finalAt(),
            now);
    List<Occurrence> told =
        seen.status().isFinal() ? List.of() : List.of(Occurrence.warning(REASON, MESSAGE));
    return new GroupTransition(
        seen,
        next,
        epoch,
        told,
        now,
        null,
        metered ? end : null,
        true,
        seen.goal() == StoredGoal.END);
  }

  /** In doubt the user pays less; null if it was free of charge. */
  private static @Nullable Instant end(GroupState state, @Nullable Instant lastSeen, Instant now) {
    Instant from = state.chargedFrom();
    if (state.endedAt() != null || from == null) {
      return state.endedAt();
    }
    if (lastSeen == null || lastSeen.isBefore(from)) {
      return from;
    }
    return lastSeen.isAfter(now) ? now : lastSeen;
  }

  private static GroupState state(GroupState before, Instant at, @Nullable Instant end) {
    return new GroupState(
        GroupPhase.GONE,
        before.endedAt() == null ? REASON : before.reason(),
        before.endedAt() == null ? MESSAGE : before.message(),
        before.ip(),
        before.sandboxReadyAt(),
        before.chargedFrom(),
        before.runningSince(),
        end,
        null,
        before.containers().stream().map(container -> ended(container, at)).toList(),
        before.pulls(),
        before.generation(),
        before.pendingSince());
  }

  private static ContainerProgress ended(ContainerProgress container, Instant at) {
    return switch (container.current()) {
      case ContainerStatus.Terminated _ -> container;
      case ContainerStatus.Running running ->
          container.with(
              new ContainerStatus.Terminated(
                  KILLED,
                  KILLED - SIGNAL_BASE,
                  "ContainerStatusUnknown",
                  "The host was lost",
                  running.since(),
                  at.isBefore(running.since()) ? running.since() : at));
      case ContainerStatus.Waiting _ ->
          container.previous() == null
              ? container.with(
                  new ContainerStatus.Terminated(NEVER_RAN, 0, REASON, "never ran", null, at))
              : container.with(container.previous());
    };
  }
}
