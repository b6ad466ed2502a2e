package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.Probe;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProbeTest {

  private static final CheckResult WELL = new CheckResult(true, "");
  private static final CheckResult ILL = new CheckResult(false, "connection refused");

  private static Probe probe(int initialDelay, int period, int successes, int failures) {
    return new Probe(new Handler.TcpSocket(null, 80), initialDelay, period, 1, successes, failures);
  }

  private static TestPod pod(RestartPolicy policy, Lifecycle lifecycle) {
    ContainerSpec app = Specs.container("app").with(lifecycle);
    return new TestPod(Specs.of(policy, List.of(), List.of(app), null));
  }

  private static TestPod readiness(Probe probe) {
    return pod(RestartPolicy.ALWAYS, new Lifecycle(null, probe, null, null));
  }

  private static TestPod liveness(RestartPolicy policy, Probe probe) {
    return pod(policy, new Lifecycle(probe, null, null, null));
  }

  private static long checks(TestPod pod) {
    return pod.engine.calls().stream().filter(call -> call.startsWith("check ")).count();
  }

  @Test
  void aContainerWithoutProbesIsReadyAsSoonAsItRuns() throws Exception {
    TestPod pod = pod(RestartPolicy.ALWAYS, Lifecycle.NONE);

    pod.drive();

    assertThat(pod.container("app").ready()).isTrue();
    assertThat(checks(pod)).isZero();
  }

  @Test
  void aContainerIsReadyOnceItsProbePassedOftenEnough() throws Exception {
    TestPod pod = readiness(probe(5, 10, 2, 3));

    pod.drive();
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.container("app").ready()).isFalse();
    pod.after(Duration.ofSeconds(4));
    assertThat(checks(pod)).isZero();
    pod.after(Duration.ofSeconds(1));
    assertThat(checks(pod)).isEqualTo(1);
    assertThat(pod.container("app").ready()).isFalse();
    pod.after(Duration.ofSeconds(10));

    assertThat(checks(pod)).isEqualTo(2);
    assertThat(pod.container("app").ready()).isTrue();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void aContainerThatFailsItsReadinessGoesOnRunningAndSaysWhyItIsNotReady() throws Exception {
    TestPod pod = readiness(probe(0, 10, 1, 3));
    pod.engine.checks("app", WELL, ILL, ILL, ILL, ILL, WELL);
    pod.drive();
    assertThat(pod.container("app").ready()).isTrue();

    pod.after(Duration.ofSeconds(10));
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.container("app").ready()).isTrue();
    assertThat(pod.container("app").readyChangedAt()).isEqualTo(SteppedClock.START);
    pod.after(Duration.ofSeconds(10));

    assertThat(pod.container("app").ready()).isFalse();
    assertThat(pod.container("app").readyChangedAt()).isEqualTo(SteppedClock.START.plusSeconds(30));
    assertThat(pod.container("app").unready()).isEqualTo("connection refused");
    assertThat(pod.runs("app")).isTrue();
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.occurrences)
        .containsOnlyOnce(
            Occurrence.warning(
                "Unhealthy", "Readiness probe of container app failed: connection refused"));

    pod.after(Duration.ofSeconds(10));
    assertThat(pod.container("app").ready()).isTrue();
    assertThat(pod.container("app").unready()).isEmpty();
  }

  @Test
  void aContainerThatIsNotAliveIsStoppedAndMadeAnew() throws Exception {
    TestPod pod = liveness(RestartPolicy.ALWAYS, probe(0, 10, 1, 2));
    pod.engine.checks("app", WELL, ILL, ILL, WELL);
    pod.drive();

    pod.after(Duration.ofSeconds(10));
    assertThat(pod.container("app").attempt()).isEqualTo(1);
    pod.after(Duration.ofSeconds(10));
    pod.drive();

    assertThat(pod.engine.calls()).contains("stop app 30");
    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(pod.container("app").restarts()).isEqualTo(1);
    assertThat(pod.runs("app")).isTrue();
    assertThat(Objects.requireNonNull(pod.container("app").previous()).exitCode()).isEqualTo(143);
    assertThat(pod.told()).containsOnlyOnce("Unhealthy").containsOnlyOnce("Killing");
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void aContainerThatIsNotAliveAndDoesNotHeedItsStopSignalIsKilledAfterItsGrace() throws Exception {
    TestPod pod = liveness(RestartPolicy.ALWAYS, probe(0, 10, 1, 1));
    pod.engine.lives("app", Life.STUBBORN, Life.STAYS);
    pod.engine.checks("app", ILL, WELL);
    pod.drive();
    assertThat(pod.container("app").attempt()).isEqualTo(1);

    pod.after(Duration.ofSeconds(30));
    pod.drive();

    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(Objects.requireNonNull(pod.container("app").previous()).exitCode()).isEqualTo(137);
  }

  @Test
  void aContainerThatIsNotAliveAndNeverRestartsIsTheEndOfItsGroup() throws Exception {
    TestPod pod = liveness(RestartPolicy.NEVER, probe(0, 10, 1, 1));
    pod.engine.checks("app", ILL);

    pod.driveTo(GroupPhase.FAILED);

    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
  }

  @Test
  void aNewAttemptStartsWithACleanCount() throws Exception {
    TestPod pod = liveness(RestartPolicy.ALWAYS, probe(0, 10, 1, 2));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(15), 1), Life.STAYS);
    pod.engine.checks("app", WELL, ILL, WELL, ILL, WELL);
    pod.drive();
    pod.after(Duration.ofSeconds(10));

    pod.after(Duration.ofSeconds(5));
    assertThat(pod.container("app").attempt()).isEqualTo(2);
    pod.after(Duration.ofSeconds(10));
    pod.after(Duration.ofSeconds(10));

    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(pod.told()).doesNotContain("Unhealthy");
  }

  @Test
  void afterACrashOfItsDriverAReadyContainerStaysReadyUntilItsProbeSaysOtherwise()
      throws Exception {
    TestPod pod = readiness(probe(0, 10, 1, 1));
    pod.drive();
    assertThat(pod.container("app").ready()).isTrue();

    pod.restart();
    pod.engine.checks("app", ILL);
    pod.clock.advance(Duration.ofSeconds(1));
    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);
    assertThat(pod.container("app").ready()).isTrue();
    pod.drive();

    assertThat(pod.container("app").ready()).isFalse();
  }

  @Test
  void whoeverTakesOverLooksWithinOnePeriodAndNotAtOnce() throws Exception {
    TestPod pod = readiness(probe(0, 600, 1, 1));
    pod.drive();
    pod.clock.advance(Duration.ofHours(1));
    pod.restart();
    long before = checks(pod);

    pod.drive();
    assertThat(checks(pod)).isEqualTo(before);
    pod.after(Duration.ofSeconds(600));

    assertThat(checks(pod)).isEqualTo(before + 1);
  }

  @Test
  void aCheckThatTheEngineComesToGriefOverIsDoneAgainInTheNextPeriod() throws Exception {
    TestPod pod = liveness(RestartPolicy.ALWAYS, probe(0, 10, 1, 1));
    pod.engine.breakChecks(1);
    pod.drive();
    assertThat(checks(pod)).isEqualTo(1);
    pod.engine.checks("app", ILL, WELL);

    pod.after(Duration.ofSeconds(10));
    pod.drive();

    assertThat(checks(pod)).isGreaterThan(1);
    assertThat(pod.container("app").attempt()).isEqualTo(2);
  }

  @Test
  void nothingIsProbedOnceTheGroupEnds() throws Exception {
    TestPod pod = readiness(probe(0, 10, 1, 1));
    pod.drive();
    pod.end(Duration.ZERO);
    pod.driveTo(GroupPhase.GONE);
    long before = checks(pod);

    pod.clock.advance(Duration.ofMinutes(5));
    pod.timer.runDue();

    assertThat(checks(pod)).isEqualTo(before);
    assertThat(pod.timer.next()).isEmpty();
  }
}
