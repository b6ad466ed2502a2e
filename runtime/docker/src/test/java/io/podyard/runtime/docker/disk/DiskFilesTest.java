package io.podyard.runtime.docker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.Fence;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks on this machine's own loop devices; needs root. */
@Timeout(120)
class DiskFilesTest {

  private static final Fence FENCE = new OpenFence(1);
  private static final String ID = "d-test";
  private static final String USER = "eci-one";

  @TempDir Path folder;
  private DiskFiles disks;
  private Path mountPoint;

  @BeforeEach
  void open() throws IOException {
    folder = folder.toRealPath();
    disks = new DiskFiles(folder.resolve("disks"));
    mountPoint = Files.createDirectory(folder.resolve("mounted"));
    DiskFiles.unusableBecause().ifPresent(why -> EngineForTests.skip("loop", why));
  }

  @AfterEach
  void nothingIsAttached() throws Exception {
    var _ = HostTools.run("umount", mountPoint.toString());
    disks.detach(ID, USER, FENCE);
    disks.delete(ID, FENCE);
    assertThat(devices()).isEmpty();
    assertThat(disks.ids()).isEmpty();
    assertThat(left()).isEmpty();
  }

  private List<String> left() throws IOException {
    Path root = folder.resolve("disks");
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("locks"))
          .toList();
    }
  }

  private List<String> devices() throws IOException {
    return HostTools.need("losetup", "--noheadings", "--output", "NAME,BACK-FILE")
        .lines()
        .filter(line -> line.contains(folder.toString()))
        .toList();
  }

  private void mount() throws IOException {
    HostTools.need("mount", "-t", "ext4", disks.device(ID).toString(), mountPoint.toString());
  }

  private void unmount() throws IOException {
    HostTools.need("umount", mountPoint.toString());
  }

  private long mib() throws IOException {
    FileStore store = Files.getFileStore(mountPoint);
    return store.getTotalSpace() >> 20;
  }

  @Test
  void whatIsWrittenSurvivesDetachingAndTheFileIsSparse() throws Exception {
    assertThat(disks.attach(ID, 20, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mib()).isBetween(19_000L, 20_480L);
    Files.writeString(mountPoint.resolve("file"), "kept");
    assertThatThrownBy(() -> disks.detach(ID, USER, FENCE)).hasMessageContaining("still mounted");
    unmount();
    disks.detach(ID, USER, FENCE);
    disks.detach(ID, USER, FENCE);
    assertThat(devices()).isEmpty();
    Path image = folder.resolve("disks/" + ID + ".img");
    assertThat(Files.size(image)).isEqualTo(20L << 30);
    assertThat(((Number) Files.getAttribute(image, "unix:nlink")).intValue()).isEqualTo(1);

    assertThat(disks.attach(ID, 20, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mountPoint.resolve("file")).hasContent("kept");
  }

  @Test
  void howeverManyDoItAtOnceAFileHasOneDevice() throws Exception {
    List<Callable<Path>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(
          () -> {
            DiskFiles own = new DiskFiles(folder.resolve("disks"));
            DiskFiles.Growth _ = own.attach(ID, 1, USER, FENCE);
            return own.device(ID).toRealPath();
          });
    }
    Set<Path> devices = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Path> call : threads.invokeAll(calls)) {
        devices.add(call.get());
      }
    }
    assertThat(devices).hasSize(1);
    assertThat(devices()).hasSize(1);
  }

  @Test
  void whateverAKilledProcessLeftIsGoneOnWith() throws Exception {
    Path root = Files.createDirectories(folder.resolve("disks"));
    Files.writeString(root.resolve(ID + ".new"), "half a file");
    Files.writeString(root.resolve(ID + ".user-new"), "half a user");
    DiskFiles.Growth _ = disks.attach(ID, 1, USER, FENCE);
    mount();
    Files.writeString(mountPoint.resolve("file"), "kept");
    unmount();
    // Attached without its link; a link to a device of before the machine's restart; neither.
    Files.delete(disks.device(ID));
    goesOn();
    Files.delete(disks.device(ID));
    Files.createSymbolicLink(disks.device(ID), Path.of("/dev/loop-of-before"));
    goesOn();
    HostTools.need("losetup", "--detach", disks.device(ID).toRealPath().toString());
    goesOn();
    Files.createSymbolicLink(root.resolve(ID + ".dev-new"), Path.of("/dev/null"));
    Files.delete(disks.device(ID));
    goesOn();
    // Nobody's, and still attached.
    Files.delete(root.resolve(ID + ".user"));
    goesOn();
    // Somebody's, and not attached.
    HostTools.need("losetup", "--detach", disks.device(ID).toRealPath().toString());
    disks.detach(ID, USER, FENCE);
    assertThat(disks.user(ID)).isEmpty();
    assertThat(disks.device(ID)).doesNotExist();
    // A machine that stopped while it was written.
    Files.writeString(root.resolve(ID + ".user"), "");
    goesOn();
  }

  private void goesOn() throws Exception {
    assertThat(disks.attach(ID, 1, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    assertThat(devices()).hasSize(1);
    mount();
    assertThat(mountPoint.resolve("file")).hasContent("kept");
    unmount();
  }

  @Test
  void aDiskGrowsAndNeverShrinks() throws Exception {
    DiskFiles.Growth _ = disks.attach(ID, 1, USER, FENCE);
    assertThat(disks.attach(ID, 2, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mib()).isBetween(1_900L, 2_048L);

    Files.writeString(mountPoint.resolve("file"), "kept");
    DiskFiles.Growth mounted = disks.attach(ID, 3, USER, FENCE);
    if (mounted == DiskFiles.Growth.WHEN_UNMOUNTED) {
      unmount();
      assertThat(disks.attach(ID, 3, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
      mount();
    }
    assertThat(mib()).isBetween(2_850L, 3_072L);
    assertThat(mountPoint.resolve("file")).hasContent("kept");
    unmount();

    assertThat(disks.attach(ID, 1, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    assertThat(Files.size(folder.resolve("disks/" + ID + ".img"))).isEqualTo(3L << 30);
  }

  @Test
  void aDiskIsOfOneUserUntilItIsDetached() throws Exception {
    DiskFiles.Growth _ = disks.attach(ID, 1, USER, FENCE);

    assertThatThrownBy(() -> disks.attach(ID, 1, "eci-two", FENCE))
        .isInstanceOfSatisfying(
            DiskInUseException.class, e -> assertThat(e.user()).isEqualTo(USER));
    assertThatThrownBy(() -> disks.delete(ID, FENCE)).isInstanceOf(DiskInUseException.class);
    disks.detach(ID, "eci-two", FENCE);
    assertThat(devices()).hasSize(1);
    assertThat(disks.of(USER)).containsExactly(ID);
    assertThat(disks.of("eci-two")).isEmpty();

    disks.detach(ID, USER, FENCE);
    assertThat(disks.of(USER)).isEmpty();
    DiskFiles.Growth _ = disks.attach(ID, 1, "eci-two", FENCE);
    disks.detach(ID, "eci-two", FENCE);
  }

  /** As with an engine whose mounts this process does not see. */
  @Test
  void aDiskMountedOutOfSightIsNeitherTouchedNorGivenAway() throws Exception {
    DiskFiles.Growth _ = disks.attach(ID, 1, USER, FENCE);
    Process out =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t ext4 \"$0\" \"$1\" && echo mounted && read line",
                disks.device(ID).toString(),
                mountPoint.toString())
            .start();
    try {
      assertThat(out.inputReader().readLine()).isEqualTo("mounted");
      assertThat(disks.attach(ID, 1, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
      assertThat(disks.attach(ID, 2, USER, FENCE)).isEqualTo(DiskFiles.Growth.WHEN_UNMOUNTED);
      assertThatThrownBy(() -> disks.detach(ID, USER, FENCE)).hasMessageContaining("still used");
      assertThat(disks.user(ID)).contains(USER);
    } finally {
      out.getOutputStream().close();
      assertThat(out.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(disks.attach(ID, 2, USER, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mib()).isBetween(1_900L, 2_048L);
  }

  @Test
  void aDamagedDiskIsNotMountedAndSaidToBeDamaged() throws Exception {
    DiskFiles.Growth _ = disks.attach(ID, 1, USER, FENCE);
    disks.detach(ID, USER, FENCE);
    try (RandomAccessFile image =
        new RandomAccessFile(folder.resolve("disks/" + ID + ".img").toFile(), "rw")) {
      image.seek(1024);
      image.write(new byte[1024]);
    }
    assertThatThrownBy(() -> disks.attach(ID, 1, USER, FENCE))
        .isInstanceOf(DiskFailedException.class)
        .hasMessageContaining("no ext4 file system");
  }

  @Test
  void aDiskLargerThanAnyFileIsRefused() {
    assertThatThrownBy(() -> disks.attach(ID, 1 << 30, USER, FENCE))
        .isInstanceOf(IOException.class);
    assertThat(disks.exists(ID)).isFalse();
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() {
    for (String id : List.of("", "../x", "a/b", "A", "-a")) {
      assertThatThrownBy(() -> disks.device(id)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
