package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.tag.Tag;
import io.podyard.api.tag.TagResourcesRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names: where a parameter belongs, and what is said when it belongs nowhere. */
class RpcCodecTest {
  @Test
  void readsNestedListsAndRecords() {
    CreateContainerGroupRequest request =
        create(
                "Container.1.EnvironmentVar.1.Key", "A",
                "Container.1.EnvironmentVar.1.Value", "中 文*~",
                "Container.1.EnvironmentVar.2.Key", "IP",
                "Container.1.EnvironmentVar.2.FieldRef.FieldPath", "status.podIP",
                "Container.1.SecurityContext.Capability.Add.1", "NET_ADMIN",
                "HostAliase.1.Hostname.2", "b",
                "HostAliase.1.Hostname.1", "a",
                "HostAliase.1.Ip", "10.0.0.1",
                "Volume.1.Name", "v",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path", "p",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content", "Yg==")
            .orThrow();
    ContainerRequest container = request.container().getFirst();
    assertThat(container.environmentVar())
        .containsExactly(
            EnvironmentVarRequest.of("A", "中 文*~"),
            new EnvironmentVarRequest(
                new EnvironmentVarRequest.FieldRef("status.podIP"), "IP", null));
    assertThat(container.securityContext()).isNotNull();
    assertThat(request.hostAliase().getFirst().hostname()).containsExactly("a", "b");
    VolumeRequest volume = request.volume().getFirst();
    assertThat(volume.configFileVolume()).isNotNull();
    assertThat(volume.emptyDirVolume()).isNull();
    assertThat(request.initContainer()).isEmpty();
    assertThat(request.dnsConfig()).isNull();
  }

  @Test
  void closesGapsInIndices() {
    CreateContainerGroupRequest request =
        create("Tag.3.Key", "c", "Tag.20.Key", "t", "DnsConfig.NameServer.5", "1.1.1.1").orThrow();
    assertThat(request.tag()).extracting(Tag::key).containsExactly("c", "t");
    assertThat(request.dnsConfig()).isNotNull();
  }

  @Test
  void aProblemOfAFeatureIsNamedAsItWasSent() {
    Decoded<CreateContainerGroupRequest> decoded =
        create(
            "Container.4.Name", "d",
            "Container.4.Image", "i",
            "Container.4.EnvironmentVar.3.Key", "A",
            "Container.4.EnvironmentVar.7.Key", "B",
            "Volume.1.Name", "v");
    assertThat(asSent(decoded, "Container.1.Image")).isEqualTo("Container.1.Image");
    assertThat(asSent(decoded, "Container.2.Image")).isEqualTo("Container.4.Image");
    assertThat(asSent(decoded, "Container.2.EnvironmentVar.2.Key"))
        .isEqualTo("Container.4.EnvironmentVar.7.Key");
    assertThat(asSent(decoded, "Container.2.EnvironmentVar"))
        .isEqualTo("Container.4.EnvironmentVar");
    assertThat(asSent(decoded, "Container.9.Image")).isEqualTo("Container.9.Image");
    assertThat(asSent(decoded, "Volume.1.Name")).isEqualTo("Volume.1.Name");
    assertThat(asSent(decoded, "Container")).isEqualTo("Container");
  }

  private static String asSent(Decoded<?> decoded, String parameter) {
    return decoded.asSent(Problem.missing(parameter)).parameter();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "01", "x", "1x", "", " 1", "１"})
  void indicesAreNumbersFromOne(String index) {
    String name = "Tag." + index + ".Key";
    assertThat(create(name, "v").problems())
        .extracting(Problem::parameter, Problem::code)
        .containsExactly(tuple(name, ErrorCode.INVALID_PARAMETER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22", "2147483648", "99999999999999999999999999"})
  void anIndexBeyondTheLimitOfTheListIsRefused(String index) {
    assertThat(create("Tag." + index + ".Key", "v").problems())
        .extracting(Problem::sentence)
        .containsExactly("Tag." + index + ".Key: Tag has at most 21 entries");
  }

  @Test
  void readsTheSpellingsOfOldSdks() {
    CreateContainerGroupRequest request =
        create("ramRoleName", "r", "Volume.1.ConfigFileVolume.DefaultModel", "0644").orThrow();
    assertThat(request.ramRoleName()).isEqualTo("r");
    assertThat(request.volume().getFirst().configFileVolume())
        .isEqualTo(new VolumeRequest.ConfigFileVolume(List.of(), 644));
  }

  @Test
  void theSameParameterTwiceMustAgree() {
    assertThat(create("ramRoleName", "r", "RamRoleName", "r").orThrow().ramRoleName())
        .isEqualTo("r");
    assertThat(create("ramRoleName", "r", "RamRoleName", "s").problems())
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo("is given twice with different values");
  }

  @Test
  void findsAllProblemsAtOnceInTheOrderOfTheContract() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("Zzz", "1");
    parameters.put("StrictSpot", "true");
    parameters.put("Memory", "much");
    parameters.put("Container.2.Cpu", "few");
    parameters.put("Container.10.Name", "x");
    parameters.put("Container.2.Image", "i");
    parameters.put("Container.2.Wrong", "i");
    parameters.put("AutoCreateEip", "true");
    assertThat(decodeCreate(parameters).problems())
        .extracting(Problem::sentence)
        .containsExactly(
            "AutoCreateEip: is not supported: groups have no public addresses here, only one in the"
                + " network of their vSwitch, not \"true\"",
            "Container.2.Cpu: must be a number such as 2 or 0.5, not \"few\"",
            "Container.2.Name: is required",
            "Container.2.Wrong: is not a parameter of CreateContainerGroup",
            "Container.10.Image: is required",
            "ContainerGroupName: is required",
            "Memory: must be a number such as 2 or 0.5, not \"much\"",
            "StrictSpot: is not supported: the contract does not say what it means, not \"true\"",
            "Zzz: is not a parameter of CreateContainerGroup");
  }

  @Test
  void aRefusedFieldMayAskForNothing() {
    CreateContainerGroupRequest request =
        create(
                "SpotStrategy", "NoSpot",
                "OsType", "linux",
                "CpuArchitecture", "AMD64",
                "Container.1.Gpu", "0.0",
                "Container.1.Tty", "FALSE",
                "EphemeralStorage", "0",
                "SlsEnable", "false",
                "Container.1.LivenessProbe.PeriodSeconds", "undefined")
            .orThrow();
    assertThat(request.spotStrategy()).isEqualTo("NoSpot");
    assertThat(request.container().getFirst().tty()).isFalse();
    assertThat(request.container().getFirst().livenessProbe()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"OsType,Windows", "Container.1.SecurityContextPrivileged,true", "StrictSpot,true"})
  void aRefusedFieldIsNamedWithTheReason(String name, String value) {
    assertThat(create(name, value).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.parameter()).isEqualTo(name);
              assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
              assertThat(problem.message()).startsWith("is not supported: ");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "container.1.Name",
        "Container",
        "Container.1",
        "Cpu.1",
        "Cpu.",
        ".Cpu",
        "Container..Name",
        "DnsConfig",
        ".",
        "Container.1.Name.X.Y.Z",
        "SignatureX"
      })
  void aNameThatLeadsNowhereIsNamed(String name) {
    assertThat(create(name, "1").problems())
        .singleElement()
        .extracting(Problem::parameter)
        .isEqualTo(name);
  }

  @Test
  void theProtocolsOwnParametersAreNotTheActions() {
    Map<String, String> parameters = new HashMap<>();
    for (String name :
        List.of(
            "Action",
            "Version",
            "Format",
            "AccessKeyId",
            "Signature",
            "SignatureMethod",
            "SignatureVersion",
            "SignatureNonce",
            "SignatureType",
            "Timestamp",
            "SecurityToken",
            "RegionId",
            "x-acs-anything",
            "X-Trace")) {
      parameters.put(name, "v");
    }
    assertThat(
            RpcCodec.decode(DescribeRegionsRequest.class, Action.DESCRIBE_REGIONS, parameters)
                .orThrow()
                .regionId())
        .isEqualTo("v");
  }

  @Test
  void aListIsAtLeastOneEntryWhereTheContractRequiresIt() {
    Map<String, String> parameters = Map.of("ResourceType", "ContainerGroup", "ResourceId.1", "");
    assertThat(
            RpcCodec.decode(TagResourcesRequest.class, Action.TAG_RESOURCES, parameters).problems())
        .containsExactly(Problem.missing("ResourceId"), Problem.missing("Tag"));
  }

  @Test
  void problemsOfAFeatureJoinThoseOfTheCodec() {
    Decoded<CreateContainerGroupRequest> decoded = create("Memory", "much", "Zzz", "1");
    assertThat(decoded.value()).isNull();
    assertThat(decoded.draft().containerGroupName()).isEqualTo("demo");
    List<Problem> both = new ArrayList<>(decoded.problems());
    both.add(Problem.missing("Memory"));
    both.add(Problem.of(ErrorCode.INVALID_PARAMETER, "Volume.1.Type", "is unknown"));
    both.add(Problem.of(ErrorCode.INVALID_PARAMETER, "Container.1.Image", "is too long"));
    assertThat(RpcCodec.ordered(Action.CREATE_CONTAINER_GROUP, both))
        .extracting(Problem::parameter)
        .containsExactly("Container.1.Image", "Memory", "Volume.1.Type", "Zzz");
  }

  @Test
  void aRequestIsRefusedWithWhatCodecAndFeatureFoundByTheNamesThatWereSent() {
    Decoded<CreateContainerGroupRequest> decoded =
        create("Memory", "much", "Tag.2.Key", "a", "Tag.5.Key", "b", "Zzz", "1");
    List<Problem> ofDraft =
        List.of(
            Problem.missing("Memory"),
            Problem.of(ErrorCode.INVALID_PARAMETER, "Tag.2.Key", "is no good"));
    assertThat(refusal(decoded, ofDraft))
        .extracting(Problem::sentence)
        .satisfiesExactly(
            memory -> assertThat(memory).startsWith("Memory: must be "),
            tag -> assertThat(tag).isEqualTo("Tag.5.Key: is no good"),
            unknown -> assertThat(unknown).startsWith("Zzz: is not a parameter"));
    CreateContainerGroupRequest fine = create().orThrow(List.of());
    assertThat(fine.containerGroupName()).isEqualTo("demo");
    assertThat(refusal(create(), ofDraft)).extracting(Problem::parameter).contains("Tag.2.Key");
  }

  @Test
  void problemsFoundBeforeComeFirstAndKeepTheIndicesThatWereSent() {
    Decoded<CreateContainerGroupRequest> decoded =
        create("Memory", "much", "Tag.5.Key", "b")
            .after(
                List.of(
                    Problem.of(ErrorCode.INVALID_PARAMETER, "Memory", "is given twice"),
                    Problem.of(ErrorCode.INVALID_PARAMETER, "other", "is no field")));
    assertThat(decoded.value()).isNull();
    assertThat(refusal(decoded, List.of(Problem.missing("Tag.1.Value"))))
        .extracting(Problem::sentence)
        .containsExactly(
            "Memory: is given twice", "Tag.5.Value: is required", "other: is no field");
  }

  @Test
  void whatCouldNotBeReadIsNotMissing() {
    Decoded<TagResourcesRequest> decoded =
        RpcCodec.decode(
            TagResourcesRequest.class,
            Action.TAG_RESOURCES,
            Map.of("ResourceType", "ContainerGroup", "ResourceId.3", "a\0b", "Tag.1.Key", "k"));
    assertThat(decoded.problems()).extracting(Problem::parameter).containsExactly("ResourceId.3");
    assertThat(decoded.isUnread("ResourceId")).isTrue();
    assertThat(decoded.isUnread("ResourceId.3")).isTrue();
    assertThat(decoded.isUnread("ResourceId.1")).isFalse();
    assertThat(decoded.isUnread("Resource")).isFalse();
    assertThat(decoded.isUnread("Tag")).isFalse();
    assertThat(refusal(decoded, List.of(Problem.missing("ResourceId"), Problem.missing("Tag"))))
        .extracting(Problem::parameter)
        .containsExactly("ResourceId.3", "Tag");
    Decoded<TagResourcesRequest> shapeless =
        RpcCodec.decode(
                TagResourcesRequest.class,
                Action.TAG_RESOURCES,
                Map.of("ResourceType", "ContainerGroup", "Tag.1.Key", "k"))
            .after(List.of(Problem.of(ErrorCode.INVALID_PARAMETER, "ResourceId.1", "is a list")));
    assertThat(shapeless.problems()).extracting(Problem::parameter).containsExactly("ResourceId.1");
  }

  private static List<Problem> refusal(Decoded<?> decoded, List<Problem> ofDraft) {
    return catchThrowableOfType(ApiException.class, () -> decoded.orThrow(ofDraft)).problems();
  }

  @Test
  void writesWhatItReads() {
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder()
            .containerGroupName("demo")
            .cpu(new BigDecimal("2.0"))
            .container(
                List.of(
                    ContainerRequest.builder()
                        .name("c")
                        .image("i")
                        .arg(List.of("", "b"))
                        .environmentVar(List.of(EnvironmentVarRequest.of("K", "V")))
                        .build()))
            .volume(List.of(VolumeRequest.emptyDir("v", null, "1Gi")))
            .dryRun(true)
            .build();
    assertThat(RpcCodec.encode(request))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("ContainerGroupName", "demo"),
                Map.entry("Cpu", "2"),
                Map.entry("Container.1.Name", "c"),
                Map.entry("Container.1.Image", "i"),
                Map.entry("Container.1.Arg.1", ""),
                Map.entry("Container.1.Arg.2", "b"),
                Map.entry("Container.1.EnvironmentVar.1.Key", "K"),
                Map.entry("Container.1.EnvironmentVar.1.Value", "V"),
                Map.entry("Volume.1.Name", "v"),
                Map.entry("Volume.1.Type", "EmptyDirVolume"),
                Map.entry("Volume.1.EmptyDirVolume.SizeLimit", "1Gi"),
                Map.entry("DryRun", "true")));
  }

  @Test
  void aTypeOfAnotherActionIsAMistakeOfTheProgram() {
    assertThatThrownBy(
            () ->
                RpcCodec.decode(
                    DescribeRegionsRequest.class, Action.CREATE_CONTAINER_GROUP, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RpcCodec.encode("text")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<String, String> minimal() {
    return Map.of("ContainerGroupName", "demo", "Container.1.Name", "c", "Container.1.Image", "i");
  }

  private static Decoded<CreateContainerGroupRequest> create(String... more) {
    Map<String, String> parameters = new LinkedHashMap<>(minimal());
    for (int i = 0; i < more.length; i += 2) {
      parameters.put(more[i], more[i + 1]);
    }
    return decodeCreate(parameters);
  }

  private static Decoded<CreateContainerGroupRequest> decodeCreate(Map<String, String> parameters) {
    return RpcCodec.decode(
        CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, parameters);
  }
}
