package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerRole;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SidecarTest {

  private static TestPod pod(RestartPolicy policy, ContainerSpec... containers) {
    return new TestPod(Specs.of(policy, List.of(), List.of(containers), null));
  }

  private static ContainerSpec sidecar(String name) {
    return Specs.container(name).with(ContainerRole.SIDECAR);
  }

  @Test
  void sidecarsAreStoppedOnceTheOthersEnded() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, Specs.container("app"), sidecar("proxy"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(5), 0));

    GroupState state = pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(state.reason()).isEmpty();
    assertThat(pod.ended("app").exitCode()).isZero();
    assertThat(pod.ended("proxy").exitCode()).isEqualTo(143);
    assertThat(pod.engine.calls()).contains("stop proxy 30");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(5));
  }

  @Test
  void theMeterRunsUntilTheLastSidecarStopped() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, Specs.container("app"), sidecar("proxy"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(5), 3));
    pod.engine.lives("proxy", Life.STUBBORN);

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Error");
    assertThat(state.message()).isEqualTo("Container app ended with 3");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(35));
  }

  @Test
  void aSidecarThatFailedDoesNotFailItsGroup() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, Specs.container("app"), sidecar("proxy"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(5), 0));
    pod.engine.lives("proxy", Life.ends(9));

    pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(pod.ended("proxy").exitCode()).isEqualTo(9);
  }

  @Test
  void aSidecarIsRestartedAsLongAsTheOthersRun() throws Exception {
    TestPod pod = pod(RestartPolicy.ON_FAILURE, Specs.container("app"), sidecar("proxy"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(5), 0));
    pod.engine.lives("proxy", Life.ends(9), Life.STAYS);

    pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(pod.container("proxy").attempt()).isEqualTo(2);
  }

  @Test
  void aGroupOfSidecarsOnlyLivesAsLongAsTheyDo() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, sidecar("a"), sidecar("b"));
    pod.engine.lives("a", Life.ends(1));
    pod.engine.lives("b", Life.ends(Duration.ofSeconds(9), 0));

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(9));
  }

  @Test
  void aDriverThatDiesWhileSidecarsStopGoesOnToTheSameEnd() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, Specs.container("app"), sidecar("proxy"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(5), 0));
    pod.engine.lives("proxy", Life.STUBBORN);
    pod.driveTo(GroupPhase.STOPPING);

    pod.restart();

    assertThat(pod.driveTo(GroupPhase.SUCCEEDED).reason()).isEmpty();
  }

  @Test
  void anIgnoredExitCodeCountsAsAGoodEndAndIsTold() throws Exception {
    TestPod pod = pod(RestartPolicy.ON_FAILURE, Specs.container("app").ignoringExitCode());
    pod.engine.lives("app", Life.ends(7).saying("no work"));

    pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(pod.container("app").attempt()).isEqualTo(1);
    assertThat(pod.ended("app").exitCode()).isZero();
    assertThat(pod.ended("app").message()).isEqualTo("Exit code 7 is ignored: no work");
  }

  @Test
  void whatAContainerSaysOfItsEndIsShown() throws Exception {
    TestPod pod = pod(RestartPolicy.NEVER, Specs.container("app"));
    pod.engine.lives("app", Life.ends(7).saying("cannot read\nits file"));

    pod.driveTo(GroupPhase.FAILED);

    assertThat(pod.ended("app").message()).isEqualTo("cannot read\nits file");
    assertThat(pod.ended("app").exitCode()).isEqualTo(7);
  }
}
