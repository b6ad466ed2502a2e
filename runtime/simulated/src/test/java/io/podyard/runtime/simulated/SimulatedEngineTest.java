package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.SandboxView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedEngineTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private static SandboxView sandbox(Stepped host) throws Exception {
    return host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).sandboxes().getFirst();
  }

  @Test
  void hostsAreNamedInOrderAndKeepTheirSize() throws Exception {
    Stepped host = new Stepped(1);
    host.world.ensureHosts(3, Size.of(1000, 1024));
    host.world.ensureHosts(2, Size.of(1, 1));

    assertThat(host.world.hosts())
        .containsExactly(new HostId("sim-0001"), new HostId("sim-0002"), new HostId("sim-0003"));
    assertThat(host.engine.report().capacity()).isEqualTo(Size.of(4000, 8192));
    assertThat(host.world.engine(new HostId("sim-0002")).orElseThrow().report().capacity())
        .isEqualTo(Size.of(1000, 1024));
    assertThatThrownBy(() -> host.world.ensureHosts(100_001, Size.of(1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSandboxComesUpAfterAWhileAndOnlyOnce() throws Exception {
    Stepped host = new Stepped(1);
    host.sandbox();
    host.sandbox();

    assertThat(host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).sandboxes()).hasSize(1);
    assertThat(sandbox(host).running()).isFalse();
    assertThat(sandbox(host).ip()).isEmpty();
    host.time.advance(Duration.ofMillis(45));
    assertThat(sandbox(host).running()).isTrue();
    assertThat(sandbox(host).ip()).isEqualTo("10.0.0.2");
    assertThat(sandbox(host).epoch()).isEqualTo(7);
  }

  @Test
  void theSameSeedGivesTheSameTimes() throws Exception {
    assertThat(startTimes(5)).isEqualTo(startTimes(5)).isNotEqualTo(startTimes(6));
  }

  private static List<Instant> startTimes(long seed) throws Exception {
    Stepped host = new Stepped(seed);
    host.sandbox();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      host.run("app" + i, "img", "sleep", "1000");
      host.time.advance(Duration.ofSeconds(1));
      times.add(((ContainerView.Status.Running) host.status("app" + i)).since());
    }
    return times;
  }

  @Test
  void anImageIsFetchedByItsSize() throws Exception {
    Stepped host = new Stepped(1);
    assertThat(host.image("nginx:1.27")).isInstanceOf(ImageView.Absent.class);
    host.pull("nginx:1.27", 0);

    host.time.advance(Duration.ofMillis(10));
    assertThat(host.image("nginx:1.27"))
        .isInstanceOfSatisfying(
            ImageView.Pulling.class,
            p -> assertThat(p.totalBytes()).isGreaterThan(5L << 20).isGreaterThan(p.bytes()));
    host.time.advance(Duration.ofMillis(500));
    assertThat(host.image("nginx:1.27")).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void aContainerRunsUntilItIsStopped() throws Exception {
    Stepped host = new Stepped(1);
    host.sandbox();
    host.run("app", "nginx");
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Created.class);
    host.time.advance(Duration.ofHours(10));
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Running.class);

    host.stop("app", LONG);
    host.time.advance(Duration.ofMillis(15));

    assertThat(host.status("app"))
        .isInstanceOfSatisfying(
            ContainerView.Status.Exited.class, e -> assertThat(e.exitCode()).isEqualTo(143));
  }

  @Test
  void whatIgnoresTheSignalIsKilledAfterTheGrace() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "example/ignores-stop");
    host.stop("app", LONG);
    host.time.advance(Duration.ofSeconds(59));
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Running.class);

    host.time.advance(Duration.ofSeconds(1));

    ContainerView.Status.Exited exited = (ContainerView.Status.Exited) host.status("app");
    assertThat(exited.exitCode()).isEqualTo(137);
    assertThat(exited.finishedAt()).isEqualTo(Stepped.START.plus(LONG));
  }

  @Test
  void aContainerEndsWhenItsCommandDoes() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "busybox", "sh", "-c", "echo x; sleep 4; exit 3");

    host.time.advance(Duration.ofSeconds(10));

    assertThat(host.status("app"))
        .isEqualTo(
            new ContainerView.Status.Exited(
                3, false, "", Stepped.START, Stepped.START.plusSeconds(4)));
  }

  @Test
  void aSecondContainerOfANameIsTheFirst() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "nginx");
    ContainerView before = host.container("app");

    host.create("app", 1, "other");
    host.engine.startContainer(before.engineId(), new OpenFence(9));

    assertThat(host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers())
        .containsExactly(before);
    assertThat(before.epoch()).isEqualTo(7);
  }

  @Test
  void withoutASandboxThereIsNoContainer() {
    Stepped host = Stepped.instant();

    assertThatThrownBy(() -> host.create("app", 1, "img"))
        .isInstanceOf(ContainerRefusedException.class);
  }

  @Test
  void logsTellWhatWasWrittenUntilNowAndOutliveTheContainer() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "busybox", "sh", "-c", "echo one; sleep 5; echo zwei \u00fc; sleep 5; echo 3");
    host.time.advance(Duration.ofSeconds(6));
    String engineId = host.container("app").engineId();

    assertThat(log(host, Stepped.ALL)).isEqualTo("one\nzwei \u00fc\n");
    assertThat(log(host, new LogQuery(9, 999, Stepped.START.plusSeconds(1), true, false)))
        .isEqualTo("2026-01-01T00:00:05Z zwei \u00fc\n");
    assertThat(log(host, new LogQuery(9, 2, null, false, false))).isEqualTo("\n");
    host.engine.removeContainer(engineId, new OpenFence(1));
    host.engine.removeSandbox(Stepped.INSTALLATION, Stepped.GROUP, new OpenFence(1));
    host.time.advance(LONG);
    assertThat(log(host, Stepped.ALL)).isEqualTo("one\nzwei \u00fc\n");
    assertThat(host.engine.groups(Stepped.INSTALLATION)).isEmpty();
    assertThat(host.engine.loggedAttempts(Stepped.INSTALLATION, Stepped.GROUP, "app"))
        .containsExactly(1);

    host.engine.forgetLogs(Stepped.INSTALLATION, Stepped.GROUP);
    assertThatThrownBy(() -> log(host, Stepped.ALL)).isInstanceOf(NoSuchContainerException.class);
  }

  private static String log(Stepped host, LogQuery query) throws Exception {
    return host.engine.logs(Stepped.name("app", 1), query);
  }

  @Test
  void commandsAnswerAtOnceOrNotInTime() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "nginx");
    String engineId = host.container("app").engineId();

    assertThat(host.engine.exec(engineId, List.of("echo", "hi"), LONG).output()).isEqualTo("hi\n");
    assertThat(host.engine.exec(engineId, List.of("ls", "/"), LONG).output()).isEqualTo("ls /\n");
    assertThat(host.engine.exec(engineId, List.of("false"), LONG).exitCode()).isEqualTo(1);
    for (String time : List.of("61", "infinity")) {
      assertThatThrownBy(() -> host.engine.exec(engineId, List.of("sleep", time), LONG))
          .isInstanceOfSatisfying(
              CommandTimedOutException.class, e -> assertThat(e.ended()).isTrue());
    }
    host.stop("app", Duration.ZERO);
    assertThatThrownBy(() -> host.engine.exec(engineId, List.of("true"), LONG))
        .isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void removingARunningContainerKillsIt() throws Exception {
    Stepped host = Stepped.instant();
    host.sandbox();
    host.run("app", "busybox", "sleep", "5");
    host.engine.removeContainer(host.container("app").engineId(), new OpenFence(1));
    host.engine.removeContainer("never-there", new OpenFence(1));

    host.time.advance(LONG);

    assertThat(host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers()).isEmpty();
  }

  @Test
  void changesAreToldToThoseWhoWatchTheInstallation() throws Exception {
    Stepped host = Stepped.instant();
    List<Object> heard = new ArrayList<>();
    try (AutoCloseable _ = host.engine.watch(Stepped.INSTALLATION, heard::add);
        AutoCloseable _ =
            host.engine.watch(
                new io.podyard.model.InstallationId("other"),
                _ -> {
                  throw new AssertionError("not its business");
                })) {
      host.sandbox();
      host.run("app", "busybox", "sleep", "5");
      int started = heard.size();
      assertThat(started).isPositive();
      host.time.advance(Duration.ofSeconds(5));
      assertThat(heard).hasSize(started + 1).containsOnly(Stepped.GROUP);
    }
    int before = heard.size();
    host.engine.removeSandbox(Stepped.INSTALLATION, Stepped.GROUP, new OpenFence(1));
    assertThat(heard).hasSize(before);
  }
}
