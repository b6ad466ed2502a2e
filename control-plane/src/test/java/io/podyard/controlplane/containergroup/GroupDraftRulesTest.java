package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.HANGZHOU;
import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static io.podyard.controlplane.containergroup.Refusals.assertSingleProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.ContainerPort;
import io.podyard.runtime.ContainerRole;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.Lifecycle;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.Secret;
import io.podyard.runtime.Terminal;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupDraftRulesTest {

  @Test
  void aPlainRequestBecomesAGroupWithTheDefaults() {
    GroupDraft draft = draft();

    assertThat(draft.spec())
        .isEqualTo(
            GroupSpec.of(
                "demo",
                SizeTable.DEFAULT,
                RestartPolicy.ALWAYS,
                ContainerSpec.of("web", "nginx:1.27")));
    assertThat(draft)
        .isEqualTo(
            new GroupDraft(
                "demo",
                draft.spec(),
                new KeptFields(null, null, null, null, null, null),
                Map.of(),
                List.of(),
                ScheduleStrategy.RANDOM,
                null,
                null,
                false));
  }

  @Test
  void everythingARequestSaysOfTheGroupIsTaken() {
    GroupDraft draft =
        draft(
            "ClientToken=tok-1",
            "DryRun=true",
            "ZoneId=cn-hangzhou-b",
            "VSwitchId=vsw-1, vsw-2,vsw-1",
            "SecurityGroupId=sg-1",
            "ResourceGroupId=rg-1",
            "ramRoleName=role1",
            "OwnerAccount=me",
            "OwnerId=7",
            "ResourceOwnerAccount=you",
            "ResourceOwnerId=8",
            "RestartPolicy=OnFailure",
            "TerminationGracePeriodSeconds=0",
            "ActiveDeadlineSeconds=3600",
            "MaxPendingMinute=5",
            "HostName=box",
            "ShareProcessNamespace=true",
            "NtpServer.1=ntp.example.com",
            "HostAliase.1.Ip=10.0.0.1",
            "HostAliase.1.Hostname.1=db",
            "HostAliase.1.Hostname.2=db.example.com",
            "DnsPolicy=None",
            "DnsConfig.NameServer.1=10.0.0.2",
            "DnsConfig.NameServer.2=fd00::2",
            "DnsConfig.Search.1=svc.local",
            "DnsConfig.Option.1.Name=ndots",
            "DnsConfig.Option.1.Value=2",
            "DnsConfig.Option.2.Name=rotate",
            "ImageRegistryCredential.1.Server=registry.example.com:5000",
            "ImageRegistryCredential.1.UserName=ann",
            "ImageRegistryCredential.1.Password=s3cret",
            "PlainHttpRegistry=10.0.0.3:5000, registry.local",
            "InsecureRegistry=[fd00::1]:443",
            "Tag.1.Key=team",
            "Tag.1.Value=a",
            "Tag.2.Key=empty");

    GroupSpec spec = draft.spec();
    assertThat(draft.clientToken()).isEqualTo("tok-1");
    assertThat(draft.dryRun()).isTrue();
    assertThat(draft.zone()).isEqualTo(new ZoneId("cn-hangzhou-b"));
    assertThat(draft.vSwitchIds()).containsExactly("vsw-1", "vsw-2");
    assertThat(draft.spec().vSwitch()).isEqualTo(new VSwitchId("vsw-1"));
    assertThat(draft.kept())
        .isEqualTo(
            new KeptFields(
                "vsw-1", "sg-1", "rg-1", "role1", "None", new OwnerFields("me", 7L, "you", 8L)));
    assertThat(draft.tags()).containsExactly(Map.entry("empty", ""), Map.entry("team", "a"));
    assertThat(spec.restartPolicy()).isEqualTo(RestartPolicy.ON_FAILURE);
    assertThat(spec.terminationGraceSeconds()).isZero();
    assertThat(spec.activeDeadlineSeconds()).isEqualTo(3600);
    assertThat(spec.maxPendingMinutes()).isEqualTo(5);
    assertThat(spec.hostName()).isEqualTo("box");
    assertThat(spec.sharesProcesses()).isTrue();
    assertThat(spec.hostAliases())
        .containsExactly(new HostAlias("10.0.0.1", List.of("db", "db.example.com")));
    assertThat(spec.dns())
        .isEqualTo(
            new DnsSettings(
                List.of("10.0.0.2", "fd00::2"),
                List.of("svc.local"),
                List.of("ndots:2", "rotate")));
    assertThat(spec.registryCredentials())
        .containsExactly(
            new RegistryCredential("registry.example.com:5000", "ann", new Secret("s3cret")));
    assertThat(spec.plainHttpRegistries()).containsExactly("10.0.0.3:5000", "registry.local");
    assertThat(spec.insecureRegistries()).containsExactly("[fd00::1]:443");
  }

  @Test
  void everythingARequestSaysOfContainersAndVolumesIsTaken() {
    GroupDraft draft =
        draft(
            "Container.1.ImagePullPolicy=Always",
            "Container.1.Cpu=1",
            "Container.1.Memory=2",
            "Container.1.Command.1=/bin/sh",
            "Container.1.Command.2=",
            "Container.1.Arg.1=-c",
            "Container.1.WorkingDir=/srv/app",
            "Container.1.EnvironmentVar.1.Key=A",
            "Container.1.EnvironmentVar.1.Value=中 文*~",
            "Container.1.EnvironmentVar.2.Key=IP",
            "Container.1.EnvironmentVar.2.FieldRef.FieldPath=status.podIP",
            "Container.1.EnvironmentVar.3.Key=NONE",
            "Container.1.EnvironmentVarHide=true",
            "Container.1.Port.1.Port=80",
            "Container.1.Port.2.Port=80",
            "Container.1.Port.2.Protocol=UDP",
            "Container.1.VolumeMount.1.Name=data",
            "Container.1.VolumeMount.1.MountPath=/data//sub/",
            "Container.1.VolumeMount.1.SubPath=a/b/",
            "Container.1.VolumeMount.1.ReadOnly=true",
            "Container.1.VolumeMount.1.MountPropagation=None",
            "Container.1.SecurityContext.RunAsUser=1000",
            "Container.1.SecurityContext.ReadOnlyRootFilesystem=true",
            "Container.1.SecurityContext.Capability.Add.1=NET_RAW",
            "Container.1.SecurityContext.Capability.Add.2=NET_ADMIN",
            "InitContainer.1.Name=setup",
            "InitContainer.1.Image=busybox",
            "Volume.1.Name=data",
            "Volume.1.Type=EmptyDirVolume",
            "Volume.2.Name=ram",
            "Volume.2.Type=EmptyDirVolume",
            "Volume.2.EmptyDirVolume.Medium=Memory",
            "Volume.2.EmptyDirVolume.SizeLimit=256Mi",
            "Volume.3.Name=conf",
            "Volume.3.Type=ConfigFileVolume",
            "Volume.3.ConfigFileVolume.DefaultMode=0600",
            "Volume.3.ConfigFileVolume.ConfigFileToPath.1.Path=app/a.yaml",
            "Volume.3.ConfigFileVolume.ConfigFileToPath.1.Content=YTogMQ==",
            "Volume.3.ConfigFileVolume.ConfigFileToPath.2.Path=run.sh",
            "Volume.3.ConfigFileVolume.ConfigFileToPath.2.Content=",
            "Volume.3.ConfigFileVolume.ConfigFileToPath.2.Mode=755");

    GroupSpec spec = draft.spec();
    assertThat(spec.containers())
        .containsExactly(
            new ContainerSpec(
                "web",
                "nginx:1.27",
                PullPolicy.ALWAYS,
                Size.of(1000, 2048),
                List.of("/bin/sh", ""),
                List.of("-c"),
                "/srv/app",
                List.of(
                    EnvironmentVariable.of("A", "中 文*~"),
                    EnvironmentVariable.podIp("IP"),
                    EnvironmentVariable.of("NONE", "")),
                true,
                List.of(
                    new ContainerPort(80, ContainerPort.Protocol.TCP),
                    new ContainerPort(80, ContainerPort.Protocol.UDP)),
                List.of(new VolumeMount("data", "/data/sub", "a/b", true)),
                1000L,
                true,
                List.of("NET_ADMIN", "NET_RAW"),
                null,
                false,
                Lifecycle.NONE,
                Terminal.NONE,
                TerminationMessage.DEFAULT,
                ContainerRole.NORMAL,
                false,
                0));
    assertThat(spec.initContainers()).containsExactly(ContainerSpec.of("setup", "busybox"));
    assertThat(spec.volumes())
        .containsExactly(
            new VolumeSpec.EmptyDir("data", false, null),
            new VolumeSpec.EmptyDir("ram", true, 256),
            new VolumeSpec.ConfigFiles(
                "conf",
                List.of(
                    new VolumeSpec.ConfigFile("app/a.yaml", new Secret("YTogMQ=="), 0600),
                    new VolumeSpec.ConfigFile("run.sh", new Secret(""), 0755))));
  }

  @Test
  void whatAStockSdkSendsIsTaken() {
    // As captured from aliyun-java-sdk-eci 1.0.13: floats, the role's odd spelling, and a volume
    // with a type but without the part that belongs to it.
    GroupDraft draft =
        draft(
            "Memory=4.0",
            "Cpu=2.0",
            "Volume.1.Name=v",
            "Volume.1.Type=EmptyDirVolume",
            "Container.1.Image=nginx:1",
            "Container.1.Name=nginx",
            "Container.1.Cpu=1.0",
            "Container.1.Memory=2.0",
            "Container.1.VolumeMount.1.MountPath=/v",
            "Container.1.VolumeMount.1.Name=v",
            "Container.1.VolumeMount.1.ReadOnly=true",
            "Container.1.EnvironmentVar.1.Key=A",
            "Container.1.EnvironmentVar.1.Value=中 文*~",
            "Container.1.Command.1=/bin/sh",
            "Container.1.Command.2=-c",
            "Container.1.Arg.1=echo hi",
            "Container.2.Name=side",
            "Container.2.Image=busybox",
            "ramRoleName=role1",
            "Tag.1.Key=k",
            "Tag.1.Value=v",
            "SecurityGroupId=sg-1",
            "VSwitchId=vsw-1",
            "RestartPolicy=Never",
            "RegionId=cn-hangzhou",
            "ClientToken=tok");

    assertThat(draft.spec().size()).isEqualTo(Size.of(2000, 4096));
    assertThat(draft.spec().containers())
        .extracting(ContainerSpec::size)
        .containsExactly(Size.of(1000, 2048), null);
    assertThat(draft.spec().volumes()).containsExactly(new VolumeSpec.EmptyDir("v", false, null));
    assertThat(draft.kept().ramRoleName()).isEqualTo("role1");
  }

  @Test
  void aDnsConfigWithoutAPolicyIsUsedBecauseOldSdksSendNoPolicy() {
    assertThat(draft("DnsConfig.NameServer.1=10.0.0.2").spec().dns())
        .isEqualTo(new DnsSettings(List.of("10.0.0.2"), List.of(), List.of()));
  }

  @ParameterizedTest
  @CsvSource({"256Mi, 256", "2Gi, 2048", "2, 2048", "0.5, 512", "1.5Gi, 1536", "0.1Mi, 1"})
  void aSizeLimitHasItsUnitOrMeansGib(String limit, int mib) {
    GroupDraft draft =
        draft(
            "Volume.1.Name=v",
            "Volume.1.Type=EmptyDirVolume",
            "Volume.1.EmptyDirVolume.SizeLimit=" + limit);

    assertThat(draft.spec().volumes()).containsExactly(new VolumeSpec.EmptyDir("v", false, mib));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ContainerGroupName | MissingParameter | ContainerGroupName",
        "ContainerGroupName=a | InvalidParameter | ContainerGroupName",
        "ContainerGroupName=-ab | InvalidParameter | ContainerGroupName",
        "ContainerGroupName=ab- | InvalidParameter | ContainerGroupName",
        "ContainerGroupName=Ab | InvalidParameter | ContainerGroupName",
        "ContainerGroupName=a_b | InvalidParameter | ContainerGroupName",
        "ContainerGroupName={129} | InvalidParameter.LengthExceeded | ContainerGroupName",
        "Container.1.Name;Container.1.Image | MissingParameter | Container",
        "ClientToken=tök | InvalidParameter | ClientToken",
        "ClientToken={65} | InvalidParameter.LengthExceeded | ClientToken",
        "RestartPolicy=always | InvalidParameter | RestartPolicy",
        "TerminationGracePeriodSeconds=-1 | InvalidParameter.ValueExceeded |"
            + " TerminationGracePeriodSeconds",
        "TerminationGracePeriodSeconds=3601 | InvalidParameter.ValueExceeded |"
            + " TerminationGracePeriodSeconds",
        "ActiveDeadlineSeconds=0 | InvalidParameter.ValueExceeded | ActiveDeadlineSeconds",
        "ActiveDeadlineSeconds=9223372036854775807 | InvalidParameter.ValueExceeded |"
            + " ActiveDeadlineSeconds",
        "MaxPendingMinute=0 | InvalidParameter.ValueExceeded | MaxPendingMinute",
        "MaxPendingMinute=1441 | InvalidParameter.ValueExceeded | MaxPendingMinute",
        "HostName=Box | InvalidParameter | HostName",
        "HostName={64} | InvalidParameter.LengthExceeded | HostName",
        "HostAliase.1.Ip=10.1;HostAliase.1.Hostname.1=a | InvalidParameter | HostAliase.1.Ip",
        "HostAliase.1.Ip=::g;HostAliase.1.Hostname.1=a | InvalidParameter | HostAliase.1.Ip",
        "HostAliase.1.Ip=fe80::1%1;HostAliase.1.Hostname.1=a | InvalidParameter | HostAliase.1.Ip",
        "HostAliase.1.Ip=10.0.0.256;HostAliase.1.Hostname.1=a | InvalidParameter |"
            + " HostAliase.1.Ip",
        "HostAliase.1.Hostname.1=a | MissingParameter | HostAliase.1.Ip",
        "HostAliase.1.Ip=::1 | MissingParameter | HostAliase.1.Hostname",
        "HostAliase.1.Ip=::1;HostAliase.1.Hostname.1=a b | InvalidParameter |"
            + " HostAliase.1.Hostname.1",
        "DnsPolicy=ClusterFirst | InvalidParameter | DnsPolicy",
        "DnsPolicy=None | MissingParameter | DnsConfig.NameServer",
        "DnsPolicy=Default;DnsConfig.NameServer.1=::1 | InvalidParameter | DnsPolicy",
        "DnsConfig.Search.1=a | MissingParameter | DnsConfig.NameServer",
        "DnsConfig.NameServer.1=dns | InvalidParameter | DnsConfig.NameServer.1",
        "DnsConfig.NameServer.1=::1;DnsConfig.Search.1=a b | InvalidParameter |"
            + " DnsConfig.Search.1",
        "DnsConfig.NameServer.1=::1;DnsConfig.Option.1.Name=a b | InvalidParameter |"
            + " DnsConfig.Option.1.Name",
        "DnsConfig.NameServer.1=::1;DnsConfig.Option.1.Value=2 | MissingParameter |"
            + " DnsConfig.Option.1.Name",
        "DnsConfig.NameServer.1=::1;DnsConfig.Option.1.Name=a;DnsConfig.Option.1.Value=2 3 |"
            + " InvalidParameter | DnsConfig.Option.1.Value",
        "VSwitchId=a,b! | InvalidParameter | VSwitchId",
        "VSwitchId=a,,b | InvalidParameter | VSwitchId",
        "VSwitchId=a,b,c,d,e,f,g,h,i,j,k | InvalidParameter.ValueExceeded | VSwitchId",
        "ZoneId=a/b | InvalidParameter | ZoneId",
        "SecurityGroupId=a b | InvalidParameter | SecurityGroupId",
        "ResourceGroupId={129} | InvalidParameter | ResourceGroupId",
        "RamRoleName=a/b | InvalidParameter | RamRoleName",
        "PlainHttpRegistry=http://r | InvalidParameter | PlainHttpRegistry",
        "InsecureRegistry=a,b:0 | InvalidParameter | InsecureRegistry",
        "InsecureRegistry=a:65536 | InvalidParameter | InsecureRegistry",
        "InsecureRegistry=[::1 | InvalidParameter | InsecureRegistry"
      })
  void whatIsWrongWithTheGroupIsNamed(String changes, String code, String parameter) {
    assertSingleProblem(changes, code, parameter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Server=https://r;UserName=u;Password=p | InvalidParameter | Server",
        "Server=r/team;UserName=u;Password=p | InvalidParameter | Server",
        "UserName=u;Password=p | MissingParameter | Server",
        "Server=r;Password=p | MissingParameter | UserName",
        "Server=r;UserName=a:b;Password=p | InvalidParameter | UserName",
        "Server=r;UserName=u | MissingParameter | Password",
        "Server=r;UserName=u;Password= | MissingParameter | Password"
      })
  void whatIsWrongWithACredentialIsNamed(String changes, String code, String parameter) {
    String at = "ImageRegistryCredential.1.";
    assertSingleProblem(at + changes.replace(";", ";" + at), code, at + parameter);
  }

  @Test
  void twoCredentialsForOneRegistryAreRefused() {
    assertSingleProblem(
        "ImageRegistryCredential.1.Server=r.io;ImageRegistryCredential.1.UserName=a;"
            + "ImageRegistryCredential.1.Password=p;ImageRegistryCredential.2.Server=R.io;"
            + "ImageRegistryCredential.2.UserName=b;ImageRegistryCredential.2.Password=p",
        "InvalidParameter",
        "ImageRegistryCredential.2.Server");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Value=v | MissingParameter | Key",
        "Key={65} | InvalidParameter.LengthExceeded | Key",
        "Key=acs:a | InvalidParameter | Key",
        "Key=aliyun-x | InvalidParameter | Key",
        "Key=see https://x | InvalidParameter | Key",
        "Key=k;Value=acs:x | InvalidParameter | Value",
        "Key=k;Value=http://x | InvalidParameter | Value",
        "Key=k;Value={129} | InvalidParameter.LengthExceeded | Value"
      })
  void whatIsWrongWithATagIsNamed(String changes, String code, String parameter) {
    assertSingleProblem("Tag.1." + changes.replace(";", ";Tag.1."), code, "Tag.1." + parameter);
  }

  @Test
  void tagsAreUniqueAndAtMostTwenty() {
    assertSingleProblem("Tag.1.Key=k;Tag.2.Key=k", "InvalidParameter", "Tag.2.Key");
    String[] tags =
        IntStream.rangeClosed(1, 21)
            .mapToObj(i -> "Tag." + i + ".Key=k" + i)
            .toArray(String[]::new);
    assertThat(refusal(tags).code()).isEqualTo(ErrorCode.NUMBER_EXCEED_TAGS);
  }

  @Test
  void aGroupHasAtMostTwentyContainersInitContainersIncluded() {
    assertThat(draft(containers(15, 5)).spec().containers()).hasSize(15);
    assertThat(refusal(containers(21, 0)).problems())
        .extracting(Problem::code, Problem::parameter)
        .containsExactly(tuple(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED, "Container"));
    assertThat(refusal(containers(15, 6)).problems())
        .extracting(Problem::code, Problem::parameter)
        .containsExactly(tuple(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED, "InitContainer"));
  }

  @Test
  void everyProblemIsToldAtOnceInTheOrderOfTheContract() {
    ApiException refused =
        refusal(
            "ContainerGroupName=X",
            "Container.1.Image",
            "Container.1.Cpu=abc",
            "Container.1.VolumeMount.1.Name=nowhere",
            "Container.1.VolumeMount.1.MountPath=data",
            "InitContainer.1.Name=web",
            "InitContainer.1.Image=i",
            "InstanceType=ecs.none.large",
            "Memory=0",
            "Volume.1.Name=v",
            "NoSuchThing=1");

    assertThat(refused.problems())
        .extracting(Problem::parameter)
        .containsExactly(
            "Container.1.Cpu",
            "Container.1.Image",
            "Container.1.VolumeMount.1.MountPath",
            "Container.1.VolumeMount.1.Name",
            "ContainerGroupName",
            "InitContainer.1.Name",
            "InstanceType",
            "Memory",
            "Volume.1.Type",
            "NoSuchThing");
    assertThat(refused.code()).isEqualTo(refused.problems().getFirst().code());
    assertThat(refused.getMessage())
        .contains("ContainerGroupName: must be 2 to 128 lower-case letters")
        .contains("not \"X\"");
  }

  @Test
  void problemsAreNamedAsTheyWereSentWhereIndicesAreLeftOut() {
    assertThat(
            refusal(
                    "Container.1.Name",
                    "Container.1.Image",
                    "Container.3.Name=web",
                    "Container.3.EnvironmentVar.2.Key=A",
                    "Container.3.EnvironmentVar.5.Key=A",
                    "InitContainer.4.Name=web",
                    "InitContainer.4.Image=i",
                    "Tag.2.Key=acs:x",
                    "Volume.6.Name=v")
                .problems())
        .extracting(Problem::parameter, problem -> problem.code().code())
        .containsExactly(
            tuple("Container.3.EnvironmentVar.5.Key", "InvalidParameter"),
            tuple("Container.3.Image", "MissingParameter"),
            tuple("InitContainer.4.Name", "InvalidParameter.DuplicatedName"),
            tuple("Tag.2.Key", "InvalidParameter"),
            tuple("Volume.6.Type", "MissingParameter"));
  }

  @Test
  void problemsThatOthersFoundAreToldWithTheRest() {
    Problem region = Problem.of(ErrorCode.INVALID_PARAMETER, "RegionId", "is none");
    Problem zone = Problem.of(ErrorCode.INVALID_PARAMETER, "ZoneId", "is none today");
    assertThatThrownBy(
            () ->
                new GroupDraftRules(InstanceTypes.shipped())
                    .check(
                        HANGZHOU,
                        CreateRequests.decoded("ContainerGroupName=X", "Memory=much"),
                        List.of(region),
                        List.of(zone)))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused ->
                assertThat(refused.problems())
                    .extracting(Problem::parameter)
                    .containsExactly("ContainerGroupName", "Memory", "RegionId", "ZoneId"));
    assertThat(
            new GroupDraftRules(InstanceTypes.shipped())
                .check(HANGZHOU, CreateRequests.decoded(), List.of(), List.of(zone))
                .name())
        .isEqualTo("demo");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRequestThatCameWithoutTheCodecIsHeldToTheSameRules(boolean named) {
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder().containerGroupName(named ? "demo" : null).build();

    assertThatThrownBy(() -> new GroupDraftRules(InstanceTypes.shipped()).check(HANGZHOU, request))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused ->
                assertThat(refused.problems())
                    .extracting(Problem::parameter)
                    .isEqualTo(
                        named ? List.of("Container") : List.of("Container", "ContainerGroupName")));
  }

  private static String[] containers(int containers, int initContainers) {
    return IntStream.rangeClosed(1, containers + initContainers)
        .mapToObj(
            i -> {
              String path =
                  i <= containers ? "Container." + i : "InitContainer." + (i - containers);
              return path + ".Name=c" + i + ";" + path + ".Image=i";
            })
        .collect(Collectors.joining(";"))
        .split(";");
  }
}
