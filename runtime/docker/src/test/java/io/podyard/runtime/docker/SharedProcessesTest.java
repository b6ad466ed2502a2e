package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.KernelSettings;
import io.podyard.runtime.pod.ContainerView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups whose containers see one another's processes, and groups whose do not. */
@Timeout(120)
class SharedProcessesTest extends EngineGround {

  private static final GroupSpec APART =
      spec(shell("one", "sleep 4711 & sleep 4712"), shell("two", "sleep 4713"));
  private static final GroupSpec SHARED = APART.withKernel(new KernelSettings(true, null));

  private String processes(ContainerGroupId group) throws Exception {
    return exec(group, "two", "ps").output();
  }

  @Test
  void containersSeeTheProcessesOfOthersWhereTheGroupSharesThem() throws Exception {
    ContainerGroupId group = group(SHARED);
    start(group, SHARED, "one");
    start(group, SHARED, "two");

    eventually(() -> processes(group), processes -> processes.contains("sleep 4711"));
    assertThat(processes(group)).contains("sleep 4713").containsPattern("(?m)^ +1 .*pause");
  }

  @Test
  void containersSeeTheirOwnOnlyWhereTheGroupDoesNot() throws Exception {
    ContainerGroupId group = group(APART);
    start(group, APART, "one");
    start(group, APART, "two");

    assertThat(processes(group)).contains("sleep 4713").doesNotContain("4711");
  }

  @Test
  void whatEndsOneContainerOrACommandInItLeavesTheOthersAlone() throws Exception {
    ContainerGroupId group = group(SHARED);
    String one = start(group, SHARED, "one");
    String two = start(group, SHARED, "two");

    assertThatThrownBy(
            () -> engine.exec(two, List.of("sh", "-c", "sleep 4714"), Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            CommandTimedOutException.class, e -> assertThat(e.ended()).isTrue());
    eventually(() -> processes(group), processes -> !processes.contains("4714"));
    assertThat(processes(group)).contains("4711", "4712", "4713");

    engine.beginStop(one, Duration.ofSeconds(1), FENCE);
    eventually(
        () -> view(group, "one").status(), status -> status instanceof ContainerView.Status.Exited);
    eventually(() -> processes(group), processes -> !processes.contains("4711"));
    assertThat(processes(group)).contains("4713").doesNotContain("4712");
    assertThat(view(group, "two").status()).isInstanceOf(ContainerView.Status.Running.class);
  }
}
