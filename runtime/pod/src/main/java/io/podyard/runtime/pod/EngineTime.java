package io.podyard.runtime.pod;

import io.podyard.runtime.pod.ContainerEngine.EngineView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Puts the times an engine tells on the clock of who drives. All other times of a group are taken
 * from that clock, and a difference between two clocks must be neither billed nor waited for.
 */
final class EngineTime {

  /** Less than this is left as it is; clocks are never quite the same. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private EngineTime() {}

  /**
   * The same look with times of ours.
   *
   * @param before our time before the engine was asked
   * @param after our time when it had answered
   */
  static Observation onOurs(Observation seen, Instant before, Instant after) {
    EngineView view = seen.view();
    Duration ahead = ahead(view.now(), before, after);
    if (ahead.isZero()) {
      return seen;
    }
    List<ContainerView> containers =
        view.containers().stream()
            .map(
                c ->
                    new ContainerView(
                        c.engineId(),
                        c.container(),
                        c.attempt(),
                        c.epoch(),
                        shifted(c.status(), ahead)))
            .toList();
    return new Observation(
        new EngineView(view.sandboxes(), containers, view.now().minus(ahead)), seen.images());
  }

  /** By how much the engine's clock is ahead for sure; negative if it is behind. */
  private static Duration ahead(Instant engines, Instant before, Instant after) {
    if (engines.isAfter(after.plus(TOLERANCE))) {
      return Duration.between(after, engines);
    }
    return engines.isBefore(before.minus(TOLERANCE))
        ? Duration.between(before, engines)
        : Duration.ZERO;
  }

  private static ContainerView.Status shifted(ContainerView.Status status, Duration ahead) {
    return switch (status) {
      case ContainerView.Status.Created created -> created;
      case ContainerView.Status.Running running ->
          new ContainerView.Status.Running(running.since().minus(ahead));
      case ContainerView.Status.Exited exited ->
          new ContainerView.Status.Exited(
              exited.exitCode(),
              exited.oomKilled(),
              exited.error(),
              exited.message(),
              exited.startedAt().minus(ahead),
              exited.finishedAt().minus(ahead));
    };
  }
}
