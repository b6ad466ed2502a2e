package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Driving again, after crashes, by others, and by those who may not. */
abstract class RepetitionContract extends EndContract {

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
                null,
                app.firstStartedAt(),
                false,
                "",
                app.revision())));
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
    assertThatThrownBy(() -> runtime.drive(group.order(), LOST, group))
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

  @Test
  void whoeverLooksWhenAnEndIsToldSeesIt() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "sleep 2")));
    Semaphore told = new Semaphore(0);
    try (AutoCloseable _ =
        runtime.watch(
            installation,
            host(),
            changed -> {
              if (changed.equals(group.id())) {
                told.release();
              }
            })) {
      driveTo(runtime, group, GroupPhase.RUNNING);
      do {
        // No look but these: what an end tells must be enough.
        assertThat(told.tryAcquire(patience().toSeconds(), TimeUnit.SECONDS)).isTrue();
        group.drive(runtime);
      } while (group.stored().phase() != GroupPhase.SUCCEEDED);
    }
  }
}
