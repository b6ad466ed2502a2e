package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.testing.ServedFiles;
import io.podyard.runtime.pod.DiskUsage;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Data caches on a real engine: what it holds of them, and what groups do with it. */
@Timeout(120)
class DataVolumesTest extends EngineGround {

  private static final HostId HOST = new HostId("docker-0001");
  private static final ServedFiles FILES = new ServedFiles();

  @BeforeEach
  void someData() {
    FILES.put("model/weights", "42");
    FILES.put("model/conf/app.txt", "plain");
  }

  @AfterAll
  static void stop() {
    FILES.close();
  }

  private DataCopyOrder order(String cache, DataSource source, @Nullable HeldData known) {
    return new DataCopyOrder(installation, HOST, cache, source, known, 1 << 30);
  }

  private HeldData hold(String cache) throws Exception {
    return engine.holdData(order(cache, FILES.folder("model"), null), FENCE, DataProgress.NONE);
  }

  private static GroupSpec mounting(HeldData held, boolean readOnly, String path) {
    ContainerSpec app =
        Specs.changed(
            shell("app", "sleep 100"),
            c -> c.mounts = List.of(new VolumeMount("data", "/d", null, readOnly)));
    return Specs.withVolumes(
        spec(app),
        new VolumeSpec.DataCache("data", "edc-1.1", held.digest(), path, readOnly, "/x", 8));
  }

  private ContainerGroupId started(GroupSpec spec) throws Exception {
    ContainerGroupId group = group(spec);
    start(group, spec, "app");
    return group;
  }

  private List<String> content() throws Exception {
    return EngineObjects.of(installation).stream()
        .filter(object -> object.startsWith("volume " + installation + "-data-"))
        .toList();
  }

  @Test
  void whatIsHeldIsReadByGroupsAndWrittenByNone() throws Exception {
    HeldData held = hold("edc-1.1");
    assertThat(held.bytes()).isEqualTo(7);
    assertThat(engine.heldData(installation)).containsExactly("edc-1.1");

    ContainerGroupId group = started(mounting(held, true, ""));

    assertThat(output(group, "app", "cat /d/weights /d/conf/app.txt")).isEqualTo("42plain");
    assertThat(exec(group, "app", "echo x >/d/weights").exitCode()).isNotZero();
    assertThat(exec(group, "app", "touch /d/new").exitCode()).isNotZero();
  }

  @Test
  void whatAGroupWritesIsItsOwnAndGoesWithIt() throws Exception {
    HeldData held = hold("edc-1.1");
    ContainerGroupId first = started(mounting(held, false, ""));
    ContainerGroupId second = started(mounting(held, false, ""));

    output(first, "app", "echo changed >/d/weights; touch /d/new; rm /d/conf/app.txt");

    assertThat(output(first, "app", "cat /d/weights; ls /d/conf")).isEqualTo("changed");
    assertThat(output(second, "app", "cat /d/weights /d/conf/app.txt; ls /d"))
        .isEqualTo("42plainconf\nweights");
    remove(first);
    remove(second);
    ContainerGroupId third = started(mounting(held, true, ""));
    assertThat(output(third, "app", "cat /d/weights")).isEqualTo("42");
    remove(third);
    assertThat(EngineObjects.of(installation)).hasSize(2);
  }

  @Test
  void whatIsWrittenOverTheDataIsMeasuredAgainstTheDiskOfTheGroup() throws Exception {
    FILES.put("model/weights", "0123456789".repeat(400_000));
    HeldData held = hold("edc-1.1");
    ContainerSpec app =
        Specs.changed(
            shell("app", "sleep 100"),
            c ->
                c.mounts =
                    List.of(
                        new VolumeMount("data", "/d", null, false),
                        new VolumeMount("data", "/c", "conf", false)));
    GroupSpec spec =
        Specs.withVolumes(
            spec(app),
            new VolumeSpec.DataCache("data", "edc-1.1", held.digest(), "", false, "/x", 8));
    ContainerGroupId group = started(spec);
    DiskUsage before =
        eventually(
            () -> engine.diskUsage(installation, group, spec),
            usage -> usage.volumes().containsKey("data"));
    assertThat(before.volumes().get("data")).as("nothing is written yet").isLessThan(1 << 20);

    output(
        group,
        "app",
        "dd if=/dev/zero of=/d/new bs=1M count=5 && dd if=/dev/zero of=/c/new bs=1M count=4"
            + " && rm /d/weights");
    DiskUsage after =
        eventually(
            () -> engine.diskUsage(installation, group, spec),
            usage -> usage.volumes().getOrDefault("data", 0L) >= 9 << 20);

    assertThat(after.volumes().get("data")).isLessThan(10 << 20);
    assertThat(after.exceeding(spec))
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .matches(
                        "The group wrote (9|10) MiB over data cache edc-1.1, more than the 8 MiB of"
                            + " its disk"));
  }

  @Test
  void whatIsWrittenOutlastsItsContainer() throws Exception {
    GroupSpec spec = mounting(hold("edc-1.1"), false, "");
    ContainerGroupId group = started(spec);
    output(group, "app", "echo kept >/d/mine");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    start(group, spec, "app");
    assertThat(output(group, "app", "cat /d/mine")).isEqualTo("kept");
  }

  @Test
  void aFolderOfTheDataAndASubPathOfItAreMounted() throws Exception {
    HeldData held = hold("edc-1.1");
    ContainerGroupId folder = started(mounting(held, true, "conf"));
    assertThat(output(folder, "app", "ls /d")).isEqualTo("app.txt");

    for (boolean readOnly : new boolean[] {true, false}) {
      ContainerSpec app =
          Specs.changed(
              shell("app", "sleep 100"),
              c ->
                  c.mounts =
                      List.of(
                          new VolumeMount("data", "/d", null, readOnly),
                          new VolumeMount("data", "/c", "conf", readOnly)));
      GroupSpec spec =
          Specs.withVolumes(
              spec(app),
              new VolumeSpec.DataCache("data", "edc-1.1", held.digest(), "", readOnly, "/x", 8));
      ContainerGroupId group = started(spec);
      assertThat(output(group, "app", "ls /d /c/app.txt")).contains("weights", "/c/app.txt");
      assertThat(exec(group, "app", "touch /c/new").exitCode() == 0).isEqualTo(!readOnly);
    }
  }

  @Test
  void whatIsNotThereKeepsAGroupWaiting() throws Exception {
    HeldData held = hold("edc-1.1");
    engine.releaseData(installation, "edc-1.1", FENCE);
    GroupSpec spec = mounting(held, true, "");
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    SandboxOrder order = new SandboxOrder(installation, ALICE, group, spec);

    assertThatThrownBy(() -> engine.createSandbox(order, FENCE))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining(
            "Volume data cannot be mounted: data cache edc-1.1 is not on the host");

    hold("edc-1.1");
    engine.createSandbox(order, FENCE);
    assertThat(engine.view(installation, group).sandboxes()).hasSize(1);
  }

  @Test
  void equalContentIsThereOnceAndGoesWithItsLastUser() throws Exception {
    HeldData held = hold("edc-1.1");
    int read = FILES.reads();
    assertThat(
            engine.holdData(
                order("edc-2.1", new DataSource.Copy("edc-1"), held), FENCE, DataProgress.NONE))
        .isEqualTo(held);
    assertThat(hold("edc-1.1")).isEqualTo(held);
    assertThat(FILES.reads()).isEqualTo(read);
    assertThat(content()).hasSize(1);
    ContainerGroupId group = started(mounting(held, true, ""));

    engine.releaseData(installation, "edc-1.1", FENCE);
    engine.releaseData(installation, "edc-2.1", FENCE);

    assertThat(engine.heldData(installation)).isEmpty();
    assertThat(output(group, "app", "cat /d/weights")).isEqualTo("42");
    remove(group);
    assertThat(content()).isEmpty();
  }

  @Test
  void whatSomebodyFilledHalfIsFilledAnew() throws Exception {
    HeldData held = hold("edc-1.1");
    engine.releaseData(installation, "edc-1.1", FENCE);
    String volume = Names.data(installation, held.digest());
    Map<String, String> labels =
        Map.of(
            Names.INSTALLATION,
            installation.value(),
            Names.ROLE,
            Names.ROLE_DATA,
            Names.DATA,
            held.digest());
    EngineObjects.act(
        docker -> {
          docker.createVolumeCmd().withName(volume).withLabels(labels).exec();
          docker
              .createContainerCmd(DockerEngine.TINY_IMAGE)
              .withName(DataVolumes.filler(volume))
              .withLabels(labels)
              .withCmd("sleep", "1")
              .exec();
        });
    assertThat(engine.heldData(installation)).isEmpty();

    hold("edc-1.1");

    ContainerGroupId group = started(mounting(held, true, ""));
    assertThat(output(group, "app", "cat /d/weights")).isEqualTo("42");
  }

  @Test
  void aHostIsGivenWhatOthersHaveAndNothingElse() throws Exception {
    HeldData held = hold("edc-1.1");
    HeldData other = new HeldData("sha256:" + "0".repeat(64), held.bytes(), held.entries());

    assertThatThrownBy(
            () ->
                engine.holdData(
                    order("edc-2.1", FILES.folder("model"), other), FENCE, DataProgress.NONE))
        .isInstanceOf(DataNotFetchedException.class)
        .hasMessageContaining("other data than it had");
    assertThatThrownBy(
            () ->
                engine.holdData(
                    order("edc-2.1", new DataSource.Copy("edc-9"), other),
                    FENCE,
                    DataProgress.NONE))
        .isInstanceOf(DataNotFetchedException.class);
    assertThat(engine.heldData(installation)).containsExactly("edc-1.1");
    engine.releaseData(installation, "edc-2.1", FENCE);
    assertThat(content()).hasSize(1);
  }

  @Test
  void whatAHostDidNotTakeIsBroughtToItWithoutItsSource() throws Exception {
    HeldData held = hold("edc-1.1");
    engine.releaseData(installation, "edc-1.1", FENCE);
    String volume = Names.data(installation, held.digest());
    Fence meddling =
        new Fence() {
          @Override
          public long epoch() {
            return FENCE.epoch();
          }

          @Override
          public void check() {
            standInTheWayOf(volume);
          }
        };
    int before = FILES.reads();
    DataCopyOrder order = order("edc-2.1", FILES.folder("model"), null);
    assertThatThrownBy(() -> engine.holdData(order, meddling, DataProgress.NONE))
        .isInstanceOfSatisfying(
            DataNotFetchedException.class,
            e -> assertThat(e.reason()).isEqualTo(DataNotFetchedException.Reason.NOT_KEPT));
    int after = FILES.reads();
    assertThat(after).isGreaterThan(before);
    assertThat(engine.holdData(order, FENCE, DataProgress.NONE)).isEqualTo(held);
    assertThat(FILES.reads()).isEqualTo(after);
  }

  /** As soon as there is a volume, something else has the name of what is to fill it. */
  private void standInTheWayOf(String volume) {
    try {
      EngineObjects.act(
          docker -> {
            try {
              docker.inspectVolumeCmd(volume).exec();
              docker
                  .createContainerCmd(DockerEngine.TINY_IMAGE)
                  .withName(DataVolumes.filler(volume))
                  .withLabels(Map.of(Names.INSTALLATION, installation.value()))
                  .withCmd("sleep", "1")
                  .exec();
            } catch (NotFoundException | ConflictException e) {
              // Not yet, or already.
            }
          });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoIsStoppedAtAnyMomentLeavesNothingThatCountsAsHeld() throws Exception {
    FILES.put("model/weights", "0123456789".repeat(300_000));
    for (int stopAt = 0; stopAt < 4; stopAt++) {
      int calls = stopAt;
      AtomicInteger checks = new AtomicInteger();
      Fence dying =
          new Fence() {
            @Override
            public long epoch() {
              return FENCE.epoch();
            }

            @Override
            public void check() throws StaleFenceException {
              if (checks.getAndIncrement() > calls) {
                throw new StaleFenceException("died");
              }
            }
          };
      DataCopyOrder order = order("edc-1.1", FILES.folder("model"), null);
      assertThatThrownBy(() -> engine.holdData(order, dying, DataProgress.NONE))
          .isInstanceOf(StaleFenceException.class);
      assertThat(engine.heldData(installation)).isEmpty();
    }
    HeldData held = hold("edc-1.1");
    assertThat(held.bytes()).isEqualTo(3_000_005);
    ContainerGroupId group = started(mounting(held, true, ""));
    assertThat(output(group, "app", "wc -c </d/weights")).isEqualTo("3000000");
    remove(group);
    engine.releaseData(installation, "edc-1.1", FENCE);
    assertThat(content()).isEmpty();
  }

  @Test
  void whoIsInterruptedWhileItIsReadOrFilledHoldsNothing() throws Exception {
    FILES.put("model/weights", "0123456789".repeat(300_000));
    for (boolean filling : new boolean[] {false, true}) {
      Thread holder = Thread.currentThread();
      DataProgress interrupting =
          (read, _, total) -> {
            if (filling == (read == total)) {
              holder.interrupt();
            }
          };
      DataCopyOrder order = order("edc-1.1", FILES.folder("model"), null);
      assertThatThrownBy(() -> engine.holdData(order, FENCE, interrupting))
          .isInstanceOf(InterruptedException.class);
      assertThat(engine.heldData(installation)).isEmpty();
    }
    engine.releaseData(installation, "edc-1.1", FENCE);
    assertThat(content()).isEmpty();
    hold("edc-1.1");
  }
}
