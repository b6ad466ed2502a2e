package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostPaths;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeMount.Propagation;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.VolumeSpec.HostPathKind;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes whose content is not the group's, on a real engine on this machine. */
@Timeout(120)
class LastingVolumesTest extends EngineGround {

  private static final int NFS_PORT = 2049;

  @TempDir Path host;
  private Path reading;
  private Path writing;

  @BeforeEach
  void allow() throws IOException {
    host = host.toRealPath();
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
    reading = Files.createDirectory(host.resolve("reading"));
    writing = Files.createDirectory(host.resolve("writing"));
    Files.setPosixFilePermissions(writing, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(reading.resolve("file"), "from the host\n");
    Files.createDirectories(reading.resolve("a/b"));
    Files.writeString(reading.resolve("a/b/deep"), "deep\n");
    engine.close();
    engine =
        EngineForTests.engine(
            EngineForTests.settings(folder).with(HostPaths.parse(reading + "," + writing + ":rw")));
    if (!sharesFiles()) {
      EngineForTests.skip("the engine is on another machine");
    }
  }

  private static boolean sharesFiles() {
    return EngineForTests.settings(folder).host().getScheme().equals("unix");
  }

  @AfterEach
  void theHostKeepsWhatItHas() throws Exception {
    EngineObjects.removeAll(engine, installation);
    assertThat(Files.readString(reading.resolve("file"))).isEqualTo("from the host\n");
    assertThat(Files.readString(reading.resolve("a/b/deep"))).isEqualTo("deep\n");
  }

  private static VolumeSpec path(String name, Path path) {
    return new VolumeSpec.HostPath(name, path.toString(), HostPathKind.DIRECTORY);
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMount(volume, path, null, false);
  }

  private static ContainerSpec staying(String name, VolumeMount... mounts) {
    return Specs.changed(shell(name, "sleep 100"), c -> c.mounts = List.of(mounts));
  }

  private ContainerGroupId started(GroupSpec spec) throws Exception {
    ContainerGroupId group = group(spec);
    for (ContainerSpec container : spec.containers()) {
      start(group, spec, container.name());
    }
    return group;
  }

  @Test
  void foldersAndFilesOfTheHostAreSeenAndOnlyThoseAllowedAreWritten() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying(
                    "app",
                    mount("r", "/r"),
                    mount("w", "/w"),
                    mount("f", "/etc/one"),
                    new VolumeMount("below", "/below", "b", false))),
            path("r", reading),
            path("w", writing),
            path("below", reading.resolve("a")),
            new VolumeSpec.HostPath("f", reading.resolve("file").toString(), HostPathKind.FILE));
    ContainerGroupId group = started(spec);

    assertThat(output(group, "app", "cat /r/file /etc/one /below/deep /r/a/b/deep"))
        .isEqualTo("from the host\nfrom the host\ndeep\ndeep");
    assertThat(exec(group, "app", "touch /r/x || touch /below/x").exitCode()).isNotZero();
    assertThat(exec(group, "app", "echo x >/etc/one").exitCode()).isNotZero();
    output(group, "app", "echo written >/w/new");
    assertThat(Files.readString(writing.resolve("new"))).isEqualTo("written\n");

    remove(group);
    assertThat(Files.readString(writing.resolve("new"))).isEqualTo("written\n");
  }

  @Test
  void whatIsNotAllowedNotThereOrReachedByALinkIsNotMounted() throws Exception {
    Files.createSymbolicLink(writing.resolve("link"), Path.of("/etc"));
    Files.createSymbolicLink(reading.resolve("a/link"), Path.of("b"));
    assertRefused(path("v", host), null, "does not allow");
    assertRefused(path("v", Path.of("/etc")), null, "does not allow");
    assertRefused(path("v", reading.resolve("nothing")), null, "no such file");
    assertRefused(path("v", reading.resolve("file")), null, "not a directory");
    assertRefused(path("v", writing.resolve("link")), null, "link on the way");
    assertRefused(path("v", writing), "link", "link on the way");
    assertRefused(path("v", reading), "a/link", "link on the way");
    assertRefused(
        new VolumeSpec.HostPath("v", reading.resolve("a").toString(), HostPathKind.FILE),
        null,
        "is a folder");
    Files.writeString(writing.resolve("file"), "x");
    assertRefused(
        new VolumeSpec.HostPath("v", writing.resolve("file").toString(), HostPathKind.FILE),
        null,
        "groups cannot write");
  }

  private void assertRefused(VolumeSpec volume, @Nullable String subPath, String why)
      throws Exception {
    GroupSpec spec =
        Specs.withVolumes(spec(staying("app", new VolumeMount("v", "/v", subPath, false))), volume);
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    assertThatThrownBy(
            () -> engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE))
        .isInstanceOfSatisfying(
            RuntimeUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(FailedMounts.REASON))
        .hasMessageContaining("Volume v cannot be mounted")
        .hasMessageContaining(why);
    assertThat(engine.view(installation, group).sandboxes())
        .noneMatch(sandbox -> sandbox.running());
    engine.removeSandbox(installation, group, FENCE);
  }

  @Test
  void whatIsAllowedButNotThereIsSaidOfItsVolume() throws Exception {
    Path gone = host.resolve("gone");
    engine.close();
    engine =
        EngineForTests.engine(
            EngineForTests.settings(folder).with(HostPaths.parse(reading + "," + gone)));
    GroupSpec spec = Specs.withVolumes(spec(staying("app")), path("r", reading), path("g", gone));
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    assertThatThrownBy(
            () -> engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE))
        .isInstanceOfSatisfying(
            RuntimeUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo(FailedMounts.REASON))
        .hasMessageContaining("Volume g cannot be mounted");
  }

  /** As of a process that died between the comparison and the start of the sandbox. */
  @Test
  void whatAnEarlierTryLeftIsNotInTheWay() throws Exception {
    GroupSpec spec = Specs.withVolumes(spec(staying("app", mount("r", "/r"))), path("r", reading));
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    Map<String, String> labels = Names.labels(installation, group, ALICE, 1);
    labels.put(Names.ROLE, Names.ROLE_END);
    leaveBehind(installation + "-" + group + "-guard", labels);
    engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE);
    assertThat(EngineObjects.of(installation)).noneMatch(object -> object.endsWith("-guard"));

    leaveBehind(installation + "-" + group + "-guard", labels);
    leaveBehind(installation + "-" + group + "-nfs", labels);
    engine.removeSandbox(installation, group, FENCE);
    assertThat(EngineObjects.of(installation)).isEmpty();
  }

  private static void leaveBehind(String name, Map<String, String> labels) throws Exception {
    EngineObjects.act(
        docker -> {
          String id =
              docker
                  .createContainerCmd(DockerEngine.TINY_IMAGE)
                  .withName(name)
                  .withCmd("sleep", "300")
                  .withLabels(labels)
                  .exec()
                  .getId();
          docker.startContainerCmd(id).exec();
        });
  }

  @Test
  void whatAnUpdateTakesAwayKeepsItsFiles() throws Exception {
    Files.writeString(writing.resolve("kept"), "kept");
    GroupSpec first =
        Specs.withVolumes(
            spec(staying("app", mount("w", "/w"))),
            path("w", writing),
            new VolumeSpec.EmptyDir("e", false, null));
    ContainerGroupId group = started(first);
    engine.removeContainer(view(group, "app").engineId(), FENCE);

    GroupSpec second =
        Specs.withVolumes(spec(staying("app", mount("r", "/r"))), path("r", reading));
    engine.updateSandbox(new SandboxOrder(installation, ALICE, group, second), FENCE);
    start(group, second, "app");

    assertThat(output(group, "app", "cat /r/file")).isEqualTo("from the host");
    assertThat(Files.readString(writing.resolve("kept"))).isEqualTo("kept");
  }

  @Test
  void whatTheHostMountsLaterIsSeenIfAskedFor() throws Exception {
    Path inner = Files.createDirectory(reading.resolve("inner"));
    if (!run("mount", "--bind", reading.toString(), reading.toString())) {
      EngineForTests.skip("mount", "this process may not mount");
    }
    try {
      assertThat(run("mount", "--make-shared", reading.toString())).isTrue();
      GroupSpec spec =
          Specs.withVolumes(
              spec(
                  staying(
                      "sees",
                      new VolumeMount("r", "/r", null, true, Propagation.HOST_TO_CONTAINER)),
                  staying("blind", mount("r", "/r"))),
              path("r", reading));
      ContainerGroupId group = started(spec);

      assertThat(run("mount", "-t", "tmpfs", "-o", "size=1m", "late", inner.toString())).isTrue();
      try {
        Files.writeString(inner.resolve("late"), "late");
        assertThat(output(group, "sees", "cat /r/inner/late")).isEqualTo("late");
        assertThat(output(group, "blind", "ls -A /r/inner")).isEmpty();
        assertThat(exec(group, "sees", "touch /r/x").exitCode()).isNotZero();
      } finally {
        run("umount", inner.toString());
      }
      EngineObjects.removeAll(engine, installation);
    } finally {
      run("umount", reading.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void theEngineIsToldHowToMountAServersFolder() throws Exception {
    String server = "nfs.unreachable.invalid";
    GroupSpec spec =
        Specs.withVolumes(
            spec(staying("app", mount("n", "/n"), new VolumeMount("r", "/r", "a//b/", true))),
            new VolumeSpec.Nfs("n", server, "/share", false),
            new VolumeSpec.Nfs("r", server, "/", true));
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    assertThatThrownBy(
            () -> engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE))
        .hasMessageContaining(server);

    assertThat(options(Names.volume(installation, group, "n", "")))
        .containsEntry("type", "nfs")
        .containsEntry("device", ":/share")
        .containsEntry("o", "addr=" + server + ",nfsvers=4,nosuid,nodev,rw");
    assertThat(options(Names.volume(installation, group, "r", "a/b")))
        .containsEntry("device", ":/a/b")
        .containsEntry("o", "addr=" + server + ",nfsvers=4,nosuid,nodev,ro");
  }

  private static Map<String, String> options(String volume) throws Exception {
    return EngineObjects.ask(docker -> docker.inspectVolumeCmd(volume).exec().getOptions());
  }

  @Test
  void aServersFolderThatTheKernelCannotMountSaysWhy() throws Exception {
    Assumptions.assumeFalse(kernelMountsNfs(), "this kernel can mount NFS");
    try (ServerSocket server = listening()) {
      assertThat(server.isBound()).isTrue();
      GroupSpec spec =
          Specs.withVolumes(
              spec(staying("app", mount("n", "/n"))),
              new VolumeSpec.Nfs("n", "127.0.0.1", "/share", false));
      ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
      assertThatThrownBy(
              () -> engine.createSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo(FailedMounts.REASON))
          .hasMessage("Volume n cannot be mounted: no such device");
    }
  }

  private static ServerSocket listening() throws IOException {
    try {
      return new ServerSocket(NFS_PORT, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      EngineForTests.skip("port-2049", "it is taken, by an NFS server perhaps");
      throw e;
    }
  }

  static boolean kernelMountsNfs() throws IOException {
    return Files.readString(Path.of("/proc/filesystems"))
        .lines()
        .anyMatch(l -> l.endsWith("\tnfs4"));
  }

  /** On a kernel that can, with a server's folder that may be written, as {@code server:/path}. */
  @Test
  void whatIsOnAServerOutlivesTheGroup() throws Exception {
    if (!kernelMountsNfs()) {
      EngineForTests.skip("nfs", "this kernel cannot mount it");
    }
    String share = System.getenv("PODYARD_TEST_NFS");
    if (share == null || !share.contains(":/")) {
      EngineForTests.skip("nfs", "PODYARD_TEST_NFS names no server:/path");
      return;
    }
    int colon = share.indexOf(':');
    String file = "/n/podyard-" + random(8);
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying("app", mount("n", "/n")),
                staying("reads", new VolumeMount("ro", "/n", null, false))),
            new VolumeSpec.Nfs("n", share.substring(0, colon), share.substring(colon + 1), false),
            new VolumeSpec.Nfs("ro", share.substring(0, colon), share.substring(colon + 1), true));
    ContainerGroupId first = started(spec);
    output(first, "app", "echo kept >" + file);
    assertThat(exec(first, "reads", "echo x >" + file).exitCode()).isNotZero();
    remove(first);

    ContainerGroupId second = started(spec);
    assertThat(output(second, "reads", "cat " + file)).isEqualTo("kept");
    output(second, "app", "rm " + file);
  }

  @Test
  void withoutALimitMemoryHoldsNoMoreThanTheGroupHas() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(staying("app", mount("m", "/m"))), new VolumeSpec.EmptyDir("m", true, null));
    ContainerGroupId group = started(spec);

    assertThat(output(group, "app", "grep ' /m ' /proc/mounts"))
        .startsWith("tmpfs")
        .contains("size=" + SIZE.memory().value() * 1024 + "k");
  }
}
