package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.DiskUsage;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of groups that take more than they may, from the engine to their end. */
@Timeout(120)
class BeyondLimitsTest extends EngineGround {

  private static final int LIMIT_MIB = 8;

  private GroupSpec spec(String script) {
    return Specs.withVolumes(
        spec(
            Specs.changed(
                shell("app", script),
                c -> {
                  c.mounts = List.of(new VolumeMount("data", "/data", "deep/er", false));
                  c.runAsUser = 4321L;
                })),
        new VolumeSpec.EmptyDir("other", false, null),
        new VolumeSpec.EmptyDir("data", false, LIMIT_MIB));
  }

  @Test
  void whetherAGroupAsAWholeIsBoundIsSaidAsItIs() throws Exception {
    ContainerGroupId group = group(spec("true"));
    String parent =
        EngineObjects.ask(
            docker ->
                String.valueOf(
                    docker
                        .inspectContainerCmd(sandbox(group).engineId())
                        .exec()
                        .getHostConfig()
                        .getCgroupParent()));

    assertThat(parent.startsWith("/podyard/")).isEqualTo(engine.unboundBecause().isEmpty());
  }

  @Test
  void onAnEngineFarAwayNothingBoundsAGroupAsAWhole() throws Exception {
    DockerEngineSettings far = DockerEngineSettings.of(URI.create("tcp://127.0.0.1:1"), folder);
    try (DockerEngine remote =
        new DockerEngine(far, EngineForTests.logs(far), InstantSource.system())) {
      assertThat(remote.unboundBecause().orElseThrow())
          .isEqualTo("the engine is not reached through a socket of this machine");
    }
  }

  @Test
  void whatIsWrittenIsMeasuredWhoeverOwnsIt() throws Exception {
    GroupSpec spec =
        spec(
            "mkdir -m 0700 /data/own; dd if=/dev/zero of=/data/own/file bs=1M count=3;"
                + " ln /data/own/file /data/again; sleep 100");
    ContainerGroupId group = group(spec);
    start(group, spec, "app");

    long bytes =
        eventually(
            () -> engine.diskUsage(installation, group, spec).volumes().getOrDefault("data", -1L),
            measured -> measured >= 3L << 20);

    assertThat(bytes).isLessThan(4L << 20);
    DiskUsage usage = engine.diskUsage(installation, group, spec);
    assertThat(usage.volumes()).containsOnlyKeys("data", "other");
    assertThat(usage.written()).as("beside volumes").isLessThan(1L << 20);
  }

  @Test
  void aGroupThatTakesMoreThanItsVolumeMayHoldFails() throws Exception {
    Driven driven =
        new Driven(
            spec(
                "trap 'exit 1' TERM; sleep 1; dd if=/dev/zero of=/data/file bs=1M count=20;"
                    + " sleep 100 & wait"));
    try (AutoCloseable _ = engine.watch(installation, _ -> driven.news.release())) {
      driven.until(GroupPhase.FAILED);
    }

    assertThat(driven.stored.reason()).isEqualTo("Evicted");
    assertThat(driven.stored.message())
        .matches("Volume data holds 2[01] MiB, more than its limit of 8 MiB");
    assertThat(engine.view(installation, driven.group).containers())
        .allSatisfy(c -> assertThat(c.status()).isInstanceOf(ContainerView.Status.Exited.class));
  }

  @Test
  void aGroupThatWritesMoreThanItsEphemeralStorageFails() throws Exception {
    GroupSpec small =
        Specs.withVolumes(
                spec(
                    Specs.changed(
                        shell(
                            "app",
                            "dd if=/dev/zero of=/data/file bs=1M count=3;"
                                + " dd if=/dev/zero of=/own bs=1M count=6; sleep 100"),
                        c -> c.mounts = List.of(new VolumeMount("data", "/data", "", false)))),
                new VolumeSpec.EmptyDir("data", false, null))
            .withEphemeralMib(LIMIT_MIB);
    Driven driven = new Driven(small);
    try (AutoCloseable _ = engine.watch(installation, _ -> driven.news.release())) {
      driven.until(GroupPhase.FAILED);
    }

    assertThat(driven.stored.reason()).isEqualTo("Evicted");
    assertThat(driven.stored.message())
        .matches(
            "The group takes (9|10) MiB of disk \\(its containers [67] MiB, its empty folders [34]"
                + " MiB\\), more than its ephemeral storage of 8 MiB");
  }

  @Test
  void aContainerThatTakesMoreMemoryThanItMayIsKilledAndSaysWhy() throws Exception {
    Driven driven = new Driven(spec(shell("app", "sleep 1; tail /dev/zero")));
    try (AutoCloseable _ = engine.watch(installation, _ -> driven.news.release())) {
      driven.until(GroupPhase.FAILED);
    }

    assertThat(driven.stored.reason()).isEqualTo("OOMKilled");
    assertThat(driven.stored.container("app").orElseThrow().current())
        .isInstanceOfSatisfying(
            ContainerStatus.Terminated.class,
            end -> {
              assertThat(end.reason()).isEqualTo("OOMKilled");
              assertThat(end.exitCode()).isEqualTo(137);
            });
  }

  /** A group with its runtime, driven when it wants to or the engine has news. */
  private final class Driven implements GroupJournal {

    final ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    final Semaphore news = new Semaphore(0);
    private final PodRuntime runtime =
        new PodRuntime("docker", _ -> engine, InstantSource.system(), PodSettings.DEFAULTS);
    private final GroupSpec spec;
    GroupState stored;

    Driven(GroupSpec spec) {
      this.spec = spec;
      this.stored = GroupState.initial(spec);
    }

    @Override
    public boolean commit(GroupState next, List<Occurrence> occurrences) {
      stored = next;
      return true;
    }

    void until(GroupPhase phase) throws Exception {
      while (true) {
        GroupOrder order =
            new GroupOrder(
                installation,
                ALICE,
                group,
                new HostId("docker-1"),
                spec,
                1,
                new Goal.Run(),
                stored,
                null);
        Optional<Instant> wakeAt = runtime.drive(order, FENCE, this);
        if (stored.phase() == phase) {
          return;
        }
        // Without a time there will be news.
        long millis =
            wakeAt.map(at -> at.toEpochMilli() - System.currentTimeMillis()).orElse(30_000L);
        boolean _ = news.tryAcquire(Math.max(1, millis), TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    }
  }
}
