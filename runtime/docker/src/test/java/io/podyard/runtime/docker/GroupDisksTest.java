package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeMount.Propagation;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks of groups on a real engine on this machine. */
@Timeout(180)
class GroupDisksTest extends EngineGround {

  private final String id = "d-" + random(12);

  @BeforeEach
  void canAttach() {
    EngineForTests.needDisks();
  }

  @AfterEach
  void nothingIsAttached() throws Exception {
    EngineObjects.removeAll(engine, installation);
    assertThat(files()).filteredOn(name -> !name.equals("locks")).isEmpty();
    assertThat(attached()).isEmpty();
  }

  private Path disks() {
    return folder.resolve("disks").resolve(installation.value());
  }

  private List<String> files() throws IOException {
    if (!Files.isDirectory(disks())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(disks())) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The files of disks that the kernel has as devices. */
  private List<String> attached() throws IOException {
    try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
      return devices
          .map(device -> device.resolve("loop/backing_file"))
          .filter(Files::exists)
          .map(GroupDisksTest::content)
          .filter(file -> file.contains(installation.value()))
          .toList();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return ""; // detached meanwhile
    }
  }

  private GroupSpec spec(int gib, VolumeMount... mounts) {
    ContainerSpec app = Specs.changed(shell("app", "sleep 1000"), c -> c.mounts = List.of(mounts));
    return Specs.withVolumes(spec(app), new VolumeSpec.Disk("data", id, gib));
  }

  private GroupSpec whole(int gib) {
    return spec(gib, new VolumeMount("data", "/data", null, false));
  }

  private ContainerGroupId started(GroupSpec spec) throws Exception {
    ContainerGroupId group = group(spec);
    start(group, spec, "app");
    return group;
  }

  private SandboxOrder order(ContainerGroupId group, GroupSpec spec) {
    return new SandboxOrder(installation, ALICE, group, spec);
  }

  @Test
  void nobodyWritesMoreThanADiskHolds() throws Exception {
    ContainerGroupId group = started(whole(1));

    assertThat(Files.size(disks().resolve(id + ".img"))).isEqualTo(1L << 30);
    assertThat(exec(group, "app", "dd if=/dev/zero of=/data/big bs=1M count=1100"))
        .satisfies(result -> assertThat(result.exitCode()).isNotZero())
        .satisfies(result -> assertThat(result.output()).contains("No space left on device"));
    long written = Long.parseLong(output(group, "app", "stat -c %s /data/big"));
    assertThat(written).isBetween(800L << 20, 1L << 30);
  }

  @Test
  void aDiskWithoutRightsToGrowItInUseIsGrownWithTheNextGroup() throws Exception {
    ContainerGroupId first = started(whole(1));
    output(first, "app", "echo kept >/data/file");
    String container = view(first, "app").engineId();

    engine.updateSandbox(order(first, whole(2)), FENCE);
    assertThat(view(first, "app"))
        .satisfies(app -> assertThat(app.engineId()).isEqualTo(container))
        .satisfies(
            app -> assertThat(app.status()).isInstanceOf(ContainerView.Status.Running.class));
    assertThat(Files.size(disks().resolve(id + ".img"))).isEqualTo(2L << 30);
    assertThat(output(first, "app", "cat /data/file")).isEqualTo("kept");
    remove(first);
    assertThat(attached()).isEmpty();

    ContainerGroupId second = started(whole(2));
    assertThat(output(second, "app", "cat /data/file")).isEqualTo("kept");
    String[] size = output(second, "app", "stat -f -c '%S %b' /data").split(" ");
    assertThat(Long.parseLong(size[0]) * Long.parseLong(size[1])).isGreaterThan(1900L << 20);
  }

  @Test
  void aLinkOnADiskLeadsNowhere() throws Exception {
    ContainerGroupId first = started(whole(1));
    output(first, "app", "ln -s /etc /data/link; mkdir -p /data/real; ln -s real /data/short");
    output(first, "app", "echo x >/data/file");
    remove(first);

    for (String path : List.of("link", "link/deeper", "short", "file")) {
      GroupSpec spec = spec(1, new VolumeMount("data", "/part", path, false));
      ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
      assertThatThrownBy(() -> engine.createSandbox(order(group, spec), FENCE))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(FailedMounts.REASON))
          .hasMessageContaining("Volume data cannot be mounted: sub-path " + path);
      engine.removeSandbox(installation, group, FENCE);
    }
    assertThat(Path.of("/etc/deeper")).doesNotExist();
    assertThat(attached()).isEmpty();
  }

  @Test
  void aPartAndTheWholeAreSeenWithPropagationToo() throws Exception {
    ContainerGroupId group =
        started(
            spec(
                1,
                new VolumeMount("data", "/a", "x/y", false, Propagation.HOST_TO_CONTAINER),
                new VolumeMount("data", "/b", null, true, Propagation.HOST_TO_CONTAINER)));

    output(group, "app", "echo mine >/a/file");
    assertThat(output(group, "app", "cat /b/x/y/file")).isEqualTo("mine");
    assertThat(exec(group, "app", "touch /b/file").exitCode()).isNotZero();
  }

  @Test
  void aHostThatCanHaveNoDisksSaysSo() throws Exception {
    EngineAddress address = EngineAddress.of(EngineForTests.settings(folder).host(), null);
    try (EngineCalls calls = new EngineCalls(address, Duration.ofSeconds(10))) {
      GroupDisks elsewhere = new GroupDisks(calls, folder.resolve("disks"), false);
      assertThatThrownBy(
              () -> elsewhere.attach(order(new ContainerGroupId("eci-1"), whole(1)), FENCE))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(FailedMounts.DISK_REASON))
          .hasMessageContaining("Volume data cannot be mounted: disk " + id)
          .hasMessageContaining("not reached through a socket");
    }
  }

  @Test
  void aServerThatLooksElsewhereMakesNoEmptyDisk() throws Exception {
    remove(started(whole(1)));
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    try (DockerEngine elsewhere =
        EngineForTests.engine(
            EngineForTests.settings(folder).withDiskFolder(folder.resolve("elsewhere")))) {
      assertThatThrownBy(() -> elsewhere.createSandbox(order(group, whole(1)), FENCE))
          .hasMessageContaining("elsewhere than where its server was told to look");
      assertThat(elsewhere.disks(installation)).containsExactly(id);
      assertThatThrownBy(() -> elsewhere.removeDisk(installation, id, FENCE))
          .hasMessageContaining("is not in " + folder.resolve("elsewhere"));
    }
    assertThat(engine.disks(installation)).containsExactly(id);
    engine.createSandbox(order(group, whole(1)), FENCE);
  }

  @Test
  void aGroupThatSomebodyElseRemovedDoesNotKeepItsDisk() throws Exception {
    ContainerGroupId first = started(whole(1));
    output(first, "app", "echo kept >/data/file");
    EngineObjects.act(
        docker -> {
          var labels = Names.ofGroup(installation, first);
          docker.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
              .map(Container::getId)
              .forEach(c -> docker.removeContainerCmd(c).withForce(true).exec());
          var filters =
              labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
          docker
              .listVolumesCmd()
              .withFilter("label", filters)
              .exec()
              .getVolumes()
              .forEach(volume -> docker.removeVolumeCmd(volume.getName()).exec());
        });
    assertThat(files()).contains(id + ".user");

    assertThat(output(started(whole(1)), "app", "cat /data/file")).isEqualTo("kept");
  }

  /** Lets some steps pass and then none any more, as if the process had been killed there. */
  private static final class Dying implements Fence {
    private int left;

    Dying(int steps) {
      left = steps;
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public void check() throws StaleFenceException {
      if (left-- <= 0) {
        throw new StaleFenceException("killed");
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void take(Fence fence) throws Exception;
  }

  /** Whether it was through before it was killed. */
  private static boolean survives(int steps, Step step) throws Exception {
    try {
      step.take(new Dying(steps));
      return true;
    } catch (StaleFenceException e) {
      return false;
    } catch (RuntimeUnavailableException e) {
      // What became of the kill in a call.
      assertThat(e).hasRootCauseInstanceOf(StaleFenceException.class);
      return false;
    }
  }

  @Test
  void whereverAProcessIsKilledTheNextOneGoesOn() throws Exception {
    GroupSpec spec =
        spec(
            1,
            new VolumeMount("data", "/data", null, false),
            new VolumeMount("data", "/part", "part", false));
    ContainerGroupId first = started(spec);
    output(first, "app", "echo kept >/part/file");
    remove(first);
    boolean made = false;
    for (int steps = 0; !made; steps++) {
      int killedAt = steps;
      ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
      made = survives(steps, fence -> engine.createSandbox(order(group, spec), fence));
      if (steps % 2 == 0) {
        engine.createSandbox(order(group, spec), FENCE);
        assertThat(attached()).as("killed at step %d", steps).hasSize(1);
      }
      int ending = steps;
      while (!survives(ending, fence -> engine.removeSandbox(installation, group, fence))) {
        ending += 3;
      }
      engine.removeSandbox(installation, group, FENCE);
      assertThat(attached()).as("killed at step %d", killedAt).isEmpty();
      assertThat(files()).as("killed at step %d", killedAt).doesNotContain(id + ".user");
    }
    assertThat(output(started(spec), "app", "cat /part/file /data/part/file"))
        .isEqualTo("kept\nkept");
  }

  @Test
  void whereverAProcessIsKilledAGrownOrRemovedDiskIsGrownOrRemovedByTheNext() throws Exception {
    boolean grown = false;
    ContainerGroupId group = started(whole(1));
    for (int steps = 0; !grown; steps++) {
      int size = 2 + steps;
      grown = survives(steps, fence -> engine.updateSandbox(order(group, whole(size)), fence));
      engine.updateSandbox(order(group, whole(size)), FENCE);
      assertThat(Files.size(disks().resolve(id + ".img"))).isEqualTo((long) size << 30);
    }
    remove(group);
    boolean removed = false;
    for (int steps = 0; !removed; steps++) {
      assertThat(engine.disks(installation)).containsExactly(id);
      removed = survives(steps, fence -> engine.removeDisk(installation, id, fence));
    }
    assertThat(engine.disks(installation)).isEmpty();
    engine.removeDisk(installation, id, FENCE);
  }
}
