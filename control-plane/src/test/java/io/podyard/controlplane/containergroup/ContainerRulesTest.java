package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.Refusals.assertSingleProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.EnvironmentVariable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerRulesTest {

  private static final String VOLUME = "Volume.1.Name=v;Volume.1.Type=EmptyDirVolume";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Name | MissingParameter | Name",
        "Name=Web | InvalidParameter | Name",
        "Name=a_b | InvalidParameter | Name",
        "Name=-a | InvalidParameter | Name",
        "Name={64} | InvalidParameter.LengthExceeded | Name",
        "Image | MissingParameter | Image",
        "Image={256} | InvalidParameter.LengthExceeded | Image",
        "ImagePullPolicy=Sometimes | InvalidParameter | ImagePullPolicy",
        "Command.1=;Command.2=x | InvalidParameter | Command.1",
        "Command.1={257} | InvalidParameter.LengthExceeded | Command.1",
        "Arg.1={65536} | InvalidParameter.LengthExceeded | Arg.1",
        "WorkingDir=app | InvalidParameter | WorkingDir",
        "WorkingDir=/a/../b | InvalidParameter | WorkingDir",
        "EnvironmentVar.1.Value=v | MissingParameter | EnvironmentVar.1.Key",
        "EnvironmentVar.1.Key=1A | InvalidParameter | EnvironmentVar.1.Key",
        "EnvironmentVar.1.Key=A-B | InvalidParameter | EnvironmentVar.1.Key",
        "EnvironmentVar.1.Key={129} | InvalidParameter.LengthExceeded | EnvironmentVar.1.Key",
        "EnvironmentVar.1.Key=A;EnvironmentVar.2.Key=A | InvalidParameter | EnvironmentVar.2.Key",
        "EnvironmentVar.1.Key=A;EnvironmentVar.1.Value={257} | InvalidParameter.LengthExceeded |"
            + " EnvironmentVar.1.Value",
        "EnvironmentVar.1.Key=ECI_CONTAINER_TYPE;EnvironmentVar.1.Value=side |"
            + " InvalidParameter | EnvironmentVar.1.Value",
        "EnvironmentVar.1.Key=ECI_CONTAINER_TYPE;"
            + "EnvironmentVar.1.FieldRef.FieldPath=status.podIP |"
            + " InvalidParameter | EnvironmentVar.1.FieldRef.FieldPath",
        "EnvironmentVar.1.Key=ECI_CONTAINER_IGNORE_EXIT_CODE;EnvironmentVar.1.Value=perhaps |"
            + " InvalidParameter | EnvironmentVar.1.Value",
        "TerminationMessagePath=log | InvalidParameter | TerminationMessagePath",
        "TerminationMessagePolicy=Never | InvalidParameter | TerminationMessagePolicy",
        "EnvironmentVar.1.Key=A;EnvironmentVar.1.FieldRef.FieldPath=status.hostIP |"
            + " InvalidParameter | EnvironmentVar.1.FieldRef.FieldPath",
        "EnvironmentVar.1.Key=A;EnvironmentVar.1.Value=v;"
            + "EnvironmentVar.1.FieldRef.FieldPath=status.podIP |"
            + " InvalidParameter | EnvironmentVar.1.FieldRef.FieldPath",
        "Port.1.Protocol=TCP | MissingParameter | Port.1.Port",
        "Port.1.Port=0 | InvalidParameter.ValueExceeded | Port.1.Port",
        "Port.1.Port=65536 | InvalidParameter.ValueExceeded | Port.1.Port",
        "Port.1.Port=111 | InvalidParameter | Port.1.Port",
        "Port.1.Port=10250 | InvalidParameter | Port.1.Port",
        "Port.1.Port=10255 | InvalidParameter | Port.1.Port",
        "Port.1.Port=80;Port.1.Protocol=SCTP | InvalidParameter | Port.1.Protocol",
        "Port.1.Port=80;Port.2.Port=80;Port.2.Protocol=TCP | InvalidParameter | Port.2.Port",
        "SecurityContext.RunAsUser=-1 | InvalidParameter.ValueExceeded |"
            + " SecurityContext.RunAsUser",
        "SecurityContext.RunAsUser=2147483648 | InvalidParameter.ValueExceeded |"
            + " SecurityContext.RunAsUser",
        "SecurityContext.Capability.Add.1=SYS_ADMIN | InvalidParameter |"
            + " SecurityContext.Capability.Add.1",
        "VolumeMount.1.MountPath=/a | MissingParameter | VolumeMount.1.Name",
        "VolumeMount.1.Name=v | MissingParameter | VolumeMount.1.MountPath",
        "VolumeMount.1.Name=w;VolumeMount.1.MountPath=/a | InvalidParameter | VolumeMount.1.Name",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=a | InvalidParameter |"
            + " VolumeMount.1.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=// | InvalidParameter |"
            + " VolumeMount.1.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a:b | InvalidParameter |"
            + " VolumeMount.1.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a/.. | InvalidParameter |"
            + " VolumeMount.1.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a/{4096} | InvalidParameter.LengthExceeded |"
            + " VolumeMount.1.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a;VolumeMount.2.Name=v;"
            + "VolumeMount.2.MountPath=/a/ | InvalidParameter | VolumeMount.2.MountPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a;VolumeMount.1.SubPath=/b |"
            + " InvalidParameter | VolumeMount.1.SubPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a;VolumeMount.1.SubPath=b/../../c |"
            + " InvalidParameter | VolumeMount.1.SubPath",
        "VolumeMount.1.Name=v;VolumeMount.1.MountPath=/a;"
            + "VolumeMount.1.MountPropagation=Bidirectional |"
            + " InvalidParameter | VolumeMount.1.MountPropagation"
      })
  void whatIsWrongWithAContainerIsNamed(String changes, String code, String parameter) {
    for (String kind : new String[] {"Container", "InitContainer"}) {
      String at = kind + ".1.";
      assertSingleProblem(
          VOLUME
              + ";InitContainer.1.Name=init;InitContainer.1.Image=i;"
              + at
              + changes.replace(";", ";" + at),
          code,
          at + parameter);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LivenessProbe.PeriodSeconds=5 | InvalidParameter | LivenessProbe",
        "ReadinessProbe.TcpSocket.Port=80;ReadinessProbe.HttpGet.Port=80 | InvalidParameter |"
            + " ReadinessProbe",
        "LivenessProbe.TcpSocket.Port=0 | InvalidParameter.ValueExceeded |"
            + " LivenessProbe.TcpSocket.Port",
        "LivenessProbe.HttpGet.Path=/ | MissingParameter | LivenessProbe.HttpGet.Port",
        "LivenessProbe.HttpGet.Port=80;LivenessProbe.HttpGet.Path=a | InvalidParameter |"
            + " LivenessProbe.HttpGet.Path",
        "LivenessProbe.HttpGet.Port=80;LivenessProbe.HttpGet.Scheme=FTP | InvalidParameter |"
            + " LivenessProbe.HttpGet.Scheme",
        "LivenessProbe.Exec.Command.1=;LivenessProbe.Exec.Command.2=x | InvalidParameter |"
            + " LivenessProbe.Exec.Command.1",
        "LivenessProbe.TcpSocket.Port=80;LivenessProbe.PeriodSeconds=0 |"
            + " InvalidParameter.ValueExceeded | LivenessProbe.PeriodSeconds",
        "LivenessProbe.TcpSocket.Port=80;LivenessProbe.TimeoutSeconds=0 |"
            + " InvalidParameter.ValueExceeded | LivenessProbe.TimeoutSeconds",
        "LivenessProbe.TcpSocket.Port=80;LivenessProbe.InitialDelaySeconds=-1 |"
            + " InvalidParameter.ValueExceeded | LivenessProbe.InitialDelaySeconds",
        "LivenessProbe.TcpSocket.Port=80;LivenessProbe.FailureThreshold=0 |"
            + " InvalidParameter.ValueExceeded | LivenessProbe.FailureThreshold",
        "LivenessProbe.TcpSocket.Port=80;LivenessProbe.SuccessThreshold=2 |"
            + " InvalidParameter.ValueExceeded | LivenessProbe.SuccessThreshold",
        "LifecyclePreStopHandlerHttpGetPath=/ | MissingParameter |"
            + " LifecyclePreStopHandlerHttpGetPort",
        "LifecyclePreStopHandlerTcpSocketHost=127.0.0.1 | MissingParameter |"
            + " LifecyclePreStopHandlerTcpSocketPort",
        "LifecyclePreStopHandlerTcpSocketPort=80;LifecyclePreStopHandlerTcpSocketHost=fe80::1 |"
            + " InvalidParameter | LifecyclePreStopHandlerTcpSocketHost",
        "LifecyclePostStartHandlerExec.1=/up;LifecyclePostStartHandlerTcpSocketPort=80 |"
            + " InvalidParameter | LifecyclePostStartHandlerExec",
        "LifecyclePostStartHandlerHttpGetPort=80;"
            + "LifecyclePostStartHandlerHttpGetHttpHeader.1.Name=a b |"
            + " InvalidParameter | LifecyclePostStartHandlerHttpGetHttpHeader.1.Name",
        "StdinOnce=true | InvalidParameter | StdinOnce",
        "SecurityContextRunAsGroup=-1 | InvalidParameter.ValueExceeded |"
            + " SecurityContextRunAsGroup",
        "SecurityContextRunAsNonRoot=true;SecurityContext.RunAsUser=0 | InvalidParameter |"
            + " SecurityContextRunAsNonRoot"
      })
  void whatIsWrongWithTheLifeOfAContainerIsNamed(String changes, String code, String parameter) {
    assertSingleProblem(
        "Container.1." + changes.replace(";", ";Container.1."), code, "Container.1." + parameter);
  }

  @ParameterizedTest
  @CsvSource({
    "Command, 21, x, InvalidParameter.ValueExceeded",
    "Arg, 11, x, InvalidParameter.ValueExceeded"
  })
  void listsHaveLimits(String list, int count, String value, String code) {
    assertThat(draft(entries(list, count - 1, value)).spec().containers()).hasSize(1);
    assertSingleProblem(String.join(";", entries(list, count, value)), code, "Container.1." + list);
  }

  @Test
  void namesAreUniqueAmongAllContainers() {
    assertSingleProblem(
        "Container.2.Name=web;Container.2.Image=i",
        "InvalidParameter.DuplicatedName",
        "Container.2.Name");
    assertSingleProblem(
        "InitContainer.1.Name=web;InitContainer.1.Image=i",
        "InvalidParameter.DuplicatedName",
        "InitContainer.1.Name");
  }

  @Test
  void twoContainersMayDeclareTheSamePortBecauseTheyMayShareIt() {
    assertThat(
            draft(
                    "Container.1.Port.1.Port=80",
                    "Container.2.Name=b",
                    "Container.2.Image=b",
                    "Container.2.Port.1.Port=80")
                .spec()
                .containers())
        .hasSize(2);
  }

  @Test
  void anEmptyValueBesideAFieldIsNoValue() {
    assertThat(
            draft(
                    "Container.1.EnvironmentVar.1.Key=IP",
                    "Container.1.EnvironmentVar.1.Value=",
                    "Container.1.EnvironmentVar.1.FieldRef.FieldPath=status.podIP")
                .spec()
                .containers()
                .getFirst()
                .environment())
        .containsExactly(EnvironmentVariable.podIp("IP"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx",
        "nginx:1.27",
        "library/nginx",
        "a__b/c-d/e.f--g:v1_2.3-x",
        "localhost:5000/app",
        "registry-vpc.cn-hangzhou.aliyuncs.com/team/app:20240101",
        "[fd00::1]:5000/app:1",
        "Registry.example.com/app",
        "app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "r.io/app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void namesOfImagesAreAccepted(String image) {
    assertThat(draft("Container.1.Image=" + image).spec().containers().getFirst().image())
        .isEqualTo(image);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nginx",
        "nginx:",
        "nginx:-1",
        "nginx 1",
        "https://r.io/app",
        "/nginx",
        "nginx/",
        "a//b",
        "a___b",
        "a/../b",
        "-rm",
        "app@sha256:0123",
        "app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef00",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void otherTextsAndIdsOfImagesAreRefused(String image) {
    assertSingleProblem("Container.1.Image=" + image, "InvalidParameter", "Container.1.Image");
  }

  private static String[] entries(String list, int count, String value) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "Container.1." + list + "." + i + "=" + value)
        .collect(Collectors.joining(";"))
        .split(";");
  }
}
