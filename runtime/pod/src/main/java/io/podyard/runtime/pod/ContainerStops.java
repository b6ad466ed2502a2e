package io.podyard.runtime.pod;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Stops one container as it likes it: its pre-stop hook, its stop signal, and then the kill. */
final class ContainerStops {

  private static final Duration KILL_AGAIN = Duration.ofSeconds(2);

  private final Draft draft;

  ContainerStops(Draft draft) {
    this.draft = draft;
  }

  /** One that is to be stopped although its group goes on: its grace begins with this look. */
  void stop(ContainerView view) {
    stop(view, begunKill(view).orElse(draft.graceEnd()));
  }

  /**
   * Goes on with stopping a container that has not ended.
   *
   * @param killAt when its grace is over
   */
  void stop(ContainerView view, Instant killAt) {
    if (view.status() instanceof ContainerView.Status.Created) {
      draft.act(new EngineAction.RemoveContainer(view.engineId()));
      draft.poll();
      return;
    }
    if (!draft.now.isBefore(killAt)) {
      draft.act(new EngineAction.Kill(view.engineId()));
      draft.wake(draft.now.plus(KILL_AGAIN));
    } else {
      draft.wake(killAt);
      if (!draft.attempted.begun().contains(new Attempted.Begun.Stop(view.engineId(), killAt))
          && hookIsThrough(view, killAt)) {
        draft.act(new EngineAction.BeginStop(view.engineId(), killAt));
      }
    }
    draft.poll();
  }

  private boolean hookIsThrough(ContainerView view, Instant killAt) {
    Optional<Handler> hook =
        draft
            .spec(view.container())
            .map(ContainerSpec::lifecycle)
            .flatMap(lifecycle -> Optional.ofNullable(lifecycle.preStop()));
    if (hook.isEmpty() || stops(view).findAny().isPresent()) {
      return true;
    }
    Optional<CheckResult> end =
        draft.attempted.checks().end(Checks.Hook.PRE_STOP, view.container(), view.attempt());
    if (end.isPresent()) {
      if (!end.get().passed()) {
        draft.tell(
            Occurrence.warning(
                "FailedPreStopHook",
                "PreStop hook of container "
                    + view.container()
                    + " failed: "
                    + end.get().output()));
      }
      return true;
    }
    if (!draft.attempted.hasBegun(Checks.Hook.PRE_STOP, view.container(), view.attempt())) {
      draft.act(
          new EngineAction.BeginHook(
              Checks.Hook.PRE_STOP, view.container(), view.attempt(), view.engineId(), killAt));
    }
    return false;
  }

  /** Whether this process has begun to stop it. */
  boolean isBegun(ContainerView view) {
    return begunKill(view).isPresent();
  }

  /** When a stop that this process began ends with the kill. */
  private Optional<Instant> begunKill(ContainerView view) {
    return Stream.concat(
            stops(view).map(Attempted.Begun.Stop::killAt),
            preStops(view).map(Attempted.Begun.Hook::until))
        .min(Instant::compareTo);
  }

  private Stream<Attempted.Begun.Stop> stops(ContainerView view) {
    return draft.attempted.begun().stream()
        .flatMap(
            work ->
                work instanceof Attempted.Begun.Stop stop && stop.engineId().equals(view.engineId())
                    ? Stream.of(stop)
                    : Stream.empty());
  }

  private Stream<Attempted.Begun.Hook> preStops(ContainerView view) {
    return draft.attempted.begun().stream()
        .flatMap(
            work ->
                work instanceof Attempted.Begun.Hook hook
                        && hook.hook() == Checks.Hook.PRE_STOP
                        && hook.container().equals(view.container())
                        && hook.attempt() == view.attempt()
                    ? Stream.of(hook)
                    : Stream.empty());
  }
}
