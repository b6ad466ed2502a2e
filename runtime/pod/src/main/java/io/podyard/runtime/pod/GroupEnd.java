package io.podyard.runtime.pod;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.Occurrence;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways a group ends: by itself, by failing, because it shall, and its removal. */
final class GroupEnd {

  /** Of a container that never ran; Docker's own code for that, and below all signals. */
  private static final int NEVER_RAN = 128;

  private static final String SIDECARS_STOP = "SidecarsStopping";

  private final Draft draft;

  GroupEnd(Draft draft) {
    this.draft = draft;
  }

  /** All that matter ended and none of them starts again; sidecars that still run are stopped. */
  void finish() {
    boolean othersRun =
        draft.progress().stream()
            .filter(progress -> !(progress.current() instanceof ContainerStatus.Terminated))
            .anyMatch(progress -> draft.alive(progress).isPresent());
    if (othersRun) {
      draft.reason = SIDECARS_STOP;
      draft.message = "The containers ended, their sidecars are being stopped";
      draft.phase = GroupPhase.STOPPING;
      draft.noteRunning();
      draft.killAt = draft.graceEnd();
      tellKilling();
      stop(GroupPhase.FAILED);
      return;
    }
    draft.reason = "";
    draft.message = "";
    Optional<ContainerSpec> failed = draft.mattering().filter(this::failed).findFirst();
    if (failed.isPresent()) {
      ContainerStatus.Terminated end =
          (ContainerStatus.Terminated) draft.progress(failed.get()).current();
      draft.reason = end.reason();
      draft.message = "Container " + failed.get().name() + " ended with " + end.exitCode();
      draft.tell(Occurrence.warning("Failed", draft.message));
    } else {
      draft.tell(Occurrence.normal("Completed", "All containers ended well"));
    }
    draft.noteRunning();
    ended(failed.isPresent() ? GroupPhase.FAILED : GroupPhase.SUCCEEDED, draft.now);
  }

  /** Goes on with an end that no user asked for. */
  void goOn() {
    if (draft.reason.equals(SIDECARS_STOP) && alive().isEmpty()) {
      finish();
    } else {
      stop(GroupPhase.FAILED);
    }
  }

  /**
   * Ends a group that cannot or may not go on; what runs is stopped with its usual grace.
   *
   * @param at when it became so
   */
  void fail(String reason, String message, Instant at) {
    draft.reason = reason;
    draft.message = message;
    draft.tell(Occurrence.warning(reason, message));
    draft.noteRunning();
    if (alive().isEmpty()) {
      ended(GroupPhase.FAILED, at);
      return;
    }
    draft.phase = GroupPhase.STOPPING;
    draft.killAt = draft.graceEnd();
    tellKilling();
    stop(GroupPhase.FAILED);
  }

  void end(Goal.End goal) {
    switch (draft.phase) {
      case PREPARING -> {
        if (removed()) {
          draft.reason = goal.reason();
          gone();
        }
      }
      case STARTING, RUNNING, REPLACING, STOPPING -> endLive(goal);
      case SUCCEEDED, FAILED, STOPPED, GONE -> remove();
    }
  }

  /** Nobody waits any more for an end that the runtime could tell. */
  void remove() {
    switch (draft.phase) {
      case STARTING, RUNNING, REPLACING, STOPPING -> new ContainerSync(draft).withoutRestarts();
      case PREPARING, SUCCEEDED, FAILED, STOPPED, GONE -> {}
    }
    if (removed()) {
      if (draft.chargedFrom != null && draft.endedAt == null) {
        draft.endedAt = lastFinish().orElse(lastSeen());
      }
      gone();
    }
  }

  private void endLive(Goal.End goal) {
    new ContainerSync(draft).withoutRestarts();
    draft.noteRunning();
    draft.reason = goal.reason();
    draft.message = "";
    if (draft.phase != GroupPhase.STOPPING && alive().isEmpty()) {
      ended(
          GroupPhase.STOPPED,
          draft.runningSandbox().isPresent() ? draft.now : earlier(draft.now, lastSeen()));
    } else {
      if (draft.phase != GroupPhase.STOPPING) {
        draft.phase = GroupPhase.STOPPING;
        tellKilling();
      }
      Instant before = draft.killAt;
      draft.killAt = before == null || goal.killAt().isBefore(before) ? goal.killAt() : before;
      stop(GroupPhase.STOPPED);
    }
    if (draft.phase == GroupPhase.STOPPED && removed()) {
      gone();
    }
  }

  /** Goes on with stopping; once nothing runs any more the group has the given last phase. */
  void stop(GroupPhase last) {
    List<ContainerView> alive = alive();
    if (alive.isEmpty()) {
      ended(last, draft.now);
      return;
    }
    Instant killAt = Objects.requireNonNullElse(draft.killAt, draft.now);
    ContainerStops stops = new ContainerStops(draft);
    alive.forEach(view -> stops.stop(view, killAt));
  }

  /** Stored attempts that run or might still be started. */
  private List<ContainerView> alive() {
    return draft.progress().stream().flatMap(p -> draft.alive(p).stream()).toList();
  }

  private void tellKilling() {
    for (ContainerProgress progress : draft.progress()) {
      if (progress.current() instanceof ContainerStatus.Running) {
        draft.tell(Occurrence.normal("Killing", "Stopping container " + progress.name()));
      }
    }
  }

  /**
   * @param decided when it was decided or known, if no container ran until then
   */
  private void ended(GroupPhase last, Instant decided) {
    boolean stopped = draft.order.stored().phase() == GroupPhase.STOPPING;
    boolean pending = draft.pending() && !stopped && last != GroupPhase.SUCCEEDED;
    Instant pendingEnd = draft.pendingEnd();
    Optional<Instant> finish = lastFinish();
    Instant end;
    if (finish.isEmpty()) {
      end = pendingEnd == null ? decided : earlier(decided, pendingEnd);
    } else if (pending && waiting()) {
      // Pending is billed until somebody ends it, also when another container ended long before,
      // but never for longer than a group may wait.
      end = later(finish.get(), pendingEnd == null ? decided : earlier(decided, pendingEnd));
    } else {
      end = finish.get();
    }
    Instant from = draft.chargedFrom;
    draft.endedAt = from == null ? end : later(from, end);
    draft.phase = last;
    draft.killAt = null;
    for (ContainerProgress progress : draft.progress()) {
      if (progress.current() instanceof ContainerStatus.Waiting) {
        endWaiting(progress, draft.endedAt);
      }
    }
  }

  private boolean waiting() {
    return draft.reason.equals("PendingTimeout")
        || draft.order.goal() instanceof Goal.End
        || draft.order.goal() instanceof Goal.Evict;
  }

  /** When the group was there for sure, if it is not any more. */
  Instant lastSeen() {
    return draft.lastSeen(Objects.requireNonNullElse(draft.chargedFrom, draft.now));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /** A container between two attempts ended with the last one; others never ran. */
  private void endWaiting(ContainerProgress progress, @Nullable Instant at) {
    ContainerStatus.Terminated last = progress.previous();
    boolean ran = ContainerSync.betweenAttempts(progress) && last != null;
    ContainerStatus.Terminated end =
        ran && last != null
            ? last
            : new ContainerStatus.Terminated(
                NEVER_RAN,
                0,
                draft.reason,
                "never ran",
                null,
                Objects.requireNonNullElse(at, draft.now));
    draft.put(
        new ContainerProgress(
            progress.name(),
            progress.attempt(),
            progress.restarts(),
            end,
            ran ? null : last,
            progress.backOffSeconds(),
            null,
            progress.firstStartedAt(),
            false,
            "",
            progress.revision()));
  }

  private boolean failed(ContainerSpec spec) {
    return draft.progress(spec).current() instanceof ContainerStatus.Terminated end
        && !end.succeeded();
  }

  private Optional<Instant> lastFinish() {
    return draft.progress().stream()
        .flatMap(GroupEnd::ends)
        .map(ContainerStatus.Terminated::finishedAt)
        .max(Instant::compareTo);
  }

  private static Stream<ContainerStatus.Terminated> ends(ContainerProgress progress) {
    Stream<ContainerStatus.Terminated> current =
        progress.current() instanceof ContainerStatus.Terminated end
            ? Stream.of(end)
            : Stream.empty();
    return Stream.concat(current, Stream.ofNullable(progress.previous()));
  }

  /** Removes what is there; whether nothing is there any more. */
  private boolean removed() {
    draft.seen.view().containers().forEach(draft::remove);
    boolean goneOrRemovedHere =
        draft.phase == GroupPhase.GONE
            || draft.attempted.begun().contains(new Attempted.Begun.Removal());
    if (draft.seen.view().isEmpty() && goneOrRemovedHere) {
      return true;
    }
    draft.act(new EngineAction.RemoveSandbox());
    draft.poll();
    return false;
  }

  private void gone() {
    for (ContainerProgress progress : draft.progress()) {
      if (progress.current() instanceof ContainerStatus.Waiting) {
        endWaiting(progress, draft.endedAt);
      }
    }
    draft.phase = GroupPhase.GONE;
    draft.killAt = null;
  }
}
