package io.podyard.runtime.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Fence;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every runtime must do, whatever is behind it. A runtime's test extends it and names a host
 * and images; the commands are those of a busybox.
 */
public abstract class GroupRuntimeContract extends ContractGround {

  private GroupRuntime runtime;

  @BeforeEach
  void open() throws Exception {
    runtime = newRuntime();
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  // Coming to run

  @Test
  void aHostSaysWhatItHas() throws Exception {
    var report = runtime.report(host());
    assertThat(report.capacity().cpu().value()).isPositive();
    assertThat(report.capacity().memory().value()).isPositive();
    assertThat(report.engine()).isNotBlank();
    assertThat(report.architecture()).isIn("amd64", "arm64");
  }

  @Test
  void aGroupComesToRun() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));

    GroupState state = driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(group.container("app").current()).isInstanceOf(ContainerStatus.Running.class);
    assertThat(group.container("app").attempt()).isEqualTo(1);
    assertThat(state.ip()).isNotBlank();
    assertThat(state.chargedFrom()).isNotNull().isAfterOrEqualTo(state.sandboxReadyAt());
    assertThat(state.runningSince()).isNotNull();
    assertThat(state.endedAt()).isNull();
    assertThat(group.reasonsTold()).contains("SandboxCreated", "Pulled", "Created", "Started");
    FoundGroup found = found(runtime, group).orElseThrow();
    assertThat(found.sandboxes()).isEqualTo(1);
    assertThat(found.containers())
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.name()).isEqualTo("app");
              assertThat(c.attempt()).isEqualTo(1);
              assertThat(c.epoch()).isEqualTo(1);
              assertThat(c.running()).isTrue();
            });
  }

  @Test
  void theMeterStartsBeforeTheFirstContainerIsMade() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    GroupState first =
        group.history().stream().filter(s -> s.chargedFrom() != null).findFirst().orElseThrow();
    assertThat(first.phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(first.container("app").orElseThrow().current())
        .isInstanceOf(ContainerStatus.Waiting.class);
  }

  @Test
  void initContainersRunOneAfterTheOtherBeforeTheOthers() throws Exception {
    DrivenGroup group =
        group(
            withInit(
                spec(RestartPolicy.ALWAYS, staying("app"), staying("side")),
                container("first", "sh", "-c", "echo first; sleep 1"),
                container("second", "true")));

    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().current() instanceof ContainerStatus.Running
                && s.container("side").orElseThrow().current() instanceof ContainerStatus.Running);

    ContainerStatus.Terminated first = terminated(group, "first");
    ContainerStatus.Terminated second = terminated(group, "second");
    assertThat(first.reason()).isEqualTo("Completed");
    assertThat(second.exitCode()).isZero();
    assertThat(second.startedAt()).isAfterOrEqualTo(first.finishedAt());
    for (String name : List.of("app", "side")) {
      assertThat(((ContainerStatus.Running) group.container(name).current()).since())
          .isAfterOrEqualTo(second.finishedAt());
    }
  }

  @Test
  void containersShareADeclaredVolume() throws Exception {
    GroupSpec plain =
        spec(
            RestartPolicy.ALWAYS,
            mounting(staying("writer"), new VolumeMount("shared", "/data", null, false)),
            mounting(staying("reader"), new VolumeMount("shared", "/data", null, true)));
    DrivenGroup group = group(withVolumes(plain, new VolumeSpec.EmptyDir("shared", false, null)));

    driveUntil(
        runtime,
        group,
        s ->
            s.containers().stream()
                .allMatch(c -> c.current() instanceof ContainerStatus.Running));

    assertThat(found(runtime, group).orElseThrow().containers()).hasSize(2);
  }

  // Ending by itself

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
        group(
            withInit(
                spec(RestartPolicy.NEVER, staying("app")), container("prepare", "false")));

    GroupState state = driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Init:Error");
    assertThat(terminated(group, "prepare").exitCode()).isEqualTo(1);
    assertThat(terminated(group, "app").startedAt()).isNull();
    assertThat(state.endedAt()).isEqualTo(terminated(group, "prepare").finishedAt());
  }

  @Test
  void whatFailedIsRestartedAfterADelay() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ON_FAILURE, container("app", "false")));

    driveUntil(runtime, group, s -> s.container("app").orElseThrow().restarts() >= 1);

    ContainerProgress app = group.container("app");
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
                          assertThat(w.message()).contains("back-off 1s").contains("app");
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

  // Images

  @Test
  void anImageThatCannotBeFetchedKeepsTheGroupStarting() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.ALWAYS, ContainerSpec.of("app", failingImage(), "true")));

    GroupState state =
        driveUntil(
            runtime, group, s -> s.pull(failingImage()).map(p -> p.failures()).orElse(0) >= 2);

    assertThat(state.phase()).isEqualTo(GroupPhase.STARTING);
    assertThat(state.chargedFrom()).isNotNull();
    assertThat(state.runningSince()).isNull();
    assertThat(group.container("app").attempt()).isZero();
    assertThat(group.container("app").current())
        .isInstanceOfSatisfying(
            ContainerStatus.Waiting.class,
            w -> assertThat(w.reason()).isIn("ErrImagePull", "ImagePullBackOff"));
    assertThat(group.reasonsTold()).contains("Pulling", "Failed", "BackOff");

    group.goal(end(Duration.ofSeconds(5)));
    GroupState gone = driveTo(runtime, group, GroupPhase.GONE);
    assertThat(gone.endedAt()).isAfterOrEqualTo(gone.chargedFrom());
  }

  @Test
  void anAbsentImageIsNotFetchedByThePolicyNever() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ALWAYS,
                withPolicy(ContainerSpec.of("app", failingImage(), "true"), PullPolicy.NEVER)));

    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().current()
                    instanceof ContainerStatus.Waiting waiting
                && waiting.reason().equals("ErrImageNeverPull"));

    assertThat(group.stored().pulls()).isEmpty();
  }

  @Test
  void thePolicyAlwaysFetchesAlsoWhatIsPresent() throws Exception {
    DrivenGroup before = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, before, GroupPhase.RUNNING);
    DrivenGroup group =
        group(spec(RestartPolicy.ALWAYS, withPolicy(staying("app"), PullPolicy.ALWAYS)));

    GroupState state = driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(state.pull(image()).orElseThrow().finishedAt()).isNotNull();
    assertThat(group.reasonsTold()).contains("Pulling", "Pulled");
  }

  // Ending because it shall

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

  // Doing it again

  @Test
  void drivingAgainChangesNothing() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    FoundGroup before = found(runtime, group).orElseThrow();
    GroupState state = group.stored();

    for (int i = 0; i < 3; i++) {
      group.drive(runtime);
    }

    assertThat(found(runtime, group)).contains(before);
    assertThat(group.stored()).isEqualTo(state);
  }

  @Test
  void aFreshRuntimeGoesOnWithWhatIsThere() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    FoundGroup before = found(runtime, group).orElseThrow();

    try (GroupRuntime fresh = newRuntime()) {
      group.drive(fresh);
      assertThat(found(fresh, group)).contains(before);

      group.goal(end(Duration.ofSeconds(1)));
      driveTo(fresh, group, GroupPhase.GONE);
    }
    assertThat(found(runtime, group)).isEmpty();
  }

  @Test
  void nothingIsDoneThatCouldNotBeStoredBefore() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    long deadline = System.nanoTime() + patience().toNanos();
    boolean[] refused = {false};

    while (!refused[0]) {
      var _ =
          runtime.drive(
              group.order(),
              new OpenFence(1),
              (_, _) -> {
                refused[0] = true;
                return false;
              });
      assertThat(System.nanoTime()).isLessThan(deadline);
    }

    assertThat(found(runtime, group).orElseThrow().containers()).isEmpty();
    driveTo(runtime, group, GroupPhase.RUNNING);
    assertThat(found(runtime, group).orElseThrow().containers()).hasSize(1);
  }

  @Test
  void anOlderAttemptIsRemovedAtOnce() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    GroupState first = driveTo(runtime, group, GroupPhase.RUNNING);
    ContainerProgress app = group.container("app");

    // As if another driver had gone on without the container of the first attempt.
    group.store(
        withContainers(
            first,
            new ContainerProgress(
                "app",
                2,
                1,
                new ContainerStatus.Waiting("ContainerCreating", ""),
                null,
                app.backOffSeconds(),
                null)));
    driveUntil(
        runtime,
        group,
        s -> s.container("app").orElseThrow().current() instanceof ContainerStatus.Running);

    assertThat(found(runtime, group).orElseThrow().containers())
        .singleElement()
        .satisfies(c -> assertThat(c.attempt()).isEqualTo(2));
  }

  @Test
  void whoeverMayNotDriveChangesNothing() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    Fence over =
        new Fence() {
          @Override
          public long epoch() {
            return 7;
          }

          @Override
          public void check() throws StaleFenceException {
            throw new StaleFenceException("the lease is over");
          }
        };

    assertThatThrownBy(() -> runtime.drive(group.order(), over, group))
        .isInstanceOf(StaleFenceException.class);

    assertThat(found(runtime, group)).isEmpty();
  }

  @Test
  void whatNobodyKnowsCanBeRemoved() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    runtime.removeUnknown(installation, host(), group.id(), new OpenFence(2));
    assertThat(found(runtime, group)).isEmpty();
    runtime.removeUnknown(installation, host(), group.id(), new OpenFence(2));
  }

  @Test
  void anotherInstallationSeesAndTouchesNothing() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    InstallationId other = new InstallationId("other-" + random(8));

    assertThat(runtime.list(other, host())).isEmpty();
    runtime.removeUnknown(other, host(), group.id(), new OpenFence(1));

    assertThat(found(runtime, group).orElseThrow().containers())
        .singleElement()
        .satisfies(c -> assertThat(c.running()).isTrue());
  }

  @Test
  void changesAreHeardOf() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    CountDownLatch heard = new CountDownLatch(1);
    try (AutoCloseable _ =
        runtime.watch(
            installation,
            host(),
            changed -> {
              if (changed.equals(group.id())) {
                heard.countDown();
              }
            })) {
      driveTo(runtime, group, GroupPhase.RUNNING);
      assertThat(heard.await(patience().toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  // Logs and commands

  @Test
  void aLogCanBeReadInParts() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ALWAYS,
                container("app", "sh", "-c", "echo hello; echo world; sleep 1000")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    awaitLog(group, "world");

    assertThat(logs(group, ALL_LOGS)).isEqualTo("hello\nworld\n");
    assertThat(logs(group, new LogQuery(1, 1000, null, false, false))).isEqualTo("world\n");
    assertThat(logs(group, new LogQuery(10, 6, null, false, false))).isEqualTo("world\n");
    assertThat(logs(group, new LogQuery(10, 1000, Instant.now().plusSeconds(60), false, false)))
        .isEmpty();
    String stamped = logs(group, new LogQuery(1, 1000, null, true, false));
    OffsetDateTime time = OffsetDateTime.parse(stamped.substring(0, stamped.indexOf(' ')));
    assertThat(time.toInstant())
        .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
    assertThat(stamped).endsWith(" world\n");
  }

  @Test
  void theLogOfARemovedContainerStaysUntilItIsForgotten() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "echo last words")));
    driveTo(runtime, group, GroupPhase.SUCCEEDED);
    group.goal(new Goal.Remove());
    driveTo(runtime, group, GroupPhase.GONE);

    assertThat(logs(group, ALL_LOGS)).isEqualTo("last words\n");

    runtime.forget(installation, host(), group.id());
    assertThatThrownBy(() -> logs(group, ALL_LOGS)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void theLogOfThePreviousAttemptCanBeRead() throws Exception {
    DrivenGroup group =
        group(
            spec(RestartPolicy.ON_FAILURE, container("app", "sh", "-c", "echo once; exit 1")));
    LogQuery previous = new LogQuery(10, 1000, null, false, true);
    driveUntil(runtime, group, s -> s.container("app").orElseThrow().attempt() >= 1);
    assertThatThrownBy(() -> logs(group, previous)).isInstanceOf(NoSuchContainerException.class);

    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().restarts() >= 1
                && found(runtime, group).orElseThrow().containers().stream()
                    .anyMatch(c -> c.attempt() >= 2));

    assertThat(logs(group, previous)).isEqualTo("once\n");
  }

  @Test
  void aLogOfNothingIsRefused() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));

    assertThatThrownBy(() -> logs(group, ALL_LOGS)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void commandsRunInARunningContainer() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    assertThatThrownBy(() -> exec(group, "echo", "hi"))
        .isInstanceOf(NoSuchContainerException.class);
    driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(exec(group, "echo", "hi")).isEqualTo(new ExecResult(0, "hi\n"));
    assertThat(exec(group, "sh", "-c", "echo no; exit 3")).isEqualTo(new ExecResult(3, "no\n"));
  }

  private ExecResult exec(DrivenGroup group, String... command) throws Exception {
    return runtime.exec(
        installation, host(), group.id(), "app", List.of(command), Duration.ofSeconds(20));
  }

  private String logs(DrivenGroup group, LogQuery query) throws Exception {
    return runtime.logs(installation, host(), group.id(), "app", query);
  }

  /** What was written may arrive a little later than the container runs. */
  private void awaitLog(DrivenGroup group, String text) throws Exception {
    driveUntil(runtime, group, _ -> logs(group, ALL_LOGS).contains(text));
  }

  private static ContainerStatus.Terminated terminated(DrivenGroup group, String container) {
    ContainerStatus current = group.container(container).current();
    assertThat(current).isInstanceOf(ContainerStatus.Terminated.class);
    return (ContainerStatus.Terminated) current;
  }
}
