package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts whose clocks are wrong. */
class EngineTimeTest {

  private static final List<Duration> WRONG =
      List.of(Duration.ofMinutes(10), Duration.ofMinutes(-10), Duration.ofHours(70));

  @Test
  void anEngineWithAWrongClockChangesNoBillAndNoDeadline() throws Exception {
    for (Duration ahead : WRONG) {
      TestPod pod =
          new TestPod(
              Specs.of(RestartPolicy.ALWAYS, List.of(), List.of(Specs.container("app")), 100L));
      pod.engine.ahead = ahead;

      GroupState state = pod.drive();
      assertThat(state.runningSince()).as("%s", ahead).isEqualTo(SteppedClock.START);
      assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(100));

      assertThat(pod.after(Duration.ofSeconds(99)).phase()).isEqualTo(GroupPhase.RUNNING);
      assertThat(pod.driveTo(GroupPhase.FAILED).endedAt())
          .as("%s", ahead)
          .isEqualTo(SteppedClock.START.plusSeconds(100));
    }
  }

  @Test
  void whatEndedWhileNobodyLookedEndedWhenItDidByOurClock() throws Exception {
    for (Duration ahead : WRONG) {
      TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
      pod.engine.ahead = ahead;
      pod.engine.lives("app", Life.ends(Duration.ofSeconds(20), 0));
      pod.drive();

      GroupState state = pod.after(Duration.ofHours(1));

      assertThat(state.endedAt()).as("%s", ahead).isEqualTo(SteppedClock.START.plusSeconds(20));
      assertThat(pod.ended("app").startedAt()).isEqualTo(SteppedClock.START);
    }
  }

  @Test
  void theWaitForARestartIsNotLongerForAClockThatIsAhead() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.ahead = Duration.ofMinutes(10);
    pod.engine.lives("app", Life.ends(1), Life.ends(1), Life.STAYS);
    pod.drive();
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(1));

    assertThat(pod.container("app").notBefore()).isEqualTo(SteppedClock.START.plusSeconds(12));
  }

  @Test
  void nothingWasNoticedBeforeItHappened() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app", "side"));
    // Too little to be told from the time a question takes.
    pod.engine.ahead = Duration.ofMillis(900);
    pod.engine.lives("side", Life.ends(Duration.ZERO, 0));

    GroupState state = pod.drive();

    assertThat(state.runningSince()).isEqualTo(SteppedClock.START);
    assertThat(pod.container("app").current())
        .isEqualTo(new ContainerStatus.Running(SteppedClock.START));
    assertThat(pod.ended("side").startedAt()).isEqualTo(SteppedClock.START);
    assertThat(pod.ended("side").finishedAt()).isEqualTo(SteppedClock.START);
  }
}
