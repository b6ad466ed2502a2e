package io.podyard.runtime.docker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.Fence;
import io.podyard.runtime.contract.OpenFence;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks on this machine's own loop devices; needs root. */
@Timeout(120)
class DiskFilesTest {

  private static final Fence FENCE = new OpenFence(1);
  private static final String ID = "d-test";

  @TempDir Path folder;
  private DiskFiles disks;
  private Path mountPoint;

  @BeforeEach
  void open() throws IOException {
    folder = folder.toRealPath();
    disks = new DiskFiles(folder.resolve("disks"));
    mountPoint = Files.createDirectory(folder.resolve("mounted"));
    String why = disks.unusableBecause().orElse("");
    if (!why.isEmpty()) {
      String line = "SKIPPED-NEEDS: loop (" + why + ")";
      System.out.println(line);
      Assumptions.abort(line);
    }
  }

  @AfterEach
  void nothingIsAttached() throws Exception {
    HostTools.run("umount", mountPoint.toString());
    disks.delete(ID, FENCE);
    assertThat(devices()).isEmpty();
    Path root = folder.resolve("disks");
    assertThat(!Files.exists(root) || Files.list(root).findAny().isEmpty()).isTrue();
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
    assertThat(disks.ensure(ID, 20, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mib()).isBetween(19_000L, 20_480L);
    Files.writeString(mountPoint.resolve("file"), "kept");
    assertThatThrownBy(() -> disks.detach(ID, FENCE)).hasMessageContaining("still mounted");
    unmount();
    disks.detach(ID, FENCE);
    disks.detach(ID, FENCE);
    assertThat(devices()).isEmpty();
    Path image = folder.resolve("disks/" + ID + ".img");
    assertThat(Files.size(image)).isEqualTo(20L << 30);
    assertThat(((Number) Files.getAttribute(image, "unix:nlink")).intValue()).isEqualTo(1);

    assertThat(disks.ensure(ID, 20, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mountPoint.resolve("file")).hasContent("kept");
  }

  @Test
  void howeverManyDoItAtOnceAFileHasOneDevice() throws Exception {
    List<Callable<Path>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(
          () -> {
            // Locks of one process are refused, not waited for; each is one of its own here.
            synchronized (DiskFilesTest.class) {
              DiskFiles.Growth _ = disks.ensure(ID, 1, FENCE);
            }
            return disks.device(ID).toRealPath();
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
    DiskFiles.Growth _ = disks.ensure(ID, 1, FENCE);
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
  }

  private void goesOn() throws Exception {
    assertThat(disks.ensure(ID, 1, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    assertThat(devices()).hasSize(1);
    mount();
    assertThat(mountPoint.resolve("file")).hasContent("kept");
    unmount();
  }

  @Test
  void aDiskGrowsAndNeverShrinks() throws Exception {
    DiskFiles.Growth _ = disks.ensure(ID, 1, FENCE);
    assertThat(disks.ensure(ID, 2, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    mount();
    assertThat(mib()).isBetween(1_900L, 2_048L);

    Files.writeString(mountPoint.resolve("file"), "kept");
    DiskFiles.Growth mounted = disks.ensure(ID, 3, FENCE);
    if (mounted == DiskFiles.Growth.WHEN_UNMOUNTED) {
      unmount();
      assertThat(disks.ensure(ID, 3, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
      mount();
    }
    assertThat(mib()).isBetween(2_850L, 3_072L);
    assertThat(mountPoint.resolve("file")).hasContent("kept");
    unmount();

    assertThat(disks.ensure(ID, 1, FENCE)).isEqualTo(DiskFiles.Growth.DONE);
    assertThat(Files.size(folder.resolve("disks/" + ID + ".img"))).isEqualTo(3L << 30);
  }

  @Test
  void aNameThatLeadsElsewhereIsRefused() {
    for (String id : List.of("", "../x", "a/b", "A", "-a")) {
      assertThatThrownBy(() -> disks.device(id)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
