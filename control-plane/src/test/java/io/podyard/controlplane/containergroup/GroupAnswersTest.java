package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerResponse;
import io.podyard.api.containergroup.ContainerStateResponse;
import io.podyard.api.containergroup.DnsConfigResponse;
import io.podyard.api.containergroup.EnvironmentVarResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.containergroup.HostAliasResponse;
import io.podyard.api.containergroup.InitContainerResponse;
import io.podyard.api.containergroup.PortResponse;
import io.podyard.api.containergroup.SecurityContextResponse;
import io.podyard.api.containergroup.VolumeMountResponse;
import io.podyard.api.containergroup.VolumeResponse;
import io.podyard.api.tag.Tag;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupAnswersTest {

  private static final Instant CREATED = Instant.parse("2026-03-01T10:00:00.987654Z");
  private static final Instant LATER = Instant.parse("2026-03-01T10:05:00.123Z");
  private static final Instant LATER_SECOND = Instant.parse("2026-03-01T10:05:00Z");

  @Test
  void whatTheRequestSaidGoesBackInTheShapeOfTheContract() {
    GroupDraft draft =
        draft(
            "Cpu=10",
            "Memory=11",
            "RestartPolicy=OnFailure",
            "VSwitchId=vsw-1,vsw-2",
            "SecurityGroupId=sg-1",
            "ResourceGroupId=rg-1",
            "RamRoleName=role1",
            "HostAliase.1.Ip=10.0.0.1",
            "HostAliase.1.Hostname.1=db",
            "DnsPolicy=None",
            "DnsConfig.NameServer.1=10.0.0.2",
            "DnsConfig.Search.1=local",
            "DnsConfig.Option.1.Name=ndots",
            "DnsConfig.Option.1.Value=2",
            "DnsConfig.Option.2.Name=rotate",
            "Tag.1.Key=b",
            "Tag.1.Value=1",
            "Tag.2.Key=a",
            "Volume.1.Name=ram",
            "Volume.1.Type=EmptyDirVolume",
            "Volume.1.EmptyDirVolume.Medium=memory",
            "Volume.1.EmptyDirVolume.SizeLimit=256Mi",
            "Volume.2.Name=disk",
            "Volume.2.Type=EmptyDirVolume",
            "Volume.2.EmptyDirVolume.SizeLimit=2");
    EventResponse event = new EventResponse(1, CREATED, LATER, "m", "n", "r", "Normal");

    ContainerGroupResponse answer =
        new GroupAnswers()
            .answer(
                record(draft, GroupStatus.SUCCEEDED, "", "", state(draft, "10.1.2.3")),
                List.of(event));

    assertThat(answer.containerGroupId()).isEqualTo("eci-1");
    assertThat(answer.containerGroupName()).isEqualTo("demo");
    assertThat(answer.regionId()).isEqualTo("cn-hangzhou");
    assertThat(answer.zoneId()).isEqualTo("cn-hangzhou-b");
    assertThat(answer.status()).isEqualTo("Succeeded");
    assertThat(answer.cpu()).isEqualTo(new BigDecimal("12"));
    assertThat(answer.memory()).isEqualTo(new BigDecimal("12"));
    assertThat(answer.creationTime()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(answer.succeededTime()).isEqualTo(LATER_SECOND);
    assertThat(answer.failedTime()).isNull();
    assertThat(answer.intranetIp()).isEqualTo("10.1.2.3");
    assertThat(answer.restartPolicy()).isEqualTo("OnFailure");
    assertThat(answer.vSwitchId()).isEqualTo("vsw-1");
    assertThat(answer.securityGroupId()).isEqualTo("sg-1");
    assertThat(answer.resourceGroupId()).isEqualTo("rg-1");
    assertThat(answer.ramRoleName()).isEqualTo("role1");
    assertThat(answer.tags()).containsExactly(new Tag("a", ""), new Tag("b", "1"));
    assertThat(answer.events()).containsExactly(event);
    assertThat(answer.dnsPolicy()).isEqualTo("None");
    assertThat(answer.dnsConfig())
        .isEqualTo(
            new DnsConfigResponse(
                List.of("10.0.0.2"),
                List.of(
                    new DnsConfigResponse.Option("ndots", "2"),
                    new DnsConfigResponse.Option("rotate", null)),
                List.of("local")));
    assertThat(answer.hostAliases())
        .containsExactly(new HostAliasResponse(List.of("db"), "10.0.0.1"));
    assertThat(answer.volumes())
        .extracting(
            VolumeResponse::name,
            VolumeResponse::type,
            VolumeResponse::emptyDirVolumeMedium,
            VolumeResponse::emptyDirVolumeSizeLimit)
        .containsExactly(
            tuple("ram", "EmptyDirVolume", "Memory", "256Mi"),
            tuple("disk", "EmptyDirVolume", null, "2Gi"));
  }

  @ParameterizedTest
  @CsvSource({"DnsPolicy=Default, Default", "DnsConfig.NameServer.1=::1, None", "Cpu=1, Default"})
  void theDnsPolicyThatAppliesIsSaid(String change, String policy) {
    assertThat(answer(draft(change)).dnsPolicy()).isEqualTo(policy);
  }

  @Test
  void whatARequestSaidOfItsContainersGoesBack() {
    String both =
        "@.Command.1=/bin/sh;@.Arg.1=-c;@.Arg.2=exit;@.WorkingDir=/srv;@.Cpu=0.25;@.Memory=0.5;"
            + "@.ImagePullPolicy=Never;@.Port.1.Port=53;@.Port.1.Protocol=UDP;"
            + "@.EnvironmentVar.1.Key=A;@.EnvironmentVar.1.Value=1;"
            + "@.EnvironmentVar.2.Key=IP;@.EnvironmentVar.2.FieldRef.FieldPath=status.podIP;"
            + "@.VolumeMount.1.Name=v;@.VolumeMount.1.MountPath=/v;@.VolumeMount.1.SubPath=s;"
            + "@.VolumeMount.1.ReadOnly=true;@.SecurityContext.RunAsUser=7;"
            + "@.SecurityContext.Capability.Add.1=NET_RAW";
    ContainerGroupResponse answer =
        answer(
            draft(
                ("Volume.1.Name=v;Volume.1.Type=EmptyDirVolume;"
                        + "InitContainer.1.Name=setup;InitContainer.1.Image=busybox;"
                        + both.replace("@", "Container.1")
                        + ";"
                        + both.replace("@", "InitContainer.1"))
                    .split(";")));

    ContainerResponse container = answer.containers().getFirst();
    InitContainerResponse init = answer.initContainers().getFirst();
    assertThat(container.name()).isEqualTo("web");
    assertThat(container.image()).isEqualTo("nginx:1.27");
    assertThat(container.commands()).containsExactly("/bin/sh").isEqualTo(init.command());
    assertThat(container.args()).containsExactly("-c", "exit").isEqualTo(init.args());
    assertThat(container.workingDir()).isEqualTo("/srv").isEqualTo(init.workingDir());
    assertThat(container.cpu()).isEqualTo(new BigDecimal("0.25")).isEqualTo(init.cpu());
    assertThat(container.memory()).isEqualTo(new BigDecimal("0.5")).isEqualTo(init.memory());
    assertThat(container.imagePullPolicy()).isEqualTo("Never").isEqualTo(init.imagePullPolicy());
    assertThat(container.ports())
        .containsExactly(new PortResponse(53, "UDP"))
        .isEqualTo(init.ports());
    assertThat(container.environmentVars())
        .containsExactly(
            EnvironmentVarResponse.of("A", "1"),
            new EnvironmentVarResponse(
                "IP",
                null,
                new EnvironmentVarResponse.ValueFrom(
                    new EnvironmentVarResponse.FieldRef("status.podIP"))))
        .isEqualTo(init.environmentVars());
    assertThat(container.volumeMounts())
        .containsExactly(new VolumeMountResponse("/v", "None", "v", true, "s"))
        .isEqualTo(init.volumeMounts());
    assertThat(container.securityContext())
        .isEqualTo(
            new SecurityContextResponse(
                new SecurityContextResponse.Capability(List.of("NET_RAW")), false, 7L))
        .isEqualTo(init.securityContext());
    assertThat(init.name()).isEqualTo("setup");
    assertThat(init.image()).isEqualTo("busybox");
  }

  @Test
  void secretsNeverGoBack() {
    ContainerGroupResponse answer =
        answer(
            draft(
                "Container.1.EnvironmentVarHide=true",
                "Container.1.EnvironmentVar.1.Key=TOKEN",
                "Container.1.EnvironmentVar.1.Value=cAnArY",
                "ImageRegistryCredential.1.Server=r.io",
                "ImageRegistryCredential.1.UserName=u",
                "ImageRegistryCredential.1.Password=cAnArY",
                "Volume.1.Name=conf",
                "Volume.1.Type=ConfigFileVolume",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path=a/b",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=Y0FuQXJZ"));

    assertThat(answer.containers().getFirst().environmentVars())
        .containsExactly(EnvironmentVarResponse.of("TOKEN", null));
    assertThat(answer.volumes().getFirst().configFileVolumeConfigFileToPaths())
        .containsExactly(new VolumeResponse.ConfigFileToPath(null, "a/b"));
  }

  @Test
  void containersSayWhatTheyDoAndDidBefore() {
    GroupDraft draft =
        draft(
            "Container.2.Name=side",
            "Container.2.Image=i",
            "InitContainer.1.Name=setup",
            "InitContainer.1.Image=i");
    GroupState state =
        withContainers(
            draft,
            new ContainerProgress(
                "setup",
                1,
                0,
                new ContainerStatus.Terminated(0, 0, "Completed", "", CREATED, LATER),
                null,
                0,
                null,
                CREATED,
                false,
                "",
                0),
            new ContainerProgress(
                "web",
                3,
                2,
                new ContainerStatus.Running(LATER),
                new ContainerStatus.Terminated(137, 9, "OOMKilled", "too much", CREATED, LATER),
                20,
                null,
                CREATED,
                true,
                "",
                0),
            new ContainerProgress(
                "side",
                1,
                0,
                new ContainerStatus.Waiting("ImagePullBackOff", "no such image"),
                null,
                0,
                null,
                null,
                false,
                "",
                0));

    ContainerGroupResponse answer =
        new GroupAnswers()
            .answer(
                record(draft, GroupStatus.RUNNING, "ContainersNotReady", "some wait", state),
                List.of());

    InitContainerResponse setup = answer.initContainers().getFirst();
    assertThat(setup.currentState())
        .isEqualTo(
            new ContainerStateResponse(
                "Completed",
                0,
                LATER_SECOND,
                "",
                "Completed",
                0,
                Instant.parse("2026-03-01T10:00:00Z"),
                "Terminated"));
    assertThat(setup.ready()).isTrue();
    ContainerResponse web = answer.containers().get(0);
    assertThat(web.currentState())
        .isEqualTo(
            new ContainerStateResponse(
                "Running", null, null, null, null, null, LATER_SECOND, "Running"));
    assertThat(web.previousState())
        .isEqualTo(
            new ContainerStateResponse(
                "OOMKilled",
                137,
                LATER_SECOND,
                "too much",
                "OOMKilled",
                9,
                Instant.parse("2026-03-01T10:00:00Z"),
                "Terminated"));
    assertThat(web.restartCount()).isEqualTo(2);
    assertThat(web.ready()).isTrue();
    ContainerResponse side = answer.containers().get(1);
    assertThat(side.currentState())
        .isEqualTo(
            new ContainerStateResponse(
                "ImagePullBackOff",
                null,
                null,
                "no such image",
                "ImagePullBackOff",
                null,
                null,
                "Waiting"));
    assertThat(side.previousState()).isNull();
    assertThat(side.ready()).isFalse();
  }

  @Test
  void aFailedInitContainerIsNotReady() {
    GroupDraft draft = draft("InitContainer.1.Name=setup", "InitContainer.1.Image=i");
    GroupState state =
        withContainers(
            draft,
            new ContainerProgress(
                "setup",
                1,
                0,
                new ContainerStatus.Terminated(1, 0, "Error", "", null, LATER),
                null,
                0,
                null,
                null,
                false,
                "",
                0));

    InitContainerResponse setup =
        new GroupAnswers()
            .answer(record(draft, GroupStatus.FAILED, "", "", state), List.of())
            .initContainers()
            .getFirst();

    assertThat(setup.ready()).isFalse();
    assertThat(setup.currentState()).extracting(ContainerStateResponse::startTime).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "NoCapacity, needs 2 more vCPU, NoCapacity, needs 2 more vCPU",
    "'', '', Scheduling, waits for a host"
  })
  void aContainerNothingWasDoneForSaysWhyItsGroupWaits(
      String reason, String message, String shownReason, String shownMessage) {
    GroupDraft draft = draft("InitContainer.1.Name=setup", "InitContainer.1.Image=i");

    ContainerGroupResponse answer =
        new GroupAnswers()
            .answer(
                record(
                    draft,
                    GroupStatus.SCHEDULING,
                    reason,
                    message,
                    GroupState.initial(draft.spec())),
                List.of());

    ContainerStateResponse expected =
        new ContainerStateResponse(
            shownReason, null, null, shownMessage, shownReason, null, null, "Waiting");
    assertThat(answer.containers().getFirst().currentState()).isEqualTo(expected);
    assertThat(answer.initContainers().getFirst().currentState()).isEqualTo(expected);
    assertThat(answer.containers().getFirst().restartCount()).isZero();
  }

  private static ContainerGroupResponse answer(GroupDraft draft) {
    return new GroupAnswers()
        .answer(
            record(draft, GroupStatus.SCHEDULING, "", "", GroupState.initial(draft.spec())),
            List.of());
  }

  private static GroupState state(GroupDraft draft, String ip) {
    GroupState initial = GroupState.initial(draft.spec());
    return new GroupState(
        GroupPhase.GONE,
        "",
        "",
        ip,
        null,
        null,
        null,
        null,
        null,
        initial.containers(),
        initial.pulls(),
        1,
        null);
  }

  private static GroupState withContainers(GroupDraft draft, ContainerProgress... containers) {
    GroupState initial = GroupState.initial(draft.spec());
    return new GroupState(
        GroupPhase.RUNNING,
        "",
        "",
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(containers),
        initial.pulls(),
        1,
        null);
  }

  private static GroupRecord record(
      GroupDraft draft, GroupStatus status, String reason, String message, GroupState state) {
    @Nullable Instant succeeded = status == GroupStatus.SUCCEEDED ? LATER : null;
    return new GroupRecord(
        new ContainerGroupId("eci-1"),
        new AccountId("acc-1"),
        new RegionId("cn-hangzhou"),
        new ZoneId("cn-hangzhou-b"),
        draft.name(),
        status,
        reason,
        message,
        draft.spec(),
        draft.kept(),
        draft.tags(),
        state,
        1,
        1,
        new HostId("host-1"),
        0,
        StoredGoal.RUN,
        "",
        null,
        null,
        false,
        CREATED,
        null,
        succeeded,
        null,
        null,
        succeeded,
        null);
  }
}
