package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks, updates and messages of simulated containers. */
class ChecksTest {

  private static final Handler HTTP = new Handler.HttpGet(null, 80, "/", true, List.of());
  private static final Handler TCP = new Handler.TcpSocket("example.com", 80);

  private static Handler command(String... words) {
    return new Handler.Exec(List.of(words));
  }

  static ContainerSpec container(
      Map<String, String> environment, TerminationMessage message, String... command) {
    ContainerSpec spec = ContainerSpec.of("app", "img", command);
    return new ContainerSpec(
        spec.name(),
        spec.image(),
        spec.pullPolicy(),
        spec.size(),
        spec.command(),
        spec.args(),
        spec.workingDir(),
        environment.entrySet().stream()
            .map(e -> EnvironmentVariable.of(e.getKey(), e.getValue()))
            .toList(),
        spec.hideEnvironment(),
        spec.ports(),
        spec.mounts(),
        spec.runAsUser(),
        spec.readOnlyRootFilesystem(),
        spec.addedCapabilities(),
        spec.runAsGroup(),
        spec.runAsNonRoot(),
        spec.lifecycle(),
        spec.terminal(),
        message,
        spec.role(),
        spec.ignoreExitCode(),
        spec.revision());
  }

  private static Stepped running(Map<String, String> environment, String... command)
      throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run(container(environment, TerminationMessage.DEFAULT, command));
    return host;
  }

  @Test
  void commandsPassByWhatIsKnownOfThemAndTheRestPasses() throws Exception {
    Stepped host = running(Map.of());

    assertThat(host.check("app", command("true")).passed()).isTrue();
    assertThat(host.check("app", command("my-check", "-v")).passed()).isTrue();
    assertThat(host.check("app", HTTP)).isEqualTo(new CheckResult(true, ""));
    assertThat(host.check("app", TCP).passed()).isTrue();
    assertThat(host.check("app", command("sleep", "4")).passed()).isTrue();
    assertThat(host.check("app", command("false")))
        .isEqualTo(new CheckResult(false, "exit code 1"));
    assertThat(host.check("app", command("sh", "-c", "echo bad; exit 3")))
        .isEqualTo(new CheckResult(false, "bad"));
    assertThat(host.check("app", command("sleep", "6")).output()).contains("did not end");
    host.stop("app", Duration.ZERO);
    assertThatThrownBy(() -> host.check("app", TCP)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void theEnvironmentSaysWhenChecksFail() throws Exception {
    Stepped host =
        running(
            Map.of(
                "PODYARD_SIMULATED_CHECKS", "fail:3s,pass:1m,fail",
                "PODYARD_SIMULATED_CHECKS_TCP", "pass"));

    assertThat(host.check("app", HTTP).passed()).isFalse();
    assertThat(host.check("app", command("true")).output()).contains("environment");
    assertThat(host.check("app", TCP).passed()).isTrue();
    host.time.advance(Duration.ofSeconds(3));
    assertThat(host.check("app", HTTP).passed()).isTrue();
    assertThat(host.check("app", command("false")).passed()).isFalse();
    host.time.advance(Duration.ofMinutes(1));
    assertThat(host.check("app", HTTP).passed()).isFalse();
    assertThat(host.check("app", TCP).passed()).isTrue();
  }

  @Test
  void anEnvironmentThatCannotBeUnderstoodIsRefused() {
    for (String bad : List.of("", "often", "fail:3s,", "fail,pass", "fail:soon,pass")) {
      assertThatThrownBy(() -> running(Map.of("PODYARD_SIMULATED_CHECKS", bad)))
          .as(bad)
          .isInstanceOf(ContainerRefusedException.class)
          .hasMessageContaining("PODYARD_SIMULATED_CHECKS");
    }
  }

  @Test
  void aPlanSaysHowOftenAndFromWhenChecksFail() throws Exception {
    Stepped host = running(Map.of());
    host.world.configure(
        WireJson.MAPPER.readValue(
            "{\"checks\":[{\"image\":\"im*\",\"times\":2,\"afterMillis\":1000,\"message\":\"no\"}]}",
            FaultPlan.class));

    assertThat(host.check("app", TCP).passed()).isTrue();
    host.time.advance(Duration.ofSeconds(1));
    assertThat(host.check("app", TCP)).isEqualTo(new CheckResult(false, "no"));
    assertThat(host.check("app", HTTP).passed()).isFalse();
    assertThat(host.check("app", HTTP).passed()).isTrue();
  }

  private static String message(
      Map<String, String> environment, TerminationMessage place, String... command)
      throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run(container(environment, place, command));
    host.time.advance(Duration.ofMinutes(1));
    return ((ContainerView.Status.Exited) host.status("app")).message();
  }

  @Test
  void aContainerSaysWhatItWroteOrItsEnvironmentSays() throws Exception {
    Map<String, String> told = Map.of("PODYARD_SIMULATED_MESSAGE", "as told");
    TerminationMessage usual = TerminationMessage.DEFAULT;
    TerminationMessage logged = new TerminationMessage("/msg", true);

    assertThat(message(Map.of(), usual, "true")).isEmpty();
    assertThat(message(told, usual, "true")).isEqualTo("as told");
    assertThat(message(told, usual, "sh", "-c", "echo wrote > /dev/termination-log"))
        .isEqualTo("wrote");
    assertThat(message(Map.of(), logged, "sh", "-c", "echo a; echo b > /msg; exit 1"))
        .isEqualTo("b");
    assertThat(message(Map.of(), logged, "sh", "-c", "echo a; exit 1")).isEqualTo("a");
    assertThat(message(Map.of(), logged, "echo", "a")).isEmpty();
    assertThat(message(Map.of("PODYARD_SIMULATED_MESSAGE", "x".repeat(5000)), usual, "true"))
        .hasSize(4096);
  }

  @Test
  void anUpdateNeedsASandboxAndLeavesItsAddress() throws Exception {
    Stepped host = running(Map.of());
    GroupSpec spec = Groups.staying(RestartPolicy.ALWAYS);
    String ip = host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).sandboxes().getFirst().ip();

    host.engine.updateSandbox(
        new SandboxOrder(Stepped.INSTALLATION, Stepped.ACCOUNT, Stepped.GROUP, spec),
        new OpenFence(8));

    assertThat(host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).sandboxes())
        .singleElement()
        .satisfies(s -> assertThat(s.ip()).isEqualTo(ip));
    assertThatThrownBy(
            () ->
                host.engine.updateSandbox(
                    new SandboxOrder(
                        Stepped.INSTALLATION,
                        Stepped.ACCOUNT,
                        new ContainerGroupId("eci-other"),
                        spec),
                    new OpenFence(8)))
        .isInstanceOf(RuntimeUnavailableException.class);
  }
}
