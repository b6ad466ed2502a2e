package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.EciSecurityContextResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.controlplane.testing.TestServer;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kernel parameters of groups (contract section 11). */
class SysctlActionsTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "8vCPU/16GiB")
                .with("podyard.allowed-sysctls", "net.core.*"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void nothingIsBroken() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void aGroupRunsWithItsParametersAndSaysThem() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "SecurityContext.Sysctl.1.Key=net.ipv4.ping_group_range",
                "SecurityContext.Sysctl.1.Value=0 1000",
                "HostSecurityContext.Sysctl.1.Name=net.core.somaxconn",
                "HostSecurityContext.Sysctl.1.Value=1024"));
    ContainerGroupResponse group = groups.untilStatus(id, "Running");
    assertThat(Objects.requireNonNull(group.eciSecurityContext()).sysctls())
        .containsExactly(
            new EciSecurityContextResponse.Sysctl("net.core.somaxconn", "1024"),
            new EciSecurityContextResponse.Sysctl("net.ipv4.ping_group_range", "0 1000"));
    groups.delete(id, "Force=true");
  }

  @Test
  void aValueThatTheKernelDoesNotTakeIsTheEndOfTheGroupFreeOfChargeAndSaysWhy() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_fin_timeout",
                "SecurityContext.Sysctl.1.Value=soon"));
    groups.untilStatus(id, "ScheduleFailed");
    // Also once nothing of it is left on its host.
    ContainerGroupResponse group =
        groups.until(
            id,
            "has given its host back",
            _ ->
                Boolean.TRUE.equals(
                    server
                        .jdbc()
                        .queryForObject(
                            "select released_at is not null from container_group where id = ?",
                            Boolean.class,
                            id)));
    assertThat(Objects.requireNonNull(group.containers().getFirst().currentState()).reason())
        .isEqualTo("FailedSysctl");
    assertThat(group.events())
        .filteredOn(event -> "FailedSysctl".equals(event.reason()))
        .singleElement()
        .extracting(EventResponse::type, EventResponse::message)
        .containsExactly(
            "Warning",
            "Kernel parameter net.ipv4.tcp_fin_timeout cannot be set to \"soon\": invalid"
                + " argument");
    assertThat(groups.reasons(id)).containsOnlyOnce("FailedScheduling");
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select count(*) from usage_interval where group_id = ?", Integer.class, id))
        .isZero();
    groups.delete(id);
    groups.untilGone(id);
  }

  @Test
  void whatTheOperatorDoesNotAllowIsRefusedWithTheNameOfTheSetting() {
    var refusal =
        groups.refusal(
            Action.CREATE_CONTAINER_GROUP,
            Groups.shell(
                "true",
                "HostSecurityContext.Sysctl.1.Name=net.ipv4.tcp_rmem",
                "HostSecurityContext.Sysctl.1.Value=1024"));
    assertThat(refusal.errorCode()).contains(ErrorCode.INVALID_PARAMETER);
    assertThat(refusal.getMessage())
        .contains("HostSecurityContext.Sysctl.1.Name", "PODYARD_ALLOWED_SYSCTLS");
  }
}
