package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.docker.disk.DiskFiles;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.SandboxOrder;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Disks of groups on a real engine on this machine. */
@Timeout(120)
class GroupDisksTest extends EngineGround {

  private final String id = "d-" + random(12);

  @BeforeEach
  void canAttach() {
    new DiskFiles(folder).unusableBecause().ifPresent(why -> EngineForTests.skip("loop", why));
  }

  @AfterEach
  void nothingIsAttached() throws Exception {
    EngineObjects.removeAll(engine, installation);
    engine.removeDisk(installation, id, FENCE);
    assertThat(Files.exists(folder.resolve("disks/" + installation + "/" + id + ".img"))).isFalse();
  }

  private GroupSpec spec(int gib) {
    ContainerSpec app =
        Specs.changed(
            shell("app", "sleep 100"),
            c -> c.mounts = List.of(new VolumeMount("data", "/data", null, false)));
    return Specs.withVolumes(spec(app), new VolumeSpec.Disk("data", id, gib));
  }

  private long mib(ContainerGroupId group) throws Exception {
    String[] stat = output(group, "app", "stat -f -c '%S %b' /data").split(" ");
    return Long.parseLong(stat[0]) * Long.parseLong(stat[1]) >> 20;
  }

  @Test
  void whatIsOnADiskSurvivesItsGroupAndTheDiskGrows() throws Exception {
    ContainerGroupId first = group(spec(1));
    start(first, spec(1), "app");
    output(first, "app", "echo kept >/data/file");
    assertThat(mib(first)).isBetween(900L, 1024L);

    engine.updateSandbox(new SandboxOrder(installation, ALICE, first, spec(2)), FENCE);
    assertThat(output(first, "app", "cat /data/file")).isEqualTo("kept");
    remove(first);

    ContainerGroupId second = group(spec(2));
    start(second, spec(2), "app");
    assertThat(output(second, "app", "cat /data/file")).isEqualTo("kept");
    assertThat(mib(second)).isBetween(1_900L, 2_048L);
  }
}
