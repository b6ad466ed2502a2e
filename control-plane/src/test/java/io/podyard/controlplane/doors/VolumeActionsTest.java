package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.containergroup.VolumeMountResponse;
import io.podyard.api.containergroup.VolumeResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Volumes whose content is not the group's (contract sections 10 and 12). */
class VolumeActionsTest {

  private static final String OPTIONS = "{\"server\":\"10.9.8.7\",\"path\":\"/nas\"}";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "32vCPU/64GiB")
                .with("podyard.docker.host-paths", "/srv/data,/srv/scratch:rw"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String[] nfs(int index, String name, String host) {
    String volume = "Volume." + index + ".";
    return new String[] {
      volume + "Name=" + name,
      volume + "Type=NFSVolume",
      volume + "NFSVolume.Server=" + host,
      volume + "NFSVolume.Path=/share"
    };
  }

  private PodyardCallException noUpdate(String id, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", id);
    return groups.refusal(Action.UPDATE_CONTAINER_GROUP, all);
  }

  private void update(String id, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", id);
    UpdateContainerGroupResponse _ =
        groups
            .client()
            .call(Action.UPDATE_CONTAINER_GROUP, all, UpdateContainerGroupResponse.class);
  }

  @Test
  void aGroupSaysWhichVolumesItHasAndKeepsThemInUpdates() {
    Map<String, String> wanted = Groups.shell("sleep infinity", nfs(1, "share", "nfs.test"));
    wanted.putAll(
        Groups.parameters(
            "Volume.1.NFSVolume.ReadOnly=true",
            "Volume.2.Name=nas",
            "Volume.2.Type=FlexVolume",
            "Volume.2.FlexVolume.Driver=alicloud/nas",
            "Volume.2.FlexVolume.Options=" + OPTIONS,
            "Volume.3.Name=host",
            "Volume.3.Type=HostPathVolume",
            "Volume.3.HostPathVolume.Path=/srv/scratch/x",
            "Container.1.VolumeMount.1.Name=host",
            "Container.1.VolumeMount.1.MountPath=/host",
            "Container.1.VolumeMount.1.MountPropagation=HostToCotainer",
            "Container.1.VolumeMount.2.Name=nas",
            "Container.1.VolumeMount.2.MountPath=/nas",
            "Container.1.VolumeMount.2.SubPath=a/b"));
    String id = groups.create(wanted);
    ContainerGroupResponse group = groups.untilStatus(id, "Running");

    assertThat(group.volumes())
        .extracting(
            VolumeResponse::name,
            VolumeResponse::type,
            VolumeResponse::nfsVolumeServer,
            VolumeResponse::nfsVolumePath,
            VolumeResponse::nfsVolumeReadOnly,
            VolumeResponse::flexVolumeDriver,
            VolumeResponse::flexVolumeOptions)
        .containsExactly(
            tuple("share", "NFSVolume", "nfs.test", "/share", true, null, null),
            tuple("nas", "FlexVolume", null, null, null, "alicloud/nas", OPTIONS),
            tuple("host", "HostPathVolume", null, null, null, null, null));
    assertThat(group.containers().getFirst().volumeMounts())
        .containsExactly(
            new VolumeMountResponse("/host", "HostToContainer", "host", false, null),
            new VolumeMountResponse("/nas", "None", "nas", false, "a/b"));

    String[] more = nfs(1, "more", "nfs2.test");
    update(id, concat(more, "UpdateType=IncrementalUpdate"));
    groups.until(id, "has the new volume", g -> g.volumes().size() == 4);
    ContainerGroupResponse updated = groups.untilStatus(id, "Running");
    assertThat(updated.volumes())
        .extracting(VolumeResponse::name)
        .containsExactly("share", "nas", "host", "more");
  }

  private static String[] concat(String[] some, String... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void aVolumeThatCannotBeMountedIsToldAndTheGroupCanBeDeleted() {
    Map<String, String> wanted =
        Groups.shell("sleep infinity", nfs(1, "share", "unreachable.test"));
    wanted.put("Container.1.VolumeMount.1.Name", "share");
    wanted.put("Container.1.VolumeMount.1.MountPath", "/share");
    String id = groups.create(wanted);

    ContainerGroupResponse group =
        groups.until(
            id,
            "says why it waits",
            g ->
                "FailedMount"
                    .equals(
                        Objects.requireNonNull(g.containers().getFirst().currentState()).reason()));
    assertThat(group.status()).isEqualTo("Scheduling");
    assertThat(Objects.requireNonNull(group.containers().getFirst().currentState()).message())
        .contains("Volume share cannot be mounted", "unreachable.test");
    assertThat(groups.reasons(id)).containsOnlyOnce("FailedMount");

    groups.delete(id);
    groups.untilGone(id);
  }

  @Test
  void anUpdateThatCannotBeMountedIsToldAndTheGroupCanBeDeleted() {
    String id = groups.create(Groups.shell("sleep infinity"));
    groups.untilStatus(id, "Running");

    update(id, nfs(1, "share", "unreachable.test"));
    groups.until(id, "says why it waits", g -> groups.reasons(id).contains("FailedMount"));
    assertThat(groups.get(id).status()).isEqualTo("Updating");

    groups.delete(id);
    groups.untilGone(id);
  }

  @Test
  void whatTheOperatorDoesNotAllowIsRefusedInACreateAndInAnUpdate() {
    String[] parameters = {
      "Volume.1.Name=host",
      "Volume.1.Type=HostPathVolume",
      "Volume.1.HostPathVolume.Path=/etc",
      "Volume.2.Name=data",
      "Volume.2.Type=HostPathVolume",
      "Volume.2.HostPathVolume.Path=/srv/data",
      "Container.1.VolumeMount.1.Name=data",
      "Container.1.VolumeMount.1.MountPath=/data",
      "Container.1.VolumeMount.2.Name=host",
      "Container.1.VolumeMount.2.MountPath=/x",
      "Container.1.SecurityContext.Capability.Add.1=NET_ADMIN"
    };
    String[] wrong = {
      "Container.1.SecurityContext.Capability.Add.1",
      "Container.1.VolumeMount.1.ReadOnly",
      "Volume.1.HostPathVolume.Path"
    };
    String id = groups.create(Groups.shell("sleep infinity"));
    groups.untilStatus(id, "Running");

    PodyardCallException create =
        groups.refusal(Action.CREATE_CONTAINER_GROUP, Groups.shell("sleep infinity", parameters));
    PodyardCallException update =
        noUpdate(
            id,
            concat(parameters, "Container.1.Name=main", "Container.1.Image=registry.test/shell:1"));

    for (PodyardCallException refused : List.of(create, update)) {
      assertThat(refused.code()).isEqualTo("InvalidParameter");
      for (String parameter : wrong) {
        assertThat(refused.getMessage()).contains(parameter + ":");
      }
    }
    assertThat(groups.get(id).status()).isEqualTo("Running");
  }
}
