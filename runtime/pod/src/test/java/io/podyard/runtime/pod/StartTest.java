package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {

  @Test
  void oneDriveBringsAGroupWithItsImagePresentToRun() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));

    GroupState state = pod.drive();

    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(state.ip()).isEqualTo("10.0.0.7");
    assertThat(state.sandboxReadyAt()).isEqualTo(SteppedClock.START);
    assertThat(state.chargedFrom()).isEqualTo(SteppedClock.START);
    assertThat(state.runningSince()).isEqualTo(SteppedClock.START);
    assertThat(pod.engine.calls())
        .containsExactly("sandbox", "create app 1", "create side 1", "start app 1", "start side 1");
    assertThat(pod.history).hasSize(2);
    assertThat(pod.told())
        .containsExactly(
            "SandboxCreated", "Pulled", "Pulled", "Created", "Started", "Created", "Started");
    assertThat(pod.wakeAt).isEmpty();
  }

  @Test
  void theMeterAndTheFirstAttemptsAreStoredBeforeAnythingIsMade() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.gate(
        new ScriptedEngine.Gate() {
          @Override
          public void before(String call) {
            boolean charged = pod.stored.chargedFrom() != null;
            assertThat(charged).as(call).isEqualTo(!call.equals("sandbox"));
            assertThat(pod.container("app").attempt()).isEqualTo(charged ? 1 : 0);
          }

          @Override
          public void after(String call) {}
        });

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void initContainersRunStrictlyOneAfterTheOther() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, List.of("a", "b"), List.of("app")));
    pod.engine.lives("a", Life.ends(0));
    pod.engine.lives("b", Life.ends(Duration.ofSeconds(2), 0));

    pod.drive();
    assertThat(pod.runs("a")).isTrue();
    assertThat(pod.waiting("b").reason()).isEqualTo("PodInitializing");
    assertThat(pod.waiting("app").reason()).isEqualTo("PodInitializing");

    pod.after(Duration.ofSeconds(1));
    assertThat(pod.ended("a").reason()).isEqualTo("Completed");
    assertThat(pod.runs("b")).isTrue();
    assertThat(pod.waiting("app").reason()).isEqualTo("PodInitializing");
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STARTING);

    GroupState state = pod.after(Duration.ofSeconds(2));
    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(state.runningSince()).isEqualTo(SteppedClock.START.plusSeconds(3));
    assertThat(pod.engine.calls())
        .containsExactly(
            "sandbox",
            "create a 1",
            "start a 1",
            "create b 1",
            "start b 1",
            "create app 1",
            "start app 1");
  }

  @Test
  void aFailingInitContainerIsRestartedUnlessThePolicyIsNever() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ON_FAILURE, List.of("a"), List.of("app")));
    pod.engine.lives("a", Life.ends(1), Life.ends(1), Life.ends(0));

    pod.drive();
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(1));
    assertThat(pod.waiting("a").reason()).isEqualTo("CrashLoopBackOff");
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STARTING);

    assertThat(pod.driveTo(GroupPhase.RUNNING).container("a").orElseThrow().restarts())
        .isEqualTo(2);
  }

  @Test
  void anInitContainerThatEndedWellIsNotRestartedByThePolicyAlways() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, List.of("a"), List.of("app")));
    pod.engine.lives("a", Life.ends(0));

    pod.driveTo(GroupPhase.RUNNING);
    pod.after(Duration.ofHours(1));

    assertThat(pod.container("a").attempt()).isEqualTo(1);
  }

  @Test
  void aFailingInitContainerFailsAGroupThatIsNeverRestarted() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, List.of("a", "b"), List.of("app")));
    pod.engine.lives("a", Life.ends(7));

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Init:Error");
    assertThat(state.endedAt()).isEqualTo(pod.ended("a").finishedAt());
    assertThat(state.runningSince()).isNull();
    assertThat(pod.ended("b").startedAt()).isNull();
    assertThat(pod.ended("app").reason()).isEqualTo("Init:Error");
    assertThat(pod.engine.calls()).doesNotContain("create b 1", "create app 1");
  }

  @Test
  void anAttemptThatWasStoredButNotMadeIsMadeNow() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.gate(Gates.failingBefore("create app 1"));
    Gates.expectCrash(pod);
    assertThat(pod.container("app").attempt()).isEqualTo(1);
    pod.engine.gate(Gates.OPEN);
    pod.restart();

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);

    assertThat(pod.container("app").attempt()).isEqualTo(1);
    assertThat(pod.engine.everStarted()).hasSize(1);
  }

  @Test
  void aContainerThatRanBetweenTwoLooksCounts() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", Life.ends(Duration.ZERO, 0));

    GroupState state = pod.drive();

    assertThat(state.phase()).isEqualTo(GroupPhase.SUCCEEDED);
    assertThat(state.runningSince()).isEqualTo(SteppedClock.START);
    assertThat(pod.told()).contains("Created", "Started");
  }

  @Test
  void aSandboxThatIsThereButNotRunningIsWaitedFor() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.gate(
        new ScriptedEngine.Gate() {
          @Override
          public void before(String call) {}

          @Override
          public void after(String call) {
            pod.engine.killSandboxes();
          }
        });

    GroupState state = pod.drive();

    assertThat(state.phase()).isEqualTo(GroupPhase.PREPARING);
    assertThat(state.chargedFrom()).isNull();
    assertThat(pod.history).isEmpty();
    assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(5));
  }

  @Test
  void drivingAgainStoresAndDoesNothing() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.drive();
    int calls = pod.engine.calls().size();

    pod.after(Duration.ofMinutes(1));
    pod.restart();
    pod.after(Duration.ofMinutes(1));

    assertThat(pod.engine.calls()).hasSize(calls);
    assertThat(pod.history).hasSize(2);
    assertThat(pod.container("app").current())
        .isEqualTo(new ContainerStatus.Running(SteppedClock.START));
  }
}
