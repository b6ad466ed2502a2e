package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.EngineProxy;
import io.podyard.runtime.pod.ContainerView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of commands that take longer than they may. */
@Timeout(180)
class CommandEndTest extends EngineGround {

  /** The command lines of a container's processes, as the engine's host sees them. */
  private static List<String> commands(String id) throws Exception {
    return EngineObjects.ask(
        docker -> {
          var top = docker.topContainerCmd(id).withPsArgs("-eo pid,args").exec();
          List<String> commands = new ArrayList<>();
          for (String[] process : top.getProcesses()) {
            commands.add(process[1]);
          }
          return commands;
        });
  }

  private static void timesOut(DockerEngine engine, String id, String... command) {
    assertThatThrownBy(() -> engine.exec(id, List.of(command), Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            CommandTimedOutException.class, e -> assertThat(e.ended()).isTrue());
  }

  @Test
  void nothingOfACommandGoesOn() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100; true"));
    String id = view(group, "app").engineId();
    eventually(() -> commands(id), commands -> commands.contains("sleep 100"));
    List<String> before = commands(id);
    CompletableFuture<ExecResult> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return engine.exec(
                    id,
                    List.of("sh", "-c", "until test -e /over; do sleep 1; done; echo survived"),
                    Duration.ofSeconds(120));
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    eventually(() -> commands(id), commands -> commands.size() > before.size());

    timesOut(engine, id, "sh", "-c", "sleep 1001 & (sleep 1002; true) & sleep 1003");
    timesOut(engine, id, "sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1004; done");

    eventually(
        () -> commands(id),
        commands -> commands.stream().noneMatch(c -> c.contains("100") && !before.contains(c)));
    assertThat(exec(group, "app", "touch /over").exitCode()).isZero();
    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(new ExecResult(0, "survived\n"));
    eventually(() -> commands(id), commands -> commands.equals(before));
    assertThat(view(group, "app").status()).isInstanceOf(ContainerView.Status.Running.class);
  }

  /** Its output stays open, so the caller waits for what it left behind. */
  @Test
  void whatACommandLeavesBehindIsEndedAsWell() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    try {
      ExecResult result =
          engine.exec(id, List.of("sh", "-c", "sleep 1005 & true"), Duration.ofSeconds(2));
      // Engines that do not wait for the output leave it running, as if it had been asked for.
      assertThat(result.exitCode()).isZero();
    } catch (CommandTimedOutException e) {
      assertThat(e.ended()).isTrue();
      assertThat(commands(id)).noneMatch(command -> command.contains("1005"));
    }
  }

  @Test
  void aCommandEndsWithItsSessionAndAllThatItStartedToo() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100; true"));
    String id = view(group, "app").engineId();
    List<String> command = List.of("sh", "-c", "sleep 1008 & (sleep 1009; true) & sleep 1010");
    for (boolean terminal : new boolean[] {false, true}) {
      ExecSession session = engine.open(id, new ExecOrder(command, true, terminal));
      eventually(
          () -> commands(id),
          commands -> commands.containsAll(List.of("sleep 1008", "sleep 1009", "sleep 1010")));
      session.close();
      eventually(
          () -> commands(id),
          commands -> commands.stream().noneMatch(c -> c.startsWith("sleep 10") && c.length() > 9));
    }
    assertThat(view(group, "app").status()).isInstanceOf(ContainerView.Status.Running.class);
  }

  @Test
  void commandsOfOtherUsersAreEnded() throws Exception {
    GroupSpec spec = spec(Specs.changed(shell("app", "sleep 100"), c -> c.runAsUser = 1234L));
    ContainerGroupId group = group(spec);
    String id = start(group, spec, "app");

    timesOut(engine, id, "sleep", "1006");

    eventually(
        () -> commands(id), commands -> commands.stream().noneMatch(c -> c.contains("1006")));
  }

  @Test
  void nothingButTheApiOfTheEngineIsNeeded(@TempDir Path own) throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    DockerEngineSettings real = EngineForTests.settings(own);
    EngineProxy proxy =
        new EngineProxy(own.resolve("engine"), EngineAddress.of(real.host(), real.tlsFolder()));
    try (proxy;
        DockerEngine behind =
            new DockerEngine(
                DockerEngineSettings.of(proxy.uri(), own.resolve("data")),
                EngineForTests.logs(real),
                InstantSource.system())) {
      timesOut(behind, id, "sleep", "1007");
    }
    eventually(
        () -> commands(id), commands -> commands.stream().noneMatch(c -> c.contains("1007")));
  }

  @Test
  void aCommandOfAnEngineThatHangsMayGoOnAndThatIsSaid(@TempDir Path own) throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    DockerEngineSettings real = EngineForTests.settings(own);
    EngineProxy proxy =
        new EngineProxy(own.resolve("engine"), EngineAddress.of(real.host(), real.tlsFolder()));
    try (proxy;
        DockerEngine behind =
            new DockerEngine(
                DockerEngineSettings.of(proxy.uri(), own.resolve("data"))
                    .with(quickCalls(real.limits())),
                EngineForTests.logs(real),
                InstantSource.system())) {
      CompletableFuture<Throwable> outcome =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new AssertionError(
                      behind.exec(id, List.of("sleep", "1008"), Duration.ofSeconds(6)));
                } catch (Exception e) {
                  return e;
                }
              });
      eventually(
          () -> commands(id), commands -> commands.stream().anyMatch(c -> c.contains("1008")));
      proxy.freeze();
      assertThat(outcome.get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              CommandTimedOutException.class, e -> assertThat(e.ended()).isFalse());
    }
    assertThat(commands(id)).anyMatch(command -> command.contains("1008"));
  }

  private static DockerEngineSettings.Limits quickCalls(DockerEngineSettings.Limits limits) {
    return new DockerEngineSettings.Limits(
        Duration.ofSeconds(2),
        limits.startsPerCore(),
        limits.startQueue(),
        limits.pidsPerContainer(),
        limits.logBytes(),
        limits.execOutputBytes(),
        0);
  }

  @Test
  void theProgramTouchesNothingOutsideTheContainer() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    ContainerGroupId stranger = running(shell("app", "sleep 100"));
    String id = view(group, "app").engineId();
    String other = view(stranger, "app").engineId();
    int process =
        EngineObjects.ask(
                docker -> docker.inspectContainerCmd(other).exec().getState().getPidLong())
            .intValue();
    String image =
        EngineObjects.ask(
            docker -> docker.inspectContainerCmd(sandbox(group).engineId()).exec().getImageId());
    String ender =
        EngineObjects.ask(
            docker -> {
              String made =
                  docker
                      .createContainerCmd(image)
                      .withLabels(Names.labels(installation, group, ALICE, 1))
                      .withCmd("end", String.valueOf(process), id)
                      .withHostConfig(
                          new HostConfig()
                              .withPidMode("host")
                              .withCapDrop(Capability.ALL)
                              .withCapAdd(Capability.KILL))
                      .exec()
                      .getId();
              docker.startContainerCmd(made).exec();
              return made;
            });

    var state =
        eventually(
            () -> EngineObjects.ask(docker -> docker.inspectContainerCmd(ender).exec().getState()),
            s -> "exited".equals(s.getStatus()));
    EngineObjects.act(docker -> docker.removeContainerCmd(ender).withForce(true).exec());
    assertThat(state.getExitCodeLong()).isZero();
    assertThat(view(stranger, "app").status()).isInstanceOf(ContainerView.Status.Running.class);
  }

  @Test
  void whatIsLeftOfAnEndGoesWithTheGroup() throws Exception {
    ContainerGroupId group = running(shell("app", "sleep 100"));
    String image =
        EngineObjects.ask(
            docker -> docker.inspectContainerCmd(sandbox(group).engineId()).exec().getImageId());
    var labels = Names.labels(installation, group, ALICE, 1);
    labels.put(Names.ROLE, Names.ROLE_END);
    EngineObjects.act(
        docker ->
            docker
                .createContainerCmd(image)
                .withName(installation + "-" + group + "-end-000000000000")
                .withLabels(labels)
                .exec());
    assertThat(engine.view(installation, group).containers()).hasSize(1);

    remove(group);

    assertThat(EngineObjects.of(installation)).isEmpty();
  }
}
