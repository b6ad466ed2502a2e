package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.ProbeResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Probes, hooks and sidecars as the owner of a group sees them (contract sections 5 and 11). */
class HealthTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(1, "16vCPU/64GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static ContainerResponse main(ContainerGroupResponse group) {
    return group.containers().getFirst();
  }

  @Test
  void aContainerIsReadyOnceItsReadinessProbePasses() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Container.1.ReadinessProbe.Exec.Command.1=true",
                "Container.1.ReadinessProbe.PeriodSeconds=1"));

    ContainerGroupResponse group =
        groups.until(id, "ready", g -> Boolean.TRUE.equals(main(g).ready()));

    ProbeResponse probe = Objects.requireNonNull(main(group).readinessProbe());
    assertThat(probe.execs()).containsExactly("true");
    assertThat(probe.periodSeconds()).isEqualTo(1);
    assertThat(probe.failureThreshold()).isEqualTo(3);
    groups.delete(id, "Force=true");
  }

  @Test
  void aContainerThatIsNotReadyRunsAndAnEventSaysWhy() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Container.1.ReadinessProbe.Exec.Command.1=false",
                "Container.1.ReadinessProbe.PeriodSeconds=1",
                "Container.1.ReadinessProbe.FailureThreshold=1"));

    groups.until(id, "told", g -> groups.reasons(id).contains("Unhealthy"));

    assertThat(main(groups.get(id)).ready()).isFalse();
    assertThat(groups.get(id).status()).isEqualTo("Running");
    groups.delete(id, "Force=true");
  }

  @Test
  void aContainerThatFailsItsLivenessProbeIsRestarted() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Container.1.LivenessProbe.Exec.Command.1=false",
                "Container.1.LivenessProbe.PeriodSeconds=1",
                "Container.1.LivenessProbe.FailureThreshold=2"));

    ContainerGroupResponse group =
        groups.until(
            id, "restarted", g -> Objects.requireNonNullElse(main(g).restartCount(), 0) > 0);

    assertThat(groups.reasons(id)).contains("Unhealthy", "Killing");
    assertThat(main(group).previousState()).isNotNull();
    groups.delete(id, "Force=true");
  }

  @Test
  void aContainerRunsOnceItsPostStartHookIsThroughAndOneThatFailsItNeverDoes() {
    String well =
        groups.create(
            Groups.shell("sleep infinity", "Container.1.LifecyclePostStartHandlerExec.1=true"));
    String ill =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "RestartPolicy=Never",
                "Container.1.LifecyclePostStartHandlerExec.1=false"));

    groups.untilStatus(well, "Running");
    groups.untilStatus(ill, "Failed");

    assertThat(groups.reasons(ill)).contains("FailedPostStartHook");
    groups.delete(well, "Force=true");
  }

  @Test
  void sidecarsEndWithTheContainersTheyServe() {
    String id =
        groups.create(
            Groups.shell(
                "sleep 0.5",
                "RestartPolicy=Never",
                "Container.2.Name=proxy",
                "Container.2.Image=proxy:1",
                "Container.2.Command.1=sleep",
                "Container.2.Command.2=infinity",
                "Container.2.EnvironmentVar.1.Key=ECI_CONTAINER_TYPE",
                "Container.2.EnvironmentVar.1.Value=sidecar"));

    ContainerGroupResponse group = groups.untilStatus(id, "Succeeded");

    assertThat(Objects.requireNonNull(group.containers().getLast().currentState()).state())
        .isEqualTo("Terminated");
    assertThat(groups.reasons(id)).contains("Completed");
  }

  @Test
  void anIgnoredExitCodeCountsAsAGoodEnd() {
    String id =
        groups.create(
            Groups.shell(
                "exit 7",
                "RestartPolicy=OnFailure",
                "Container.1.EnvironmentVar.1.Key=ECI_CONTAINER_IGNORE_EXIT_CODE",
                "Container.1.EnvironmentVar.1.Value=true"));

    ContainerGroupResponse group = groups.untilStatus(id, "Succeeded");

    assertThat(Objects.requireNonNull(main(group).currentState()).exitCode()).isZero();
    assertThat(Objects.requireNonNull(main(group).currentState()).message()).contains("7");
  }
}
