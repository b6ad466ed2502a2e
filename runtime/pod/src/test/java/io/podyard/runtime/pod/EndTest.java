package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndTest {

  private static final Duration GRACE = Duration.ofSeconds(30);

  private static List<GroupPhase> phases(TestPod pod) {
    return pod.history.stream().map(GroupState::phase).distinct().toList();
  }

  @Test
  void whatRunsIsStoppedThenRemovedThenGone() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(60));

    GroupState state = pod.end(GRACE);

    assertThat(phases(pod))
        .containsExactly(
            GroupPhase.STARTING,
            GroupPhase.RUNNING,
            GroupPhase.STOPPING,
            GroupPhase.STOPPED,
            GroupPhase.GONE);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(60));
    assertThat(state.reason()).isEqualTo("Deleted");
    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
    assertThat(pod.ended("app").signal()).isEqualTo(15);
    assertThat(pod.engine.empty()).isTrue();
    assertThat(pod.engine.calls())
        .endsWith("stop app 30", "stop side 30", "remove app 1", "remove side 1", "remove sandbox");
    assertThat(pod.told()).containsSubsequence("Killing", "Killing");
    assertThat(pod.wakeAt).isEmpty();
  }

  @Test
  void whatMayNotGoOnIsStoppedWithItsGraceAndFailsWhoeverGoesOnWithIt() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));
    pod.engine.lives("side", Life.STUBBORN);
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(60));

    pod.goal = new Goal.Evict("HostDrained", "it was drained");
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.STOPPING);
    assertThat(pod.told()).contains("HostDrained", "Killing");
    // Who knows nothing of the reason brings it to its end.
    pod.goal = new Goal.Run();
    pod.restart();
    GroupState failed = pod.after(Duration.ofSeconds(30));

    assertThat(failed.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(failed.reason()).isEqualTo("HostDrained");
    assertThat(failed.message()).isEqualTo("it was drained");
    assertThat(failed.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(90));
    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
  }

  @Test
  void whatEndedByItselfOrNeverBeganIsNotStopped() throws Exception {
    TestPod ended = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    ended.engine.lives("app", new Life(Duration.ofSeconds(5), 0, false, false, false, false, ""));
    ended.drive();
    ended.clock.advance(Duration.ofSeconds(60));
    ended.goal = new Goal.Evict("HostDrained", "");
    assertThat(ended.drive().phase()).isEqualTo(GroupPhase.SUCCEEDED);
    assertThat(ended.stored.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(5));

    TestPod unbegun = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    unbegun.goal = new Goal.Evict("HostDrained", "");
    assertThat(unbegun.drive().phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(unbegun.stored.chargedFrom()).isNull();
    assertThat(unbegun.engine.calls()).isEmpty();
    unbegun.goal = new Goal.Remove();
    assertThat(unbegun.driveTo(GroupPhase.GONE).chargedFrom()).isNull();
  }

  @Test
  void whatIgnoresTheSignalIsKilledWhenTheGraceIsOver() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));
    pod.engine.lives("side", Life.STUBBORN);
    pod.drive();

    assertThat(pod.end(GRACE).phase()).isEqualTo(GroupPhase.STOPPING);
    assertThat(pod.stored.killAt()).isEqualTo(SteppedClock.START.plus(GRACE));
    pod.after(Duration.ofSeconds(10));
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.engine.calls()).containsOnlyOnce("stop side 30");
    assertThat(pod.engine.calls()).noneMatch(c -> c.equals("stop side 20"));

    GroupState state = pod.after(Duration.ofSeconds(10));
    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plus(GRACE));
    assertThat(pod.ended("side").exitCode()).isEqualTo(137);
  }

  @Test
  void aFreshProcessStopsAgainWithTheRestOfTheGraceAndKillsAfterIt() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", new Life(null, 0, false, true, false, false, ""));
    pod.drive();
    pod.engine.gate(Gates.failingBefore("stop app 30"));
    pod.goal = new Goal.End(pod.clock.instant().plus(GRACE), "Deleted");
    Gates.expectCrash(pod);
    pod.engine.gate(Gates.OPEN);
    pod.restart();

    pod.after(Duration.ofSeconds(12));
    assertThat(pod.engine.calls()).contains("stop app 18");
    pod.restart();
    pod.after(Duration.ofSeconds(40));
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.GONE);
  }

  @Test
  void aShorterGraceIsPassedOn() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.STUBBORN);
    pod.drive();
    pod.end(Duration.ofMinutes(10));
    pod.clock.advance(Duration.ofSeconds(5));

    assertThat(pod.end(Duration.ZERO).phase()).isEqualTo(GroupPhase.GONE);

    assertThat(pod.stored.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(5));
    assertThat(pod.engine.calls()).contains("stop app 600", "stop app 0");
  }

  @Test
  void aLongerGraceChangesNothing() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.STUBBORN);
    pod.drive();
    pod.end(GRACE);

    pod.end(Duration.ofMinutes(10));

    assertThat(pod.stored.killAt()).isEqualTo(SteppedClock.START.plus(GRACE));
  }

  @Test
  void aRunningInitContainerIsStoppedAndNothingElseStarts() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, List.of("init"), List.of("app")));
    pod.drive();

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(pod.engine.calls()).contains("stop init 30").doesNotContain("create app 1");
    assertThat(pod.ended("app").startedAt()).isNull();
    assertThat(state.runningSince()).isNull();
  }

  @Test
  void whatWasMadeButNeverStartedIsRemoved() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.gate(Gates.failingBefore("start app 1"));
    Gates.expectCrash(pod);
    pod.engine.gate(Gates.OPEN);
    pod.clock.advance(Duration.ofSeconds(4));

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(pod.engine.calls()).contains("remove app 1").noneMatch(c -> c.startsWith("stop"));
    assertThat(pod.engine.everStarted()).isEmpty();
    assertThat(state.chargedFrom()).isEqualTo(SteppedClock.START);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(4));
  }

  @Test
  void aGroupOfWhichNothingExistsIsGoneAtOnceAndFree() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.chargedFrom()).isNull();
    assertThat(state.endedAt()).isNull();
    assertThat(pod.history).hasSize(1);
  }

  @Test
  void aSandboxAloneIsRemovedWithoutCharge() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.gate(Gates.failingAfter("sandbox"));
    Gates.expectCrash(pod);
    pod.engine.gate(Gates.OPEN);
    pod.restart();

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.chargedFrom()).isNull();
    assertThat(pod.engine.empty()).isTrue();
  }

  @Test
  void aGroupThatIsStillFetchingIsChargedUntilItEnds() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(),
                List.of(Specs.container("app", "far", PullPolicy.IF_NOT_PRESENT)),
                null));
    pod.engine.pullTakes = Duration.ofMinutes(5);
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(90));

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(phases(pod))
        .containsExactly(GroupPhase.STARTING, GroupPhase.STOPPED, GroupPhase.GONE);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(90));
  }

  @Test
  void aGroupThatWaitedTooLongWhileNobodyLookedIsChargedForItsWaitOnly() throws Exception {
    TestPod pod = new TestPod(waitsForOneOfTwo());
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(20), 0));
    pod.drive();
    pod.clock.advance(Duration.ofDays(3));

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plus(Duration.ofMinutes(60)));
  }

  @Test
  void aGroupThatWaitsForOneOfItsContainersIsChargedUntilItEnds() throws Exception {
    TestPod pod = new TestPod(waitsForOneOfTwo());
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(20), 0));
    pod.drive();
    pod.clock.advance(Duration.ofMinutes(10));

    GroupState state = pod.end(GRACE);

    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plus(Duration.ofMinutes(10)));
  }

  private static GroupSpec waitsForOneOfTwo() {
    return Specs.of(
        RestartPolicy.NEVER,
        List.of(),
        List.of(Specs.container("app"), Specs.container("late", "absent", PullPolicy.NEVER)),
        null);
  }

  @Test
  void containersThatEndedWhileNobodyLookedAreNotChargedForThat() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(Duration.ofSeconds(20), 0));
    pod.drive();
    pod.clock.advance(Duration.ofHours(1));

    GroupState state = pod.end(GRACE);

    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(20));
    assertThat(pod.ended("app").exitCode()).isZero();
  }

  @Test
  void aContainerBetweenTwoAttemptsEndedWithItsLastOne() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives(
        "app", Life.ends(Duration.ofSeconds(20), 5), Life.ends(Duration.ofSeconds(20), 6));
    pod.drive();
    pod.after(Duration.ofSeconds(20));
    pod.after(Duration.ofSeconds(20));
    pod.clock.advance(Duration.ofSeconds(3));

    GroupState state = pod.end(GRACE);

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(pod.ended("app").exitCode()).isEqualTo(6);
    assertThat(pod.container("app").previous()).isNull();
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(40));
  }

  @Test
  void whatAFinishedGroupLeftIsRemovedByEitherGoal() throws Exception {
    for (boolean remove : new boolean[] {true, false}) {
      TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
      pod.engine.lives("app", Life.ends(0));
      pod.driveTo(GroupPhase.SUCCEEDED);
      assertThat(pod.engine.empty()).isFalse();
      pod.clock.advance(Duration.ofMinutes(1));
      pod.goal =
          remove ? new Goal.Remove() : new Goal.End(pod.clock.instant().plus(GRACE), "Deleted");

      GroupState state = pod.drive();

      assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
      assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(1));
      assertThat(state.reason()).isEmpty();
      assertThat(pod.engine.empty()).isTrue();
      int commits = pod.history.size();
      pod.drive();
      assertThat(pod.history).hasSize(commits);
    }
  }

  @Test
  void whatARecordThatIsFinalLeftRunningIsRemovedAtOnce() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(9));
    pod.goal = new Goal.Remove();

    GroupState state = pod.drive();

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(9));
    assertThat(pod.ended("app").reason()).isEqualTo("ContainerStatusUnknown");
    assertThat(pod.engine.empty()).isTrue();
  }

  @Test
  void whatAppearsAfterTheEndIsRemoved() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.drive();
    pod.end(GRACE);
    int commits = pod.history.size();
    pod.engine.plant(new ContainerName(TestPod.INSTALLATION, TestPod.GROUP, "app", 1));

    pod.drive();

    assertThat(pod.engine.empty()).isTrue();
    assertThat(pod.history).hasSize(commits);
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.GONE);
  }

  @Test
  void aGroupThatWasActiveTooLongIsStoppedAndHasFailed() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(Specs.container("init")),
                List.of(Specs.container("app"), Specs.container("side")),
                100L));
    pod.engine.lives("init", Life.ends(Duration.ofSeconds(50), 0));
    pod.engine.lives("side", Life.STUBBORN);
    pod.driveTo(GroupPhase.RUNNING);
    assertThat(pod.wakeAt).contains(SteppedClock.START.plusSeconds(150));

    pod.after(Duration.ofSeconds(100));
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STOPPING);
    assertThat(pod.stored.killAt()).isEqualTo(SteppedClock.START.plusSeconds(180));
    assertThat(pod.told()).contains("DeadlineExceeded");

    GroupState state = pod.driveTo(GroupPhase.FAILED);
    assertThat(state.reason()).isEqualTo("DeadlineExceeded");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(180));
    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
    assertThat(pod.container("app").attempt()).isEqualTo(1);
  }

  @Test
  void anEndThatComesWhileAGroupFailsWins() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(RestartPolicy.ALWAYS, List.of(), List.of(Specs.container("app")), 100L));
    pod.engine.lives("app", Life.STUBBORN);
    pod.drive();
    pod.after(Duration.ofSeconds(100));
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STOPPING);

    pod.end(Duration.ofSeconds(5));
    GroupState state = pod.after(Duration.ofSeconds(5));

    assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
    assertThat(state.reason()).isEqualTo("Deleted");
    assertThat(phases(pod)).contains(GroupPhase.STOPPED).doesNotContain(GroupPhase.FAILED);
  }

  @Test
  void anInitContainerThatTakesTooLongIsStopped() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, List.of("init"), List.of("app")));
    pod.drive();

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("PendingTimeout");
    assertThat(pod.ended("init").exitCode()).isEqualTo(143);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plus(Duration.ofMinutes(60)));
  }
}
