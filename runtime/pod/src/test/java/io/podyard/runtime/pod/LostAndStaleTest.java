package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LostAndStaleTest {

  private static ContainerName name(String container, int attempt) {
    return new ContainerName(TestPod.INSTALLATION, TestPod.GROUP, container, attempt);
  }

  @Test
  void aContainerThatVanishedEndedAndIsRestartedByItsPolicy() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ON_FAILURE, "app", "side"));
    pod.drive();
    pod.engine.dropContainer("app");
    pod.lastSeen = SteppedClock.START.plusSeconds(22);

    pod.after(Duration.ofSeconds(30));

    var previous = Objects.requireNonNull(pod.container("app").previous());
    assertThat(previous.reason()).isEqualTo("ContainerStatusUnknown");
    assertThat(previous.exitCode()).isEqualTo(137);
    assertThat(previous.finishedAt()).isEqualTo(SteppedClock.START.plusSeconds(22));
    assertThat(pod.runs("app")).isTrue();
    assertThat(pod.container("app").attempt()).isEqualTo(2);
    assertThat(pod.container("side").attempt()).isEqualTo(1);
  }

  @Test
  void aContainerThatVanishedIsNotTakenForOneOfALateCreateThatNeverRan() throws Exception {
    for (RestartPolicy policy : RestartPolicy.values()) {
      TestPod pod = new TestPod(Specs.group(policy, "app", "side"));
      pod.drive();
      pod.engine.dropContainer("app");
      pod.engine.createLate(name("app", 1));
      pod.lastSeen = SteppedClock.START.plusSeconds(22);

      pod.after(Duration.ofSeconds(30));

      if (policy == RestartPolicy.NEVER) {
        assertThat(pod.ended("app").reason()).isEqualTo("ContainerStatusUnknown");
        assertThat(pod.ended("app").finishedAt()).isEqualTo(SteppedClock.START.plusSeconds(22));
      } else {
        assertThat(pod.container("app").attempt()).as("%s", policy).isEqualTo(2);
        assertThat(pod.runs("app")).as("%s", policy).isTrue();
      }
    }
  }

  @Test
  void whatVanishedIsNotChargedForTheTimeNobodyLooked() throws Exception {
    for (RestartPolicy policy : RestartPolicy.values()) {
      TestPod pod = new TestPod(Specs.group(policy, "app", "side"));
      pod.drive();
      pod.engine.wipe();
      pod.restart();
      pod.lastSeen = SteppedClock.START.plusSeconds(50);

      GroupState state = pod.after(Duration.ofDays(3));

      assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
      assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(50));
    }
  }

  @Test
  void aDeletedGroupThatVanishedIsNotChargedForTheTimeNobodyLooked() throws Exception {
    for (PullPolicy policy : List.of(PullPolicy.IF_NOT_PRESENT, PullPolicy.NEVER)) {
      TestPod pod =
          new TestPod(
              Specs.of(
                  RestartPolicy.ALWAYS,
                  List.of(),
                  List.of(
                      Specs.container(
                          "app", policy == PullPolicy.NEVER ? "absent" : Specs.IMAGE, policy)),
                  null));
      pod.drive();
      pod.engine.wipe();
      pod.restart();
      pod.lastSeen = SteppedClock.START.plusSeconds(50);
      pod.clock.advance(Duration.ofMinutes(40));

      GroupState state = pod.end(Duration.ZERO);

      assertThat(state.phase()).isEqualTo(GroupPhase.GONE);
      assertThat(state.endedAt()).as("%s", policy).isEqualTo(SteppedClock.START.plusSeconds(50));
    }
  }

  @Test
  void whatVanishedEndedNeitherBeforeItBeganNorInTheFuture() throws Exception {
    Instant began = SteppedClock.START.plusSeconds(5);
    Instant noticed = began.plusSeconds(30);
    Map<Optional<Instant>, Instant> ends =
        Map.of(
            Optional.empty(), began,
            Optional.of(began.minusSeconds(9)), began,
            Optional.of(began.plusSeconds(9)), began.plusSeconds(9),
            Optional.of(noticed.plusSeconds(9)), noticed);
    for (Map.Entry<Optional<Instant>, Instant> end : ends.entrySet()) {
      TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
      pod.clock.advanceTo(began);
      pod.drive();
      pod.engine.dropContainer("app");
      pod.lastSeen = end.getKey().orElse(null);

      GroupState state = pod.after(Duration.ofSeconds(30));

      assertThat(pod.ended("app").finishedAt()).as("%s", end).isEqualTo(end.getValue());
      assertThat(state.endedAt()).as("%s", end).isEqualTo(end.getValue());
    }
  }

  @Test
  void aVanishedContainerThatIsNeverRestartedFailsItsGroup() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.drive();
    pod.engine.dropContainer("app");

    GroupState state = pod.after(Duration.ofSeconds(30));

    assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(state.reason()).isEqualTo("ContainerStatusUnknown");
  }

  @Test
  void aGroupWhoseSandboxDiedIsStoppedAndHasFailed() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));
    pod.drive();
    pod.engine.killSandboxes();

    GroupState state = pod.after(Duration.ofSeconds(30));

    assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(state.reason()).isEqualTo("SandboxLost");
    assertThat(pod.ended("app").exitCode()).isEqualTo(143);
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(30));
    assertThat(pod.history).anySatisfy(s -> assertThat(s.phase()).isEqualTo(GroupPhase.STOPPING));
    assertThat(pod.engine.calls()).containsOnlyOnce("sandbox");
    assertThat(pod.engine.running()).isZero();
  }

  @Test
  void aHostThatLostEverythingHasLostTheGroup() throws Exception {
    for (RestartPolicy policy : RestartPolicy.values()) {
      TestPod pod = new TestPod(Specs.group(policy, List.of("init"), List.of("app", "side")));
      pod.engine.lives("init", Life.ends(0));
      pod.driveTo(GroupPhase.RUNNING);
      pod.engine.wipe();

      GroupState state = pod.after(Duration.ofSeconds(30));

      assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
      assertThat(pod.ended("app").reason()).isEqualTo("ContainerStatusUnknown");
      assertThat(state.reason())
          .isEqualTo(policy == RestartPolicy.NEVER ? "ContainerStatusUnknown" : "SandboxLost");
      assertThat(pod.engine.empty()).isTrue();
    }
  }

  @Test
  void aSandboxLostWhileFetchingFailsTheGroup() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.of(
                RestartPolicy.ALWAYS,
                List.of(),
                List.of(Specs.container("app", "far", PullPolicy.ALWAYS)),
                null));
    pod.engine.pullTakes = Duration.ofMinutes(1);
    pod.drive();
    pod.engine.wipe();
    pod.lastSeen = SteppedClock.START.plusSeconds(3);

    GroupState state = pod.after(Duration.ofSeconds(5));

    assertThat(state.phase()).isEqualTo(GroupPhase.FAILED);
    assertThat(state.reason()).isEqualTo("SandboxLost");
    assertThat(state.endedAt()).isEqualTo(SteppedClock.START.plusSeconds(3));
  }

  @Test
  void aGroupThatEndedWellMayLoseItsSandbox() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", Life.ends(0));
    pod.drive();
    pod.clock.advance(Duration.ofSeconds(1));
    pod.engine.killSandboxes();

    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.SUCCEEDED);
  }

  @Test
  void whatNoStoredAttemptStandsForIsRemovedAtOnce() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.drive();
    pod.engine.plant(name("app", 7));
    pod.engine.plant(name("stranger", 1));

    pod.drive();

    assertThat(pod.engine.running()).isEqualTo(1);
    assertThat(pod.engine.calls()).contains("remove app 7", "remove stranger 1");
    assertThat(pod.history).hasSize(2);
  }

  @Test
  void whatWasMadeBeforeAnythingWasStoredIsNotAdopted() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.plant(name("app", 1));

    pod.drive();

    assertThat(pod.engine.calls()).startsWith("remove app 1");
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.engine.everStarted()).hasSize(1);
    assertThat(pod.engine.running()).isEqualTo(1);
  }

  @Test
  void staleContainersOfAnEndedGroupAreRemovedAndNotBilled() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    pod.engine.lives("app", Life.ends(0));
    GroupState ended = pod.driveTo(GroupPhase.SUCCEEDED);
    pod.engine.plant(name("app", 2));

    assertThat(pod.after(Duration.ofHours(1))).isEqualTo(ended);

    assertThat(pod.engine.running()).isZero();
  }
}
