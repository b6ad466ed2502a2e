package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplacementTest {

  private static TestPod pod(RestartPolicy policy, ContainerSpec... containers) {
    return new TestPod(group(policy, List.of(), containers));
  }

  private static GroupSpec group(
      RestartPolicy policy, List<ContainerSpec> init, ContainerSpec... containers) {
    return Specs.of(policy, init, List.of(containers), null);
  }

  private static ContainerSpec container(String name, long revision) {
    return Specs.container(name).withRevision(revision);
  }

  /** Runs, and is then to be made anew with another spec. */
  private static TestPod running(RestartPolicy policy, ContainerSpec... containers)
      throws Exception {
    TestPod pod = pod(policy, containers);
    pod.driveTo(GroupPhase.RUNNING);
    return pod;
  }

  @Test
  void whatChangedIsStoppedAndMadeAnewAndTheRestGoesOn() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0), container("b", 0));
    GroupState before = pod.stored;
    pod.clock.advance(Duration.ofHours(3));

    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2), container("b", 0)));
    pod.drive();
    GroupState state = pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.container("a").attempt()).isEqualTo(2);
    assertThat(pod.container("a").revision()).isEqualTo(2);
    assertThat(Objects.requireNonNull(pod.container("a").previous()).exitCode()).isEqualTo(143);
    assertThat(pod.container("b").attempt()).isEqualTo(1);
    assertThat(state.generation()).isEqualTo(2);
    assertThat(state.ip()).isEqualTo(before.ip());
    assertThat(state.chargedFrom()).isEqualTo(before.chargedFrom());
    assertThat(state.runningSince()).isEqualTo(before.runningSince());
    assertThat(pod.engine.calls())
        .containsSubsequence("stop a 30", "update sandbox", "remove a 1", "create a 2", "start a 2")
        .doesNotContain("stop b 30");
    assertThat(pod.engine.calls()).containsOnlyOnce("sandbox").containsOnlyOnce("update sandbox");
  }

  @Test
  void aStubbornContainerIsKilledAfterItsGrace() throws Exception {
    TestPod pod = pod(RestartPolicy.ALWAYS, container("a", 0));
    pod.engine.lives("a", Life.STUBBORN, Life.STAYS);
    pod.driveTo(GroupPhase.RUNNING);

    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2)));
    pod.drive();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.REPLACING);
    GroupState state = pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.clock.instant()).isEqualTo(SteppedClock.START.plusSeconds(30));
    assertThat(Objects.requireNonNull(pod.container("a").previous()).exitCode()).isEqualTo(137);
    assertThat(state.pendingSince()).isNull();
  }

  @Test
  void initContainersRunAgainBeforeTheOthers() throws Exception {
    TestPod pod =
        new TestPod(group(RestartPolicy.ALWAYS, List.of(container("init", 0)), container("a", 0)));
    pod.engine.lives("init", Life.ends(0));
    pod.driveTo(GroupPhase.RUNNING);

    pod.update(group(RestartPolicy.ALWAYS, List.of(container("init", 2)), container("a", 2)));
    pod.drive();
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls())
        .containsSubsequence("stop a 30", "create init 2", "start init 2", "create a 2");
  }

  @Test
  void aContainerThatEndedForGoodRunsAgain() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, container("job", 0), container("a", 0));
    pod.engine.lives("job", Life.ends(0), Life.STAYS);
    pod.driveTo(GroupPhase.RUNNING);
    pod.after(Duration.ofSeconds(2));

    pod.update(group(RestartPolicy.NEVER, List.of(), container("job", 2), container("a", 2)));
    pod.drive();
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.runs("job")).isTrue();
    assertThat(pod.runs("a")).isTrue();
  }

  @Test
  void containersComeAndGo() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0), container("b", 0));

    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("c", 2), container("a", 0)));
    pod.drive();
    GroupState state = pod.driveTo(GroupPhase.RUNNING);

    assertThat(state.containers()).extracting("name").containsExactly("c", "a");
    assertThat(pod.runs("c")).isTrue();
    assertThat(pod.container("a").attempt()).isEqualTo(1);
    assertThat(pod.engine.calls()).containsSubsequence("stop b 30", "remove b 1", "create c 1");
  }

  @Test
  void aContainerThatComesBackIsNotTakenForTheOneBefore() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0), container("b", 0));
    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 0)));
    pod.drive();
    pod.driveTo(GroupPhase.RUNNING);

    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 0), container("b", 3)));
    pod.drive();
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.runs("b")).isTrue();
    assertThat(pod.engine.calls().stream().filter("create b 1"::equals)).hasSize(2);
  }

  @Test
  void theImageOfAContainerMadeAnewIsFetchedAgainIfItsPolicySaysSo() throws Exception {
    ContainerSpec eager = Specs.container("a", Specs.IMAGE, PullPolicy.ALWAYS);
    TestPod pod = running(RestartPolicy.ALWAYS, eager);

    pod.update(group(RestartPolicy.ALWAYS, List.of(), eager.withRevision(2)));
    pod.drive();
    pod.driveTo(GroupPhase.RUNNING);

    assertThat(pod.engine.calls().stream().filter(c -> c.startsWith("pull "))).hasSize(2);
  }

  @Test
  void aGroupThatDoesNotRunAgainInTimeFails() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0));
    pod.clock.advance(Duration.ofHours(5));
    pod.engine.failPulls("missing", failures(100));

    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2).withImage("missing")));
    pod.drive();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STARTING);
    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(state.endedAt())
        .isEqualTo(SteppedClock.START.plus(Duration.ofHours(5)).plus(Duration.ofMinutes(60)));
  }

  private static ImageView.Failed[] failures(int count) {
    return java.util.Collections.nCopies(count, new ImageView.Failed("ErrImagePull", "no", 0))
        .toArray(ImageView.Failed[]::new);
  }

  @Test
  void aGroupMayBeDeletedWhileItIsReplaced() throws Exception {
    TestPod pod = pod(RestartPolicy.ALWAYS, container("a", 0));
    pod.engine.lives("a", Life.STUBBORN);
    pod.driveTo(GroupPhase.RUNNING);
    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2), container("new", 2)));
    pod.drive();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.REPLACING);

    pod.end(Duration.ofSeconds(3));
    pod.driveTo(GroupPhase.GONE);

    assertThat(pod.engine.empty()).isTrue();
    assertThat(pod.stored.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3));
  }

  @Test
  void aLostSandboxEndsAGroupThatIsReplaced() throws Exception {
    TestPod pod = pod(RestartPolicy.ALWAYS, container("a", 0));
    pod.engine.lives("a", Life.STUBBORN);
    pod.driveTo(GroupPhase.RUNNING);
    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2)));
    pod.drive();

    pod.engine.killSandboxes();

    assertThat(pod.driveTo(GroupPhase.FAILED).reason()).isEqualTo("SandboxLost");
  }

  @Test
  void aChangeThatTouchesNoContainerRestartsNone() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0));

    pod.update(group(RestartPolicy.ON_FAILURE, List.of(), container("a", 0)));
    pod.drive();
    GroupState state = pod.driveTo(GroupPhase.RUNNING);

    assertThat(state.generation()).isEqualTo(2);
    assertThat(pod.container("a").attempt()).isEqualTo(1);
    assertThat(pod.engine.calls()).containsOnlyOnce("update sandbox");
  }

  @Test
  void aChangeThatTheHostNeverTakesFailsTheGroupInTime() throws Exception {
    TestPod pod = pod(RestartPolicy.ALWAYS, container("a", 0), container("b", 0));
    pod.driveTo(GroupPhase.RUNNING);
    GroupSpec wanted = group(RestartPolicy.ALWAYS, List.of(), container("a", 2), container("b", 0));
    pod.update(wanted);
    pod.engine.gate(Gates.failingBefore("update sandbox"));
    Gates.expectCrash(pod);
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.REPLACING);
    pod.stored = pod.stored.waitingFor("FailedMount", "Volume v cannot be mounted");

    // What stops has its grace beside.
    pod.clock.advance(
        Duration.ofMinutes(wanted.maxPendingMinutes())
            .plusSeconds(wanted.terminationGraceSeconds() - 1));
    Gates.expectCrash(pod);
    pod.after(Duration.ofSeconds(1));
    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("UpdateTimeout");
    assertThat(state.message()).contains("could not be changed", "Volume v cannot be mounted");
    assertThat(pod.runs("b")).isFalse();
  }

  @Test
  void aChangeThatWaitedSaysNothingOfItLater() throws Exception {
    TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0));
    pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2)));
    pod.engine.gate(Gates.failingBefore("update sandbox"));
    Gates.expectCrash(pod);
    pod.stored = pod.stored.waitingFor("FailedMount", "Volume v cannot be mounted");
    pod.engine.gate(Gates.OPEN);

    GroupState state = pod.driveTo(GroupPhase.RUNNING);

    assertThat(state.generation()).isEqualTo(2);
    assertThat(state.reason()).isEmpty();
    assertThat(state.message()).isEmpty();
  }

  @Test
  void aDriverThatDiesAnywhereBringsItToTheSameEnd() throws Exception {
    for (String call :
        List.of("stop a 30", "update sandbox", "remove a 1", "create a 2", "start a 2")) {
      TestPod pod = running(RestartPolicy.ALWAYS, container("a", 0), container("b", 0));
      pod.update(group(RestartPolicy.ALWAYS, List.of(), container("a", 2), container("b", 0)));
      pod.engine.gate(Gates.failingAfter(call));
      Gates.expectCrash(pod);
      pod.engine.gate(Gates.OPEN);
      pod.restart();

      pod.drive();
      pod.driveTo(GroupPhase.RUNNING);

      assertThat(pod.container("a").attempt()).as(call).isEqualTo(2);
      assertThat(pod.container("b").attempt()).as(call).isEqualTo(1);
      assertThat(pod.runs("a")).as(call).isTrue();
    }
  }
}
