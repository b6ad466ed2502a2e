package io.podyard.runtime.pod;

import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Probe;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running attempt of a container that is probed. */
final class ProbedAttempt {

  final String container;
  final int attempt;
  final String engineId;
  final Instant startedAt;
  final Lifecycle lifecycle;
  private final @Nullable ProbeCount liveness;
  private final @Nullable ProbeCount readiness;
  private volatile boolean over;

  ProbedAttempt(
      String container, int attempt, String engineId, Instant startedAt, Lifecycle lifecycle) {
    this.container = container;
    this.attempt = attempt;
    this.engineId = engineId;
    this.startedAt = startedAt;
    this.lifecycle = lifecycle;
    liveness = count(lifecycle.livenessProbe());
    readiness = count(lifecycle.readinessProbe());
  }

  private static @Nullable ProbeCount count(@Nullable Probe probe) {
    return probe == null ? null : new ProbeCount(probe);
  }

  List<ProbeCount> counts() {
    return Stream.of(liveness, readiness).flatMap(Stream::ofNullable).toList();
  }

  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  Checks.Verdict verdict() {
    ProbeCount.Outcome ready = outcome(readiness);
    ProbeCount.Outcome live = outcome(liveness);
    return new Checks.Verdict(
        container, attempt, ready.passing(), ready.output(), live.failed() ? live.output() : null);
  }

  private static ProbeCount.Outcome outcome(@Nullable ProbeCount count) {
    return count == null ? ProbeCount.Outcome.UNKNOWN : count.outcome();
  }
}
