package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.VSwitchId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** How groups come to run, and how images are fetched for them. */
abstract class StartContract extends ContractGround {

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
  void groupsHaveTheAddressesTheyWereGivenInTheirVSwitch() throws Exception {
    // One that no other run on the same engine is likely to have.
    int number = ThreadLocalRandom.current().nextInt(1 << 14);
    String net = "10.%d.%d.".formatted(128 + number / 256, number % 256);
    for (int last : List.of(6, 4)) {
      GroupSpec spec =
          spec(RestartPolicy.ALWAYS, staying("app"))
              .inVSwitch(new VSwitchId("vsw-contract"))
              .at(new GroupAddress(net + last, net + "0/28", net + "13"));
      DrivenGroup group = group(spec);

      assertThat(driveTo(runtime, group, GroupPhase.RUNNING).ip()).isEqualTo(net + last);
      ExecResult result =
          runtime.exec(
              installation,
              host(),
              group.id(),
              "app",
              List.of("ip", "-4", "-o", "addr", "show", "eth0"),
              Duration.ofSeconds(20));
      assertThat(result.output()).contains("inet " + net + last + "/28 ");
    }
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
            staying("writer").withMounts(List.of(new VolumeMount("shared", "/data", null, false))),
            staying("reader").withMounts(List.of(new VolumeMount("shared", "/data", null, true))));
    DrivenGroup group = group(withVolumes(plain, new VolumeSpec.EmptyDir("shared", false, null)));

    driveUntil(
        runtime,
        group,
        s -> s.containers().stream().allMatch(c -> c.current() instanceof ContainerStatus.Running));

    assertThat(found(runtime, group).orElseThrow().containers()).hasSize(2);
  }

  @Test
  void aVolumeThatCannotBeMountedIsToldToItsUsersAndNothingStarts() throws Exception {
    DrivenGroup group =
        group(
            withVolumes(
                spec(
                    RestartPolicy.ALWAYS,
                    staying("app")
                        .withMounts(List.of(new VolumeMount("share", "/share", null, false)))),
                new VolumeSpec.Nfs("share", "nfs.unreachable.invalid", "/", false)));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> group.drive(runtime))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo("FailedMount"))
          .hasMessageContaining("Volume share cannot be mounted")
          .hasMessageContaining("nfs.unreachable.invalid");
    }
    assertThat(group.stored().phase()).isEqualTo(GroupPhase.PREPARING);
    assertThat(group.stored().chargedFrom()).isNull();
  }

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
                ContainerSpec.of("app", failingImage(), "true").with(PullPolicy.NEVER)));

    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().current() instanceof ContainerStatus.Waiting waiting
                && waiting.reason().equals("ErrImageNeverPull"));

    assertThat(group.stored().pulls()).isEmpty();
  }

  @Test
  void thePolicyAlwaysFetchesAlsoWhatIsPresent() throws Exception {
    DrivenGroup before = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, before, GroupPhase.RUNNING);
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app").with(PullPolicy.ALWAYS)));

    GroupState state = driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(state.pull(image()).orElseThrow().finishedAt()).isNotNull();
    assertThat(group.reasonsTold()).contains("Pulling", "Pulled");
  }
}
