package io.podyard.controlplane.containergroup;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where the time goes between a create and Running: the histogram {@code
 * podyard_group_start_seconds}, by step. Told by the process that writes the step, so over all
 * processes each start is counted once; one whose process dies in that moment is not counted.
 */
@Component
class StartTimes {

  /** Of a start, in their order. */
  enum Step {
    /** From the create until room of a host is reserved. */
    SCHEDULING,
    /** From the create until the group has its address; holds the one before. */
    SANDBOX,
    /** From the first fetch's beginning until all images are there; none if all were. */
    PULL,
    /** From the first init container's start until the last one's end; none without any. */
    INIT,
    /** From the end of what came before until all containers run. */
    START,
    /** From the create until all containers run. */
    TOTAL
  }

  private static final Duration[] BOUNDS =
      Stream.of(20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Map<Step, Timer> timers = new EnumMap<>(Step.class);

  StartTimes(MeterRegistry meters) {
    for (Step step : Step.values()) {
      timers.put(
          step,
          Timer.builder("podyard.group.start")
              .description("How long the steps from a create to Running took")
              .tag("step", step.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(BOUNDS)
              .register(meters));
    }
  }

  /** A host has room reserved. */
  void placed(Instant createdAt, Instant at) {
    record(Step.SCHEDULING, createdAt, at);
  }

  /** A step was written; one that makes a group Running tells all that came before. */
  void written(GroupTransition transition) {
    GroupRecord next = transition.next();
    if (next.status() != GroupStatus.RUNNING || !starting(transition.seen().status())) {
      return;
    }
    GroupState state = next.state();
    Instant done = next.createdAt();
    Instant sandbox = state.sandboxReadyAt();
    if (sandbox != null) {
      record(Step.SANDBOX, done, sandbox);
      done = latest(done, sandbox);
    }
    Instant pulled = latest(state.pulls().stream().map(PullProgress::finishedAt));
    if (pulled != null) {
      record(Step.PULL, earliest(state.pulls().stream().map(PullProgress::startedAt)), pulled);
      done = latest(done, pulled);
    }
    int inits = next.spec().initContainers().size();
    List<ContainerStatus.Terminated> ended =
        state.containers().stream()
            .limit(inits)
            .map(ContainerProgress::current)
            .filter(ContainerStatus.Terminated.class::isInstance)
            .map(ContainerStatus.Terminated.class::cast)
            .toList();
    Instant prepared = latest(ended.stream().map(ContainerStatus.Terminated::finishedAt));
    if (prepared != null) {
      record(
          Step.INIT, earliest(ended.stream().map(ContainerStatus.Terminated::startedAt)), prepared);
      done = latest(done, prepared);
    }
    record(Step.START, done, transition.at());
    record(Step.TOTAL, next.createdAt(), transition.at());
  }

  private static boolean starting(GroupStatus status) {
    return status == GroupStatus.SCHEDULING || status == GroupStatus.PENDING;
  }

  /** Clocks of hosts differ a little from ours: what seems to end before it began took no time. */
  private void record(Step step, @Nullable Instant from, Instant to) {
    if (from != null) {
      Duration took = Duration.between(from, to);
      Objects.requireNonNull(timers.get(step)).record(took.isNegative() ? Duration.ZERO : took);
    }
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static @Nullable Instant latest(Stream<@Nullable Instant> instants) {
    return instants
        .filter(Objects::nonNull)
        .reduce(null, (a, b) -> a == null || b.isAfter(a) ? b : a);
  }

  private static @Nullable Instant earliest(Stream<@Nullable Instant> instants) {
    return instants
        .filter(Objects::nonNull)
        .reduce(null, (a, b) -> a == null || b.isBefore(a) ? b : a);
  }
}
