package io.podyard.runtime.contract;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerRole;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Handler;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.Probe;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.TerminationMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Probes, hooks, roles and last words of containers. */
abstract class LifecycleContract extends RepetitionContract {

  private static Handler command(String... words) {
    return new Handler.Exec(List.of(words));
  }

  private static Probe probe(Handler handler) {
    return new Probe(handler, 0, 1, 10, 1, 1);
  }

  private static Lifecycle probed(@Nullable Handler live, @Nullable Handler ready) {
    return new Lifecycle(
        live == null ? null : probe(live), ready == null ? null : probe(ready), null, null);
  }

  private static ContainerProgress app(GroupState state) {
    return state.container("app").orElseThrow();
  }

  @Test
  void aContainerIsReadyWhileItsProbePasses() throws Exception {
    // The variable says to a simulated host what the script really does.
    ContainerSpec app =
        with(
            container("app", "sh", "-c", "sleep 3; echo x > /up; sleep 5; rm /up; sleep 1000"),
            List.of(EnvironmentVariable.of("PODYARD_SIMULATED_CHECKS", "fail:3s,pass:5s,fail")),
            TerminationMessage.DEFAULT,
            false);
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ALWAYS,
                app.with(probed(null, command("test", "-e", "/up"))),
                staying("plain")));

    driveUntil(runtime, group, s -> app(s).ready());
    assertThat(app(group.history().getFirst()).ready()).isFalse();
    assertThat(group.history())
        .anyMatch(s -> app(s).current() instanceof ContainerStatus.Running && !app(s).ready());
    assertThat(group.container("plain").ready()).isTrue();
    driveUntil(runtime, group, s -> !app(s).ready());

    assertThat(app(group.stored()).current()).isInstanceOf(ContainerStatus.Running.class);
    assertThat(app(group.stored()).restarts()).isZero();
    assertThat(group.reasonsTold()).contains("Unhealthy");
  }

  @Test
  void aContainerThatIsNotAliveIsStartedAgain() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ALWAYS,
                staying("app").with(probed(command("false"), null)),
                staying("other").with(probed(command("true"), null))));

    driveUntil(runtime, group, s -> app(s).restarts() >= 1);

    assertThat(group.reasonsTold()).contains("Unhealthy", "Killing");
    assertThat(requireNonNull(app(group.stored()).previous()).succeeded()).isFalse();
    assertThat(group.container("other").restarts()).isZero();
  }

  @Test
  void aContainerRunsOnceItsFirstHookIsThrough() throws Exception {
    DrivenGroup good =
        group(
            spec(
                RestartPolicy.NEVER,
                staying("app").with(new Lifecycle(null, null, command("true"), null))));
    driveTo(runtime, good, GroupPhase.RUNNING);

    DrivenGroup bad =
        group(
            spec(
                RestartPolicy.NEVER,
                staying("app").with(new Lifecycle(null, null, command("false"), null))));
    driveTo(runtime, bad, GroupPhase.FAILED);

    assertThat(bad.history()).noneMatch(s -> app(s).current() instanceof ContainerStatus.Running);
    assertThat(bad.reasonsTold()).contains("FailedPostStartHook");
  }

  @Test
  void theLastHookIsDoneBeforeTheStopSignal() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.NEVER,
                staying("app").with(new Lifecycle(null, null, null, command("false")))));
    driveTo(runtime, group, GroupPhase.RUNNING);

    group.goal(end(Duration.ofSeconds(10)));
    driveTo(runtime, group, GroupPhase.GONE);

    // What came of it was told while the container had not been asked to end.
    assertThat(group.storedWith("FailedPreStopHook"))
        .isNotEmpty()
        .allMatch(s -> app(s).current() instanceof ContainerStatus.Running);
  }

  @Test
  void aSidecarIsStoppedWhenTheOthersHaveEnded() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.NEVER,
                container("app", "sh", "-c", "sleep 2"),
                staying("side").with(ContainerRole.SIDECAR)));

    driveTo(runtime, group, GroupPhase.SUCCEEDED);

    assertThat(terminated(group, "app").exitCode()).isZero();
    assertThat(terminated(group, "side").finishedAt())
        .isAfterOrEqualTo(terminated(group, "app").finishedAt());
  }

  @Test
  void whatAContainerSaysOfItsEndIsShown() throws Exception {
    ContainerSpec logged =
        with(
            container("logged", "sh", "-c", "echo from the log; exit 4"),
            List.of(),
            new TerminationMessage("/dev/termination-log", true),
            false);
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.NEVER,
                container(
                    "app", "sh", "-c", "echo out; echo because > /dev/termination-log; exit 3"),
                logged,
                container("silent", "sh", "-c", "echo out; exit 5")));

    driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(terminated(group, "app").message()).isEqualTo("because");
    assertThat(terminated(group, "logged").message()).isEqualTo("from the log");
    assertThat(terminated(group, "silent").message()).isEmpty();
  }

  @Test
  void whatMayNotRunAsRootDoesNot() throws Exception {
    ContainerSpec careful = with(staying("app"), List.of(), TerminationMessage.DEFAULT, true);
    DrivenGroup group = group(spec(RestartPolicy.NEVER, careful));

    driveTo(runtime, group, GroupPhase.FAILED);

    assertThat(terminated(group, "app").reason()).isEqualTo("CreateContainerConfigError");
    assertThat(terminated(group, "app").startedAt()).isNull();
  }
}
