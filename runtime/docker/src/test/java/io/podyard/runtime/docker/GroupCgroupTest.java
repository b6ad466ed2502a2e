package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.contract.OpenFence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders that look like those of the kernel. */
class GroupCgroupTest {

  private static final InstallationId INSTALLATION = new InstallationId("i");
  private static final ContainerGroupId GROUP = new ContainerGroupId("g");
  private static final Size SIZE = Size.of(1500, 64);
  private static final String BYTES = String.valueOf((64L + 16) << 20);

  @TempDir private Path root;

  private String read(String file) throws IOException {
    return Files.readString(root.resolve(file));
  }

  @Test
  void inTheUnifiedHierarchyTheGroupIsBound() throws Exception {
    Files.createFile(root.resolve("cgroup.controllers"));

    assertThat(new GroupCgroup(root).ensure(INSTALLATION, GROUP, SIZE, new OpenFence(1)))
        .contains("/podyard/i-g");

    assertThat(read("podyard/i-g/cpu.max")).isEqualTo("150000 100000");
    assertThat(read("podyard/i-g/memory.max")).isEqualTo(BYTES);
    assertThat(read("cgroup.subtree_control")).contains("+memory");
    assertThat(read("podyard/cgroup.subtree_control")).contains("+cpu");
  }

  @Test
  void inSeparateHierarchiesTheGroupIsBound() throws Exception {
    for (String hierarchy : new String[] {"cpu", "memory", "pids"}) {
      Files.createDirectory(root.resolve(hierarchy));
    }

    assertThat(new GroupCgroup(root).ensure(INSTALLATION, GROUP, SIZE, new OpenFence(1)))
        .contains("/podyard/i-g");

    assertThat(new GroupCgroup(root).unusableBecause()).isEmpty();
    assertThat(read("cpu/podyard/i-g/cpu.cfs_quota_us")).isEqualTo("150000");
    assertThat(read("memory/podyard/i-g/memory.limit_in_bytes")).isEqualTo(BYTES);
  }

  @Test
  void itIsRemovedFromAllHierarchies() throws Exception {
    for (String hierarchy : new String[] {"cpu", "memory", "pids"}) {
      Files.createDirectories(root.resolve(hierarchy).resolve("podyard/i-g"));
    }
    Files.createDirectories(root.resolve("cpu/podyard/i-other"));

    GroupCgroup cgroup = new GroupCgroup(root);
    cgroup.remove(INSTALLATION, GROUP, new OpenFence(1));
    cgroup.remove(INSTALLATION, GROUP, new OpenFence(1));

    assertThat(root.resolve("cpu/podyard/i-g")).doesNotExist();
    assertThat(root.resolve("pids/podyard/i-g")).doesNotExist();
    assertThat(root.resolve("cpu/podyard/i-other")).exists();
  }

  @Test
  void whereThereAreNoneThereIsNone() throws Exception {
    assertThat(
            new GroupCgroup(root.resolve("none"))
                .ensure(INSTALLATION, GROUP, SIZE, new OpenFence(1)))
        .isEmpty();
    assertThat(new GroupCgroup(root.resolve("none")).unusableBecause().orElseThrow())
        .contains("cgroups below " + root.resolve("none"));
    new GroupCgroup(root.resolve("none")).remove(INSTALLATION, GROUP, new OpenFence(1));
  }
}
