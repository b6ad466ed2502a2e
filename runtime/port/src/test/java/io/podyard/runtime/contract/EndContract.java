package io.podyard.runtime.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How groups end: by themselves, or because they shall. */
abstract class EndContract extends StartContract {

  @Test
  void aGroupWhoseContainersSucceedHasSucceeded() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ON_FAILURE,
                container("one", "true"),
                container("two", "sh", "-c", "echo x; sleep 1")));

    GroupState state = driveTo(runtime, group, GroupPhase.SUCCEEDED);

    Instant last = terminated(group, "two").finishedAt();
    assertThat(state.endedAt()).isEqualTo(last);
    assertThat(state.runningSince()).isNotNull();
    assertThat(terminated(group, "one").reason()).isEqualTo("Completed");
    assertThat(group.container("one").restarts()).isZero();
  }

  @Test
  void anExitCodeIsTold() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "exit 3")));

    GroupState state = driveTo(runtime, group, GroupPhase.FAILED);

    ContainerStatus.Terminated ended = terminated(group, "app");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.signal()).isZero();
    assertThat(ended.reason()).isEqualTo("Error");
    assertThat(state.reason()).isEqualTo("Error");
    assertThat(state.endedAt()).isAfterOrEqualTo(state.chargedFrom());
  }

  @Test
  void aFailingInitContainerThatMayNotBeRestartedFailsTheGroup() throws Exception {
    DrivenGroup group =
        group(withInit(spec(RestartPolicy.NEVER, staying("app")), container("prepare", "false")));

    GroupState state = driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Init:Error");
    assertThat(terminated(group, "prepare").exitCode()).isEqualTo(1);
    assertThat(terminated(group, "app").startedAt()).isNull();
    assertThat(state.endedAt()).isEqualTo(terminated(group, "prepare").finishedAt());
  }

  @Test
  void whatFailedIsRestartedAtOnceAndThenAfterADelay() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ON_FAILURE, container("app", "false")));

    driveUntil(runtime, group, s -> s.container("app").orElseThrow().restarts() >= 2);

    ContainerProgress app = group.container("app");
    assertThat(group.history())
        .filteredOn(s -> s.container("app").orElseThrow().restarts() == 0)
        .noneMatch(
            s ->
                s.container("app").orElseThrow().current() instanceof ContainerStatus.Waiting w
                    && w.reason().equals("CrashLoopBackOff"));
    assertThat(app.attempt()).isEqualTo(app.restarts() + 1);
    assertThat(requireNonNull(app.previous()).exitCode()).isEqualTo(1);
    assertThat(group.reasonsTold()).contains("BackOff");
    assertThat(group.history())
        .anySatisfy(
            s ->
                assertThat(s.container("app").orElseThrow().current())
                    .isInstanceOfSatisfying(
                        ContainerStatus.Waiting.class,
                        w -> {
                          assertThat(w.reason()).isEqualTo("CrashLoopBackOff");
                          assertThat(w.message()).contains("Back-off 1s").contains("app");
                        }));
  }

  @Test
  void whatSucceededIsRestartedOnlyByThePolicyAlways() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, container("app", "true")));

    GroupState state =
        driveUntil(runtime, group, s -> s.container("app").orElseThrow().restarts() >= 1);

    assertThat(state.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(state.endedAt()).isNull();
    assertThat(requireNonNull(group.container("app").previous()).exitCode()).isZero();
  }

  @Test
  void whatVanishedEndedWhenItWasLastSeen() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.NEVER, staying("app")));
    GroupState running = driveTo(runtime, group, GroupPhase.RUNNING);
    runtime.removeUnknown(installation, host(), group.id(), new OpenFence(1));
    Instant lastSeen = requireNonNull(running.runningSince());
    group.lastSeen(lastSeen);

    GroupState failed = driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(terminated(group, "app").reason()).isEqualTo("ContainerStatusUnknown");
    assertThat(terminated(group, "app").startedAt()).isEqualTo(lastSeen);
    assertThat(terminated(group, "app").finishedAt()).isEqualTo(lastSeen);
    assertThat(failed.endedAt()).isEqualTo(lastSeen);
  }

  @Test
  void aGroupThatShallEndIsStoppedAndThenRemoved() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app"), staying("side")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    group.goal(end(Duration.ofSeconds(2)));
    GroupState gone = driveTo(runtime, group, GroupPhase.GONE);

    assertThat(group.history().stream().map(GroupState::phase).distinct())
        .containsSubsequence(GroupPhase.STOPPING, GroupPhase.STOPPED, GroupPhase.GONE);
    assertThat(gone.reason()).isEqualTo("Deleted");
    assertThat(terminated(group, "app").exitCode()).isNotZero();
    assertThat(gone.endedAt()).isBetween(gone.runningSince(), Instant.now().plusSeconds(1));
    assertThat(gone.killAt()).isNull();
    assertThat(group.reasonsTold()).contains("Killing");
    assertThat(found(runtime, group)).isEmpty();
  }

  @Test
  void aGroupThatMayNotGoOnFailsForThatReasonAndIsRemovedLater() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    group.goal(new Goal.Evict("HostDrained", "it was drained"));
    GroupState failed = driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(failed.reason()).isEqualTo("HostDrained");
    assertThat(terminated(group, "app").exitCode()).isNotZero();
    assertThat(failed.endedAt()).isBetween(failed.runningSince(), Instant.now().plusSeconds(1));
    assertThat(group.reasonsTold()).contains("HostDrained", "Killing");
    runtime.abandon(installation, host(), group.id());
    group.goal(new Goal.Remove());
    assertThat(driveTo(runtime, group, GroupPhase.GONE).endedAt()).isEqualTo(failed.endedAt());
    assertThat(found(runtime, group)).isEmpty();
  }

  @Test
  void aGroupOfWhichNothingExistsIsGoneWithoutCharge() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    group.goal(end(Duration.ofSeconds(30)));

    group.drive(runtime);

    assertThat(group.stored().phase()).isEqualTo(GroupPhase.GONE);
    assertThat(group.stored().chargedFrom()).isNull();
    assertThat(group.stored().endedAt()).isNull();
  }

  @Test
  void whatAnEndedGroupLeftIsRemovedAndItsEndStays() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.NEVER, container("app", "true")));
    Instant endedAt = driveTo(runtime, group, GroupPhase.SUCCEEDED).endedAt();
    assertThat(found(runtime, group)).isPresent();

    group.goal(new Goal.Remove());
    GroupState gone = driveTo(runtime, group, GroupPhase.GONE);

    assertThat(gone.endedAt()).isEqualTo(endedAt);
    assertThat(terminated(group, "app").exitCode()).isZero();
    assertThat(found(runtime, group)).isEmpty();
  }
}
