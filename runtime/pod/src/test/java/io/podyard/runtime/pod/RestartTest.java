package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RestartTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aCrashedContainerIsMadeAnewAtOnceTheFirstTime() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(3), Life.STAYS);
    pod.drive();

    GroupState state = pod.after(SECOND);

    ContainerProgress app = pod.container("app");
    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.runs("app")).isTrue();
    assertThat(app.attempt()).isEqualTo(2);
    assertThat(app.restarts()).isEqualTo(1);
    assertThat(app.notBefore()).isNull();
    assertThat(Objects.requireNonNull(app.previous()).exitCode()).isEqualTo(3);
    assertThat(pod.told()).doesNotContain("BackOff");
    assertThat(pod.history)
        .noneMatch(
            s ->
                s.container("app").orElseThrow().current() instanceof ContainerStatus.Waiting w
                    && w.reason().equals("CrashLoopBackOff"));
  }

  @Test
  void aContainerThatCrashesAgainWaitsAndIsMadeAnew() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(2), Life.ends(3), Life.STAYS);
    pod.drive();
    pod.after(SECOND);

    GroupState state = pod.after(SECOND);

    ContainerProgress app = pod.container("app");
    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.waiting("app"))
        .isEqualTo(
            new ContainerStatus.Waiting(
                "CrashLoopBackOff", "Back-off 10s restarting failed container=app group=web"));
    assertThat(Objects.requireNonNull(app.previous()).exitCode()).isEqualTo(3);
    assertThat(app.previous().reason()).isEqualTo("Error");
    assertThat(app.attempt()).isEqualTo(2);
    assertThat(app.restarts()).isEqualTo(1);
    assertThat(app.notBefore()).isEqualTo(SteppedClock.START.plusSeconds(12));
    assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(12));
    assertThat(pod.occurrences)
        .contains(
            Occurrence.warning("BackOff", "Back-off restarting failed container app in group web"));

    pod.after(Duration.ofSeconds(9));
    assertThat(pod.container("app").attempt()).isEqualTo(2);
    pod.after(SECOND);
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.container("app").attempt()).isEqualTo(3);
    assertThat(pod.container("app").restarts()).isEqualTo(2);
    assertThat(pod.container("app").previous()).isNotNull();
    assertThat(pod.container("app").notBefore()).isNull();
    assertThat(pod.engine.calls())
        .containsExactly(
            "sandbox",
            "create app 1",
            "start app 1",
            "remove app 1",
            "create app 2",
            "start app 2",
            "remove app 2",
            "create app 3",
            "start app 3");
  }

  @Test
  void theDelayDoublesUpToFiveMinutes() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(1));
    List<Integer> delays = new ArrayList<>();
    List<String> words = new ArrayList<>();
    pod.drive();
    pod.after(SECOND);
    assertThat(pod.container("app").attempt()).isEqualTo(2);

    for (int i = 0; i < 7; i++) {
      pod.drive();
      pod.after(SECOND);
      delays.add(pod.container("app").backOffSeconds());
      words.add(pod.waiting("app").message().split(" ")[1]);
      pod.clock.advance(Duration.ofSeconds(delays.getLast()));
    }

    assertThat(delays).containsExactly(10, 20, 40, 80, 160, 300, 300);
    assertThat(words).containsExactly("10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s");
  }

  @Test
  void tenHealthyMinutesForgiveEarlierCrashes() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives(
        "app",
        Life.ends(1),
        Life.ends(1),
        Life.ends(Duration.ofMinutes(10).minusSeconds(1), 1),
        Life.ends(Duration.ofMinutes(10), 1),
        Life.ends(1),
        Life.STAYS);
    List<Integer> delays = new ArrayList<>();
    pod.drive();
    for (int restarts = 1; restarts <= 5; restarts++) {
      while (pod.container("app").restarts() < restarts) {
        pod.step();
        pod.drive();
      }
      delays.add(pod.container("app").backOffSeconds());
    }

    assertThat(delays).containsExactly(0, 10, 20, 0, 10);
  }

  @Test
  void theDelayCountsFromTheEndNotFromWhenItWasNoticed() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(1), Life.ends(1), Life.STAYS);
    pod.drive();
    pod.after(SECOND);
    assertThat(pod.container("app").attempt()).isEqualTo(2);

    pod.after(Duration.ofMinutes(5));

    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.container("app").attempt()).isEqualTo(3);
  }

  @Test
  void onFailureRestartsOnlyWhatFailed() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ON_FAILURE, "good", "bad"));
    pod.engine.lives("good", Life.ends(0));
    pod.engine.lives("bad", Life.ends(1), Life.ends(0));

    GroupState state = pod.driveTo(GroupPhase.SUCCEEDED);

    assertThat(pod.container("good").attempt()).isEqualTo(1);
    assertThat(pod.container("bad").attempt()).isEqualTo(2);
    assertThat(state.endedAt()).isEqualTo(pod.ended("bad").finishedAt());
    assertThat(state.reason()).isEmpty();
  }

  @Test
  void neverLeavesWhatEnded() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "good", "bad"));
    pod.engine.lives("good", Life.ends(Duration.ofSeconds(5), 0));
    pod.engine.lives("bad", Life.ends(9));

    pod.drive();
    GroupState half = pod.after(SECOND);
    assertThat(half.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.ended("bad").exitCode()).isEqualTo(9);

    GroupState state = pod.driveTo(GroupPhase.FAILED);
    assertThat(state.reason()).isEqualTo("Error");
    assertThat(state.message()).contains("bad").contains("9");
    assertThat(state.endedAt()).isEqualTo(pod.ended("good").finishedAt());
  }

  @Test
  void whoWasKilledForMemoryIsToldSo() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", Life.OUT_OF_MEMORY);

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(pod.ended("app").reason()).isEqualTo("OOMKilled");
    assertThat(pod.ended("app").signal()).isEqualTo(9);
    assertThat(state.reason()).isEqualTo("OOMKilled");
    assertThat(pod.occurrences)
        .filteredOn(o -> o.reason().equals("OOMKilled"))
        .singleElement()
        .satisfies(
            o -> {
              assertThat(o.type()).isEqualTo(Occurrence.Type.WARNING);
              assertThat(o.message()).contains("app").contains("memory");
            });
  }

  @Test
  void anEngineThatSaysOutOfMemoryOfAnotherExitIsNotBelieved() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", new Life(SECOND, 1, true, false, false, false, ""));

    pod.driveTo(GroupPhase.FAILED);

    assertThat(pod.ended("app").reason()).isEqualTo("Error");
    assertThat(pod.ended("app").signal()).isZero();
    assertThat(pod.told()).doesNotContain("OOMKilled");
  }

  @Test
  void whatCannotBeMadeEndsWithoutHavingRun() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", Life.NOT_MADE);

    GroupState state = pod.drive();

    assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(pod.ended("app"))
        .isEqualTo(
            new ContainerStatus.Terminated(
                128, 0, "CreateContainerError", "no such user", null, SteppedClock.START));
    assertThat(state.reason()).isEqualTo("CreateContainerError");
    assertThat(state.runningSince()).isNull();
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START);
  }

  @Test
  void whatCannotBeStartedIsTriedAgainByItsPolicy() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ON_FAILURE, "app"));
    pod.engine.lives("app", Life.NOT_STARTED, Life.NOT_MADE, Life.STAYS);

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(pod.waiting("app").reason()).isEqualTo("CrashLoopBackOff");
    assertThat(Objects.requireNonNull(pod.container("app").previous()).reason())
        .isEqualTo("CreateContainerError");
    assertThat(pod.container("app").attempt()).isEqualTo(2);

    assertThat(pod.driveTo(GroupPhase.RUNNING).container("app").orElseThrow().attempt())
        .isEqualTo(3);
    assertThat(pod.engine.calls())
        .containsSubsequence("start app 1", "remove app 1", "create app 2", "create app 3");
  }

  @Test
  void aGroupThatCanNeverStartFailsAtItsDeadline() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.NOT_STARTED);

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(pod.ended("app").reason()).isEqualTo("ContainerCannotRun");
  }

  @Test
  void aRefusedRestartAfterDaysIsTriedAgain() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    Duration days = Duration.ofDays(3);
    pod.engine.lives("app", Life.ends(days, 1), Life.NOT_STARTED, Life.STAYS);
    pod.drive();

    GroupState state = pod.after(days);

    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.waiting("app").reason()).isEqualTo("CrashLoopBackOff");
    assertThat(Objects.requireNonNull(pod.container("app").previous()).startedAt()).isNull();
    assertThat(pod.container("app").firstStartedAt()).isEqualTo(SteppedClock.START);
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.told()).doesNotContain("PendingTimeout");
  }

  @Test
  void aContainerThatRanOnceIsNotWaitedForWhenAnotherOneComesToRun() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(),
                List.of(Specs.container("app"), Specs.container("late", "far", PullPolicy.ALWAYS)),
                null));
    pod.engine.pullTakes = Duration.ofMinutes(30);
    pod.engine.lives("app", Life.ends(1), Life.NOT_STARTED);
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.STARTING);

    assertThat(pod.driveTo(GroupPhase.RUNNING).runningSince()).isEqualTo(SteppedClock.START);

    assertThat(pod.clock.instant()).isEqualTo(SteppedClock.START.plus(Duration.ofMinutes(30)));
    assertThat(pod.waiting("app").reason()).isEqualTo("CrashLoopBackOff");
    assertThat(pod.after(Duration.ofHours(2)).phase()).isEqualTo(GroupPhase.RUNNING);
  }

  @Test
  void aSettingOfLessThanASecondIsRefused() {
    assertThatThrownBy(
            () ->
                new PodSettings(
                    Duration.ofMillis(10), Duration.ofSeconds(1), SECOND, SECOND, SECOND, SECOND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("restart back-off");
    assertThatThrownBy(
            () -> new PodSettings(SECOND, SECOND, SECOND, Duration.ofSeconds(3), SECOND, SECOND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pull back-off");
  }
}
