package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting, stopping, ending and failing on a real engine. */
@Timeout(120)
class ContainerLifeTest extends EngineGround {

  @Test
  void aContainerGoesFromCreatedToRunningToExited() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 1; exit 7"));
    ContainerGroupId group = group(spec);

    String id = make(group, spec, "app");
    assertThat(view(group, "app").status()).isEqualTo(new ContainerView.Status.Created());
    assertThat(view(group, "app").epoch()).isEqualTo(1);
    engine.startContainer(id, FENCE);
    Instant since = ((ContainerView.Status.Running) view(group, "app").status()).since();

    ContainerView.Status.Exited ended = ended(group, "app");
    assertThat(ended.exitCode()).isEqualTo(7);
    assertThat(ended.oomKilled()).isFalse();
    assertThat(ended.error()).isEmpty();
    assertThat(ended.startedAt()).isEqualTo(since);
    assertThat(Duration.between(ended.startedAt(), ended.finishedAt()))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
    assertThat(engine.view(installation, group).now())
        .isBetween(ended.finishedAt(), Instant.now().plusSeconds(2));
  }

  @Test
  void whatRanIsNotStartedAgain() throws Exception {
    GroupSpec spec = spec(shell("app", "echo ran"));
    ContainerGroupId group = group(spec);
    String id = start(group, spec, "app");
    ended(group, "app");

    engine.startContainer(id, FENCE);

    assertThat(view(group, "app").status()).isInstanceOf(ContainerView.Status.Exited.class);
    assertThat(log(group, "app")).isEqualTo("ran\n");
  }

  @Test
  void whatIsMadeTwiceIsThereOnce() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    String first = make(group, spec, "app");

    engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), new OpenFence(2));
    assertThat(make(group, spec, "app")).isEqualTo(first);

    assertThat(engine.view(installation, group).sandboxes())
        .singleElement()
        .satisfies(s -> assertThat(s.epoch()).isEqualTo(1));
    assertThat(engine.view(installation, group).containers()).hasSize(1);
  }

  @Test
  void aMissingProgramIsRefused() throws Exception {
    GroupSpec spec = spec(ContainerSpec.of("app", busybox(), "/no/such/program"));
    ContainerGroupId group = group(spec);
    String id = make(group, spec, "app");

    assertThatThrownBy(() -> engine.startContainer(id, FENCE))
        .isInstanceOfSatisfying(
            ContainerRefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo("ContainerCannotRun");
              assertThat(e.getMessage()).contains("/no/such/program");
            });
    assertThat(view(group, "app").status())
        .isInstanceOfSatisfying(
            ContainerView.Status.Exited.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(127);
              assertThat(e.error()).contains("/no/such/program");
            });
  }

  @Test
  void whatIsNotExecutableIsRefused() throws Exception {
    GroupSpec spec = spec(ContainerSpec.of("app", busybox(), "/etc"));
    ContainerGroupId group = group(spec);
    String id = make(group, spec, "app");

    assertThatThrownBy(() -> engine.startContainer(id, FENCE))
        .isInstanceOf(ContainerRefusedException.class);
  }

  @Test
  void anUnknownUserIsRefusedAfterAFewTries() throws Exception {
    GroupSpec spec = spec(Specs.changed(shell("app", "true"), c -> c.runAsUser = 4294967295L));
    ContainerGroupId group = group(spec);

    assertThatThrownBy(() -> start(group, spec, "app"))
        .isInstanceOf(ContainerRefusedException.class);
  }

  @Test
  void anUnknownCapabilityIsRefused() throws Exception {
    GroupSpec spec =
        spec(Specs.changed(shell("app", "true"), c -> c.addedCapabilities = List.of("FLY")));
    ContainerGroupId group = group(spec);

    assertThatThrownBy(() -> make(group, spec, "app"))
        .isInstanceOfSatisfying(
            ContainerRefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo("CreateContainerError");
              assertThat(e.getMessage()).contains("FLY");
            });
  }

  @Test
  void anImageThatIsNotThereMakesTheHostUnavailableForIt() throws Exception {
    GroupSpec spec = spec(ContainerSpec.of("app", REGISTRY.host() + "/never:1", "true"));
    ContainerGroupId group = group(spec);

    assertThatThrownBy(() -> make(group, spec, "app"))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("never:1");
  }

  @Test
  void aForeignContainerOfThatNameIsNotTaken() throws Exception {
    GroupSpec spec = spec(shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    String tiny = DockerEngine.TINY_IMAGE;
    String foreign =
        EngineObjects.ask(
            docker ->
                docker
                    .createContainerCmd(tiny)
                    .withName(name(group, "app").toString())
                    .exec()
                    .getId());
    try {
      assertThatThrownBy(() -> make(group, spec, "app"))
          .isInstanceOf(ContainerRefusedException.class)
          .hasMessageContaining("something else");
    } finally {
      EngineObjects.act(docker -> docker.removeContainerCmd(foreign).exec());
    }
  }

  @Test
  void theStopSignalComesAtOnceAndTheCallDoesNotWait() throws Exception {
    ContainerGroupId group =
        running(shell("app", "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.1; done"));
    eventually(() -> log(group, "app"), "up\n"::equals);
    long began = System.nanoTime();

    engine.beginStop(view(group, "app").engineId(), Duration.ofSeconds(60), FENCE);

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(ended(group, "app").exitCode()).isEqualTo(5);
    assertThat(log(group, "app")).isEqualTo("up\nbye\n");
  }

  @Test
  void theKillComesWhenTheGraceIsOverAndTheSignalOnlyOnce() throws Exception {
    ContainerGroupId group =
        running(shell("app", "trap 'echo no' TERM; echo up; while :; do sleep 0.1; done"));
    eventually(() -> log(group, "app"), "up\n"::equals);
    String id = view(group, "app").engineId();

    engine.beginStop(id, Duration.ofSeconds(2), FENCE);
    engine.beginStop(id, Duration.ofSeconds(2), FENCE);

    ContainerView.Status.Exited ended = ended(group, "app");
    assertThat(ended.exitCode()).isEqualTo(137);
    assertThat(ended.oomKilled()).isFalse();
    assertThat(log(group, "app")).isEqualTo("up\nno\n");
  }

  @Test
  void noGraceIsAKill() throws Exception {
    ContainerGroupId group = running(shell("app", "trap '' TERM; while :; do sleep 0.1; done"));

    engine.beginStop(view(group, "app").engineId(), Duration.ZERO, FENCE);

    assertThat(ended(group, "app").exitCode()).isEqualTo(137);
  }

  @Test
  void stoppingAndRemovingWhatIsGoneIsFine() throws Exception {
    ContainerGroupId group = running(shell("app", "true"));
    String id = view(group, "app").engineId();
    ended(group, "app");

    engine.beginStop(id, Duration.ofSeconds(1), FENCE);
    engine.beginStop(id, Duration.ZERO, FENCE);
    engine.removeContainer(id, FENCE);
    engine.removeContainer(id, FENCE);
    engine.beginStop(id, Duration.ofSeconds(1), FENCE);
    remove(group);
    engine.removeSandbox(installation, group, FENCE);
  }

  @Test
  void aContainerThatUsesTooMuchMemoryIsKilledForIt() throws Exception {
    GroupSpec spec =
        spec(
            Specs.changed(
                ContainerSpec.of("app", DockerEngine.TINY_IMAGE, "fill", "100"),
                c -> c.size = Size.of(500, 32)));
    ContainerGroupId group = group(spec);
    fetch(ALICE, group, DockerEngine.TINY_IMAGE);
    start(group, spec, "app");

    ContainerView.Status.Exited ended = ended(group, "app");
    assertThat(ended.exitCode()).isEqualTo(137);
    assertThat(ended.oomKilled()).isTrue();
  }

  @Test
  void withoutALimitOfItsOwnAContainerHasTheGroups() throws Exception {
    GroupSpec spec = spec(ContainerSpec.of("app", DockerEngine.TINY_IMAGE, "fill", "100"));
    ContainerGroupId group = group(spec);
    fetch(ALICE, group, DockerEngine.TINY_IMAGE);
    start(group, spec, "app");

    ContainerView.Status.Exited ended = ended(group, "app");
    assertThat(ended.exitCode()).isEqualTo(137);
    assertThat(ended.oomKilled()).isTrue();
  }

  @Test
  void allContainersOfAGroupTogetherStayWithinItsSize() throws Exception {
    boolean bound =
        Files.isWritable(Path.of("/sys/fs/cgroup/memory"))
            || Files.isWritable(Path.of("/sys/fs/cgroup/cgroup.subtree_control"));
    if (!bound || !EngineForTests.settings(folder).host().getScheme().equals("unix")) {
      EngineForTests.skip("cgroups of a local engine");
    }
    ContainerSpec one =
        ContainerSpec.of("one", DockerEngine.TINY_IMAGE, "fill", "55", "then", "sleep", "100");
    ContainerSpec two =
        ContainerSpec.of("two", DockerEngine.TINY_IMAGE, "fill", "55", "then", "sleep", "100");
    GroupSpec spec = spec(one, two);
    ContainerGroupId group = group(spec);
    fetch(ALICE, group, DockerEngine.TINY_IMAGE);
    start(group, spec, "one");
    start(group, spec, "two");

    ContainerView.Status.Exited killed =
        (ContainerView.Status.Exited)
            eventually(
                    () -> engine.view(installation, group).containers(),
                    all -> all.stream().anyMatch(ContainerLifeTest::hasExited))
                .stream()
                .filter(ContainerLifeTest::hasExited)
                .findFirst()
                .orElseThrow()
                .status();
    assertThat(killed.exitCode()).isEqualTo(137);
  }

  private static boolean hasExited(ContainerView container) {
    return container.status() instanceof ContainerView.Status.Exited;
  }

  @Test
  void aGroupMayAskForMoreCoresThanTheEngineHas() throws Exception {
    int cores = engine.report().capacity().cpu().value() / 1000;
    GroupSpec spec =
        GroupSpec.of(
            "test",
            Size.of((cores + 2) * 1000, 64),
            RestartPolicy.NEVER,
            shell("app", "sleep 100"));
    ContainerGroupId group = group(spec);
    start(group, spec, "app");

    assertThat(
            output(
                group,
                "app",
                "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cat"
                    + " /sys/fs/cgroup/cpu.max"))
        .startsWith(String.valueOf((cores + 2) * 100_000));
  }

  @Test
  void commandsHaveOutputExitCodeAndATimeout() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();

    assertThat(exec(group, "app", "echo out; echo err >&2; exit 9"))
        .satisfies(
            r -> {
              assertThat(r.exitCode()).isEqualTo(9);
              assertThat(r.output()).contains("out\n").contains("err\n");
            });
    assertThat(engine.exec(id, List.of("/no/such"), Duration.ofSeconds(20)))
        .satisfies(
            r -> {
              assertThat(r.exitCode()).isIn(126, 127);
              assertThat(r.output()).contains("/no/such");
            });
    assertThat(exec(group, "app", "yes | dd bs=1000 count=3000 2>/dev/null").output())
        .startsWith("y\ny\n")
        .containsPattern("\\n\\[[0-9]+ more bytes are left out]\\n$");
    assertThatThrownBy(() -> engine.exec(id, List.of("sleep", "50"), Duration.ofMillis(500)))
        .isInstanceOf(CommandTimedOutException.class);
    engine.beginStop(id, Duration.ZERO, FENCE);
    ended(group, "app");
    assertThatThrownBy(() -> engine.exec(id, List.of("true"), Duration.ofSeconds(5)))
        .isInstanceOf(NoSuchContainerException.class);
    assertThatThrownBy(() -> engine.exec("none", List.of("true"), Duration.ofSeconds(5)))
        .isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void theTinyImageRunsWithoutAnyRegistry() throws Exception {
    GroupSpec spec =
        spec(
            Specs.changed(
                ContainerSpec.of("app", DockerEngine.TINY_IMAGE),
                c -> c.args = List.of("echo", "a", "b", "then", "exit", "3")));
    ContainerGroupId group = group(spec);
    fetch(ALICE, group, DockerEngine.TINY_IMAGE);
    start(group, spec, "app");

    assertThat(ended(group, "app").exitCode()).isEqualTo(3);
    assertThat(log(group, "app")).isEqualTo("a b\n");
  }
}
