package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract does not say of disks: faults, times, and the commands that find them. */
class SimulatedDisksTest {

  private static final OpenFence FENCE = new OpenFence(7);
  private static final VolumeMount DATA = new VolumeMount("data", "/data", null, false);

  private final Stepped host = Stepped.instant();

  private static SandboxOrder order(String group, GroupSpec spec) {
    return new SandboxOrder(
        Stepped.INSTALLATION, Stepped.ACCOUNT, new ContainerGroupId(group), spec);
  }

  /** A group that runs; answers its container. */
  private String running(String group, GroupSpec spec) throws Exception {
    ContainerGroupId id = new ContainerGroupId(group);
    host.engine.createSandbox(order(group, spec), FENCE);
    host.engine.createContainer(
        new ContainerOrder(
            new ContainerName(Stepped.INSTALLATION, id, "app", 1),
            Stepped.ACCOUNT,
            spec,
            spec.containers().getFirst(),
            ""),
        FENCE);
    String container =
        host.engine.view(Stepped.INSTALLATION, id).containers().getFirst().engineId();
    host.engine.startContainer(container, FENCE);
    return container;
  }

  private ExecResult exec(String container, String script) throws Exception {
    return host.engine.exec(container, List.of("sh", "-c", script), Duration.ofSeconds(5));
  }

  @Test
  void aDiskFailsAsOftenAsThePlanSays() throws Exception {
    host.world.configure(
        WireJson.MAPPER.readValue(
            "{\"disks\":[{\"disk\":\"d-a*\",\"times\":1,\"message\":\"it is busy\"}]}",
            FaultPlan.class));
    SandboxOrder order = order("eci-1", Groups.withDisk("d-abc", 20));

    assertThatThrownBy(() -> host.engine.createSandbox(order, FENCE))
        .isInstanceOfSatisfying(
            RuntimeUnavailableException.class,
            e -> assertThat(e.reason()).isEqualTo("AttachDiskFailed"))
        .hasMessage("Volume data cannot be mounted: disk d-abc cannot be attached, it is busy");
    assertThat(host.engine.disks(Stepped.INSTALLATION)).isEmpty();
    assertThat(host.engine.view(Stepped.INSTALLATION, order.group()).sandboxes()).isEmpty();

    host.engine.createSandbox(order, FENCE);
    assertThat(host.engine.disks(Stepped.INSTALLATION)).containsExactly("d-abc");
  }

  @Test
  void anUpdateThatAsksForNoDiskLeavesItToOthers() throws Exception {
    String first = running("eci-1", Groups.withDisk("d-1", 20, DATA));
    assertThat(exec(first, "echo kept >/data/file").exitCode()).isZero();

    host.engine.updateSandbox(order("eci-1", Groups.withDisk("d-2", 20)), FENCE);

    String second = running("eci-2", Groups.withDisk("d-1", 20, DATA));
    assertThat(exec(second, "cat /data/file").output()).isEqualTo("kept\n");
    assertThat(host.engine.disks(Stepped.INSTALLATION)).containsExactlyInAnyOrder("d-1", "d-2");
  }

  @Test
  void filesAreReplacedOrGrowAndAPartIsOnlyApart() throws Exception {
    String app =
        running(
            "eci-1",
            Groups.withDisk("d-1", 20, DATA, new VolumeMount("data", "/data/in", "part", true)));

    assertThat(exec(app, "echo a >/data/f; echo b >>/data/f; cat /data/f").output())
        .isEqualTo("a\nb\n");
    assertThat(exec(app, "echo c >/data/f && cat /data/f").output()).isEqualTo("c\n");
    assertThat(exec(app, "echo d >/data/part/g").exitCode()).isZero();
    assertThat(exec(app, "cat /data/in/g").output()).isEqualTo("d\n");
    assertThat(exec(app, "echo e >/data/in/g"))
        .isEqualTo(new ExecResult(1, "sh: can't create /data/in/g: Read-only file system\n"));
    assertThat(exec(app, "cat /data/nothing").exitCode()).isEqualTo(1);
    assertThat(exec(app, "df -k /data").output()).contains("/dev/d-1").contains(" 20971520 ");
  }

  @Test
  void aDiskHoldsOnlySoMuchText() throws Exception {
    String app = running("eci-1", Groups.withDisk("d-1", 20, DATA));
    String line = "x".repeat(1000);
    int written = 0;
    while (exec(app, "echo " + line + " >>/data/file").exitCode() == 0) {
      written += line.length() + 1;
      assertThat(written).isLessThanOrEqualTo(64 * 1024);
    }
    assertThat(exec(app, "echo " + line + " >>/data/file").output())
        .contains("No space left on device");
    assertThat(exec(app, "cat /data/file").output()).hasSize(written);
  }

  @Test
  void aGroupHasAllOfItsDisksOrNone() throws Exception {
    String _ = running("eci-1", Groups.withDisk("d-1", 20));
    assertThatThrownBy(() -> running("eci-2", Groups.withDisk("d-1", 20)))
        .hasMessageContaining("another container group has it");

    host.engine.removeSandbox(Stepped.INSTALLATION, new ContainerGroupId("eci-1"), FENCE);
    String _ = running("eci-2", Groups.withDisk("d-1", 20));
  }
}
