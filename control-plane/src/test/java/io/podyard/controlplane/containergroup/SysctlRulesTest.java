package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernel parameters a group may have. */
class SysctlRulesTest {

  @Test
  void bothListsOfARequestMakeTheParametersOfTheGroup() {
    Findings findings = new Findings();
    assertThat(
            SysctlRules.read(
                CreateRequests.decoded(
                        "SecurityContext.Sysctl.1.Key=net.ipv4.ping_group_range",
                        "SecurityContext.Sysctl.1.Value=0 1000",
                        "HostSecurityContext.Sysctl.1.Name=net.core.somaxconn",
                        "HostSecurityContext.Sysctl.1.Value=1024",
                        "HostSecurityContext.Sysctl.2.Name=net.ipv4.conf.eth0.rp_filter",
                        "HostSecurityContext.Sysctl.2.Value=1")
                    .draft(),
                findings))
        .containsExactly(
            Map.entry("net.core.somaxconn", "1024"),
            Map.entry("net.ipv4.conf.eth0.rp_filter", "1"),
            Map.entry("net.ipv4.ping_group_range", "0 1000"));
    assertThat(findings.problems()).isEmpty();
    assertThat(SysctlRules.read(CreateRequests.decoded().draft(), findings)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SecurityContext.Sysctl.1.Value=1|MissingParameter|SecurityContext.Sysctl.1.Name",
        "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies|MissingParameter|SecurityContext.Sysctl.1.Value",
        "HostSecurityContext.Sysctl.1.Name=kernel.hostname;HostSecurityContext.Sysctl.1.Value=x|InvalidParameter|HostSecurityContext.Sysctl.1.Name",
        "HostSecurityContext.Sysctl.1.Name=net/ipv4;HostSecurityContext.Sysctl.1.Value=x|InvalidParameter|HostSecurityContext.Sysctl.1.Name",
        "HostSecurityContext.Sysctl.1.Name=net.ipv4.../x;HostSecurityContext.Sysctl.1.Value=x|InvalidParameter|HostSecurityContext.Sysctl.1.Name",
        "SecurityContext.Sysctl.1.Name=kernel.sem;SecurityContext.Sysctl.1.Value=1|InvalidParameter|SecurityContext.Sysctl.1.Name",
        "HostSecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies;HostSecurityContext.Sysctl.1.Value=1|InvalidParameter|HostSecurityContext.Sysctl.1.Name",
        "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies;SecurityContext.Sysctl.1.Value=a\u00e4|InvalidParameter|SecurityContext.Sysctl.1.Value",
        "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies;SecurityContext.Sysctl.1.Value={257}|InvalidParameter.LengthExceeded|SecurityContext.Sysctl.1.Value"
      })
  void whatNobodyMayHaveIsRefusedByName(String changes, String code, String parameter) {
    Refusals.assertSingleProblem(changes, code, parameter);
  }

  @Test
  void twoValuesOfOneParameterAreRefused() {
    Refusals.assertSingleProblem(
        "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies;SecurityContext.Sysctl.1.Value=1;"
            + "SecurityContext.Sysctl.2.Name=net.ipv4.tcp_syncookies;SecurityContext.Sysctl.2.Value=0",
        "InvalidParameter",
        "SecurityContext.Sysctl.2.Name");
  }

  private static List<String> notAllowed(Set<String> allowed) {
    List<Problem> problems = new ArrayList<>();
    new AllowedSysctls(allowed)
        .check(
            CreateRequests.decoded(
                    "SecurityContext.Sysctl.1.Name=net.ipv4.tcp_syncookies",
                    "HostSecurityContext.Sysctl.1.Name=net.core.somaxconn",
                    "HostSecurityContext.Sysctl.2.Name=kernel.hostname",
                    "HostSecurityContext.Sysctl.3.Name=net.ipv4.tcp_rmem",
                    "HostSecurityContext.Sysctl.4.Name=net.ipv4.tcp_wmem")
                .draft(),
            problems::add);
    assertThat(problems).allMatch(problem -> problem.message().contains("PODYARD_ALLOWED_SYSCTLS"));
    return problems.stream().map(Problem::value).toList();
  }

  @Test
  void whatIsNotSafeIsForTheOperatorToAllow() {
    // What is the host's is wrong for everybody, which the other rules say.
    assertThat(notAllowed(Set.of()))
        .containsExactly("net.core.somaxconn", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");
    assertThat(notAllowed(Set.of("net.core.somaxconn", "net.ipv4.tcp_w*")))
        .containsExactly("net.ipv4.tcp_rmem");
    assertThat(notAllowed(Set.of("net.*"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"net.ipv4.ping_group_range", "kernel.hostname", "vm.swappiness"})
  void safeOnesAndTheHostsOwnAreNotForTheOperator(String name) {
    assertThat(SysctlRules.isForTheOperator(name)).isFalse();
  }
}
