package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HookTest {

  private static final Handler HOOK = new Handler.Exec(List.of("/hook"));
  private static final CheckResult FAILED = new CheckResult(false, "exit code 3");

  private static TestPod pod(RestartPolicy policy, Lifecycle lifecycle) {
    ContainerSpec app = Specs.container("app").with(lifecycle);
    return new TestPod(Specs.of(policy, List.of(), List.of(app), null));
  }

  private static TestPod postStart(RestartPolicy policy) {
    return pod(policy, new Lifecycle(null, null, HOOK, null));
  }

  private static TestPod preStop() {
    return pod(RestartPolicy.ALWAYS, new Lifecycle(null, null, null, HOOK));
  }

  @Test
  void aContainerRunsOnceItsPostStartHookIsThrough() throws Exception {
    TestPod pod = postStart(RestartPolicy.ALWAYS);

    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);
    assertThat(pod.waiting("app").reason()).isEqualTo("ContainerCreating");
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STARTING);
    pod.drive();

    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.engine.calls())
        .containsExactly("sandbox", "create app 1", "start app 1", "check app 1 exec /hook");
  }

  @Test
  void aContainerWhosePostStartHookFailsIsStoppedAndMadeAnew() throws Exception {
    TestPod pod = postStart(RestartPolicy.ALWAYS);
    pod.engine.checks("app", FAILED, new CheckResult(true, ""));

    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.occurrences)
        .containsOnlyOnce(
            Occurrence.warning(
                "FailedPostStartHook", "PostStart hook of container app failed: exit code 3"));
  }

  @Test
  void aGroupWhosePostStartHookFailsForGoodFails() throws Exception {
    TestPod pod = postStart(RestartPolicy.NEVER);
    pod.engine.checks("app", FAILED);

    pod.driveTo(GroupPhase.FAILED);

    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
  }

  @Test
  void aDriverThatDiesBeforeItKnowsOfTheHookDoesItAgain() throws Exception {
    TestPod pod = postStart(RestartPolicy.ALWAYS);
    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);

    pod.restart();
    pod.drive();

    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.container("app").attempt()).isEqualTo(1);
  }

  @Test
  void aHookThatTheEngineComesToGriefOverIsDoneAgain() throws Exception {
    TestPod pod = postStart(RestartPolicy.ALWAYS);
    pod.engine.breakChecks(1);

    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.container("app").attempt()).isEqualTo(1);
    assertThat(pod.engine.calls()).filteredOn("check app 1 exec /hook"::equals).hasSize(2);
  }

  @Test
  void aContainerThatEndsDuringItsHookEnds() throws Exception {
    TestPod pod = postStart(RestartPolicy.NEVER);
    pod.engine.lives("app", Life.ends(Duration.ZERO, 0));

    pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(pod.ended("app").exitCode()).isZero();
  }

  @Test
  void aPreStopHookComesBeforeTheStopSignalWithinTheGrace() throws Exception {
    TestPod pod = preStop();
    pod.drive();

    pod.end(Duration.ofSeconds(20));
    pod.driveTo(GroupPhase.GONE);

    assertThat(pod.engine.calls())
        .containsSubsequence("check app 1 exec /hook", "stop app 20", "remove app 1");
    assertThat(pod.engine.calls()).containsOnlyOnce("check app 1 exec /hook");
  }

  @Test
  void aPreStopHookThatFailsIsToldAndTheContainerStopsAllTheSame() throws Exception {
    TestPod pod = preStop();
    pod.engine.checks("app", FAILED);
    pod.drive();

    pod.end(Duration.ofSeconds(20));
    pod.driveTo(GroupPhase.GONE);

    assertThat(pod.engine.calls()).contains("stop app 20");
    assertThat(pod.occurrences)
        .containsOnlyOnce(
            Occurrence.warning(
                "FailedPreStopHook", "PreStop hook of container app failed: exit code 3"));
  }

  @Test
  void aPreStopHookThatTakesTheWholeGraceEndsWithTheKill() throws Exception {
    TestPod pod = preStop();
    pod.drive();
    pod.goal = new io.podyard.runtime.Goal.End(pod.clock.instant().plusSeconds(20), "Deleted");
    // The hook is begun, and nothing is heard of it.
    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);
    assertThat(pod.engine.calls()).doesNotContain("stop app 20");

    pod.clock.advance(Duration.ofSeconds(20));
    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);
    assertThat(pod.engine.calls()).contains("stop app 0");
    pod.driveTo(GroupPhase.GONE);
    assertThat(pod.ended("app").exitCode()).isEqualTo(137);
  }

  @Test
  void aForcedEndDoesNoHook() throws Exception {
    TestPod pod = preStop();
    pod.drive();

    pod.end(Duration.ZERO);
    pod.driveTo(GroupPhase.GONE);

    assertThat(pod.engine.calls()).doesNotContain("check app 1 exec /hook").contains("stop app 0");
  }

  @Test
  void aContainerThatWaitsForItsHookIsStoppedWithItsGroup() throws Exception {
    TestPod pod = postStart(RestartPolicy.ALWAYS);
    pod.wakeAt = pod.runtime.drive(pod.order(), TestPod.FENCE, pod);

    pod.end(Duration.ofSeconds(5));
    pod.driveTo(GroupPhase.GONE);

    assertThat(pod.container("app").current()).isInstanceOf(ContainerStatus.Terminated.class);
    assertThat(pod.engine.empty()).isTrue();
  }
}
