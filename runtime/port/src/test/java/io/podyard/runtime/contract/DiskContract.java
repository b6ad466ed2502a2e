package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Fence;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Disks: what is on them outlives their groups. */
abstract class DiskContract extends CopyContract {

  private static final Fence FENCE = new OpenFence(1);
  private static final long KIB_PER_GIB = 1 << 20;

  private final String disk = "d-" + random(16);

  /** Skips the test, loudly, where the host can have no disks. */
  protected void needDisks() {}

  /** Whether a disk grows while containers have it; else it does with the next group. */
  protected boolean growsInUse() {
    return true;
  }

  private GroupSpec withDisk(int gib, ContainerSpec... containers) {
    return withVolumes(
        spec(RestartPolicy.ALWAYS, containers), new VolumeSpec.Disk("data", disk, gib));
  }

  private static ContainerSpec mounting(ContainerSpec spec, VolumeMount... mounts) {
    return spec.withMounts(List.of(mounts));
  }

  private static VolumeMount whole(String path) {
    return new VolumeMount("data", path, null, false);
  }

  private GroupSpec staying(int gib) {
    return withDisk(gib, mounting(staying("app"), whole("/data")));
  }

  private DrivenGroup running(GroupSpec spec) throws Exception {
    DrivenGroup group = group(spec);
    driveTo(runtime, group, GroupPhase.RUNNING);
    return group;
  }

  private void end(DrivenGroup group) throws Exception {
    group.goal(end(Duration.ZERO));
    driveTo(runtime, group, GroupPhase.GONE);
  }

  private ExecResult run(DrivenGroup group, String script) throws Exception {
    return runtime.exec(
        installation,
        host(),
        group.id(),
        "app",
        List.of("sh", "-c", script),
        Duration.ofSeconds(20));
  }

  private String output(DrivenGroup group, String script) throws Exception {
    ExecResult result = run(group, script);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output().strip();
  }

  private long kib(DrivenGroup group) throws Exception {
    String[] lines = output(group, "df -k /data").split("\n");
    return Long.parseLong(lines[lines.length - 1].split(" +")[1]);
  }

  @Test
  void whatIsOnADiskOutlivesItsGroup() throws Exception {
    needDisks();
    assertThat(runtime.disks(installation, host())).isEmpty();
    DrivenGroup first =
        running(
            withDisk(
                1,
                mounting(
                    container("app", "sh", "-c", "echo begun >/data/log; sleep 1000"),
                    whole("/data"))));
    output(first, "echo kept >/data/file");
    driveUntil(runtime, first, _ -> run(first, "cat /data/log").output().equals("begun\n"));
    assertThat(runtime.disks(installation, host())).containsExactly(disk);
    end(first);

    assertThat(runtime.disks(installation, host())).containsExactly(disk);
    DrivenGroup second = running(staying(1));
    assertThat(output(second, "cat /data/file /data/log")).isEqualTo("kept\nbegun");
    assertThat(kib(second)).isBetween(KIB_PER_GIB * 9 / 10, KIB_PER_GIB);
  }

  @Test
  void aDiskGrowsUnderItsContainersAndNeverShrinks() throws Exception {
    needDisks();
    DrivenGroup group = running(staying(1));
    output(group, "echo kept >/data/file");
    FoundGroup before = found(runtime, group).orElseThrow();

    group.update(staying(3));
    GroupState after =
        driveUntil(runtime, group, s -> s.generation() == 2 && s.phase() == GroupPhase.RUNNING);

    assertThat(after.container("app").orElseThrow().current())
        .isInstanceOf(ContainerStatus.Running.class);
    assertThat(found(runtime, group)).contains(before);
    assertThat(output(group, "cat /data/file")).isEqualTo("kept");
    if (growsInUse()) {
      assertThat(kib(group)).isBetween(KIB_PER_GIB * 27 / 10, KIB_PER_GIB * 3);
    }
    end(group);

    DrivenGroup smaller = running(staying(2));
    assertThat(kib(smaller)).isBetween(KIB_PER_GIB * 27 / 10, KIB_PER_GIB * 3);
    assertThat(output(smaller, "cat /data/file")).isEqualTo("kept");
  }

  @Test
  void aDiskIsOfOneGroupUntilThatIsGone() throws Exception {
    needDisks();
    DrivenGroup first = running(staying(1));
    DrivenGroup second = group(staying(1));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> driveTo(runtime, second, GroupPhase.RUNNING))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo("AttachDiskFailed"))
          .hasMessageContaining("Volume data")
          .hasMessageContaining(disk)
          .hasMessageContaining("another container group");
    }
    assertThatThrownBy(() -> runtime.removeDisk(installation, host(), disk, FENCE))
        .isInstanceOf(RuntimeUnavailableException.class);
    assertThat(output(first, "echo well >/data/file; cat /data/file")).isEqualTo("well");

    end(first);
    driveTo(runtime, second, GroupPhase.RUNNING);
    assertThat(output(second, "cat /data/file")).isEqualTo("well");
  }

  @Test
  void aRemovedDiskIsGoneAndTheNextOneIsEmpty() throws Exception {
    needDisks();
    runtime.removeDisk(installation, host(), disk, FENCE);
    DrivenGroup first = running(staying(1));
    output(first, "echo secret >/data/file");
    end(first);

    assertThatThrownBy(() -> runtime.removeDisk(installation, host(), disk, LOST))
        .isInstanceOf(StaleFenceException.class);
    InstallationId other = new InstallationId("other-" + random(8));
    runtime.removeDisk(other, host(), disk, FENCE);
    assertThat(runtime.disks(other, host())).isEmpty();
    assertThat(runtime.disks(installation, host())).containsExactly(disk);

    runtime.removeDisk(installation, host(), disk, FENCE);
    runtime.removeDisk(installation, host(), disk, FENCE);
    assertThat(runtime.disks(installation, host())).isEmpty();
    DrivenGroup second = running(staying(1));
    assertThat(run(second, "cat /data/file").exitCode()).isNotZero();
  }

  @Test
  void whoeverRemovesAGroupThatNobodyKnowsLeavesItsDisk() throws Exception {
    needDisks();
    DrivenGroup lost = running(staying(1));
    output(lost, "echo kept >/data/file");

    runtime.removeUnknown(installation, host(), lost.id(), new OpenFence(2));
    runtime.removeUnknown(installation, host(), lost.id(), new OpenFence(2));

    assertThat(output(running(staying(1)), "cat /data/file")).isEqualTo("kept");
  }

  @Test
  void aGroupThatNeverRanLeavesItsDiskToOthers() throws Exception {
    needDisks();
    DrivenGroup never =
        group(
            withDisk(
                1, mounting(ContainerSpec.of("app", failingImage(), "sleep"), whole("/data"))));
    driveUntil(runtime, never, _ -> runtime.disks(installation, host()).contains(disk));
    end(never);

    DrivenGroup second = running(staying(1));
    assertThat(output(second, "echo well >/data/file; cat /data/file")).isEqualTo("well");
  }

  @Test
  void containersSeeTheirPartOfADiskAndWriteWhereTheyMay() throws Exception {
    needDisks();
    DrivenGroup group =
        running(
            withDisk(
                1,
                mounting(
                    staying("app"),
                    new VolumeMount("data", "/all", null, true),
                    new VolumeMount("data", "/part", "a/b", false))));

    output(group, "echo mine >/part/file");
    assertThat(output(group, "cat /all/a/b/file")).isEqualTo("mine");
    assertThat(run(group, "echo x >/all/file").exitCode()).isNotZero();
    assertThat(run(group, "cat /all/file").exitCode()).isNotZero();
    end(group);

    DrivenGroup whole = running(staying(1));
    assertThat(output(whole, "cat /data/a/b/file")).isEqualTo("mine");
  }
}
