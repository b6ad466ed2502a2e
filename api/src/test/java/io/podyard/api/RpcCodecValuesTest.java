package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DescribeContainerGroupEventsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.tag.ListTagResourcesRequest;
import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values: which texts are read as which values, and which as absent. */
class RpcCodecValuesTest {

  @Test
  void whatTheOldGoSdkWritesForListsIsAbsent() {
    Decoded<CreateContainerGroupRequest> decoded =
        create("Container.1.LivenessProbe.Exec.Command", "<[]string Value>");
    assertThat(decoded.problems())
        .extracting(Problem::parameter)
        .doesNotContain("Container.1.LivenessProbe.Exec.Command");
    assertThat(decoded.draft().container().getFirst().livenessProbe()).isNull();
    assertThat(create("Container.1.LivenessProbe.Exec.Command", "<[]string>").problems())
        .extracting(Problem::parameter)
        .contains("Container.1.LivenessProbe.Exec.Command");
  }

  @ParameterizedTest
  @CsvSource({"2,2", "2.0,2", "0.50,0.5", "100,100", "000.25,0.25"})
  void readsNumbersAsEverySdkPrintsThem(String text, String number) {
    assertThat(create("Cpu", text).orThrow().cpu()).isEqualTo(new BigDecimal(number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two",
        "1e3",
        "1E400000000",
        "+1",
        ".5",
        "1.",
        "1,5",
        "NaN",
        "0x1",
        " 1",
        "--1",
        "-"
      })
  void refusesOtherFormsOfNumbers(String text) {
    assertThat(create("Cpu", text).problems())
        .containsExactly(
            new Problem(
                ErrorCode.INVALID_PARAMETER, "Cpu", text, "must be a number such as 2 or 0.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "9223372036854775808", "99999999999999999999"})
  void wholeNumbersAreWholeAndFit(String text) {
    assertThat(create("ActiveDeadlineSeconds", text).problems())
        .extracting(Problem::parameter)
        .containsExactly("ActiveDeadlineSeconds");
  }

  @Test
  void readsTheLargestWholeNumbers() {
    CreateContainerGroupRequest request =
        create("ActiveDeadlineSeconds", "9223372036854775807", "MaxPendingMinute", "2147483647.0")
            .orThrow();
    assertThat(request.activeDeadlineSeconds()).isEqualTo(Long.MAX_VALUE);
    assertThat(request.maxPendingMinute()).isEqualTo(Integer.MAX_VALUE);
    assertThat(create("MaxPendingMinute", "2147483648").problems()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "TRUE,true", "False,false"})
  void readsBooleansInAnyCase(String text, boolean value) {
    assertThat(create("DryRun", text).orThrow().dryRun()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "yes", "tru", "truee"})
  void refusesOtherBooleans(String text) {
    assertThat(create("DryRun", text).problems()).hasSize(1);
  }

  @Test
  void anUndefinedOrEmptyOptionalParameterIsAbsent() {
    CreateContainerGroupRequest request =
        create("ZoneId", "undefined", "Cpu", "undefined", "HostName", "", "DryRun", "").orThrow();
    assertThat(request.zoneId()).isNull();
    assertThat(request.cpu()).isNull();
    assertThat(request.hostName()).isNull();
    assertThat(request.dryRun()).isNull();
  }

  @Test
  void anAbsentValueInsideAnEntryKeepsTheEntry() {
    assertThat(create("Tag.1.Key", "undefined").orThrow().tag())
        .containsExactly(new Tag(null, null));
    assertThat(create("DnsConfig.Search.1", "").orThrow().dnsConfig()).isNull();
    assertThat(create("Container.2.Name", "undefined").problems())
        .extracting(Problem::parameter)
        .containsExactly("Container.2.Image", "Container.2.Name");
  }

  @Test
  void textOfTheUserIsTakenAsItIs() {
    CreateContainerGroupRequest request =
        create(
                "Container.1.Arg.1", "",
                "Container.1.Arg.2", "undefined",
                "Container.1.EnvironmentVar.1.Key", "A",
                "Container.1.EnvironmentVar.1.Value", "undefined",
                "Tag.1.Key", "k",
                "Tag.1.Value", "")
            .orThrow();
    assertThat(request.container().getFirst().arg()).containsExactly("", "undefined");
    assertThat(request.container().getFirst().environmentVar().getFirst().value())
        .isEqualTo("undefined");
    assertThat(request.tag().getFirst().value()).isEmpty();
  }

  @Test
  void aNullValueIsAnAbsentParameter() {
    Map<String, String> parameters = new HashMap<>(minimal());
    // A map handed over by a servlet container may hold anything.
    parameters.put("ZoneId", nothing());
    parameters.put("Container.1.Image", nothing());
    assertThat(decodeCreate(parameters).problems())
        .containsExactly(Problem.missing("Container.1.Image"));
    parameters.put(nothing(), "x");
    assertThat(decodeCreate(parameters).problems()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"eci-1\",\"eci-2\"]",
        " [ \"eci-1\" , \"eci-2\" ] ",
        "eci-1,eci-2",
        "eci-1, eci-2"
      })
  void idsAreAJsonArrayOrAPlainList(String text) {
    assertThat(groups("ContainerGroupIds", text).orThrow().containerGroupIds())
        .containsExactly("eci-1", "eci-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "[1]",
        "[null]",
        "[[\"a\"]]",
        "[\"\"]",
        "a,,b",
        ",",
        "[\"a\"] b",
        "[\"\\ud800\"]",
        "[\"\\u0000\"]"
      })
  void otherListsAreRefused(String text) {
    assertThat(groups("ContainerGroupIds", text).problems())
        .extracting(Problem::parameter)
        .containsExactly("ContainerGroupIds");
  }

  @Test
  void anEmptyListOfIdsIsAnotherRequestThanNone() {
    DescribeContainerGroupsRequest none = groups("ContainerGroupIds", "[]").orThrow();
    assertThat(none.containerGroupIds()).isEmpty();
    assertThat(RpcCodec.encode(none)).containsEntry("ContainerGroupIds", "[]");
    for (String absent : List.of("", "undefined")) {
      DescribeContainerGroupsRequest all = groups("ContainerGroupIds", absent).orThrow();
      assertThat(all.containerGroupIds()).isNull();
      assertThat(RpcCodec.encode(all)).isEmpty();
    }
  }

  @Test
  void idsAreAtMostTwenty() {
    assertThat(groups("ContainerGroupIds", "a" + ",a".repeat(19)).problems()).isEmpty();
    assertThat(groups("ContainerGroupIds", "a" + ",a".repeat(20)).problems())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
  }

  @Test
  void aCommandIsAJsonArrayOnly() {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("ContainerGroupId", "eci-1");
    parameters.put("ContainerName", "c");
    parameters.put("Command", "[\"sh\",\"\",\"undefined\"]");
    assertThat(exec(parameters).orThrow().command()).containsExactly("sh", "", "undefined");
    parameters.put("Command", "ls");
    assertThat(exec(parameters).problems())
        .extracting(Problem::parameter)
        .containsExactly("Command");
    for (String absent : List.of("[]", "", "undefined")) {
      parameters.put("Command", absent);
      assertThat(exec(parameters).problems())
          .as(absent)
          .containsExactly(Problem.missing("Command"));
    }
    parameters.put("Command", "[".repeat(200_000));
    assertThat(exec(parameters).problems())
        .extracting(Problem::parameter)
        .containsExactly("Command");
  }

  @Test
  void readsTimesOfAnyOffset() {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("ContainerGroupId", "eci-1");
    parameters.put("ContainerName", "c");
    parameters.put("StartTime", "2018-08-02T17:00:00+02:00");
    assertThat(log(parameters).orThrow().startTime())
        .isEqualTo(Instant.parse("2018-08-02T15:00:00Z"));
    parameters.put("StartTime", "+999999999-12-31T23:59:59Z");
    assertThat(log(parameters).problems())
        .extracting(Problem::parameter)
        .containsExactly("StartTime");
    parameters.put("StartTime", "yesterday");
    assertThat(log(parameters).problems())
        .extracting(Problem::parameter)
        .containsExactly("StartTime");
  }

  @Test
  void checksRangesAndChoices() {
    Map<String, String> parameters =
        Map.of("Limit", "201", "SinceSecond", "59", "EventSource", "Nobody");
    List<Problem> problems =
        RpcCodec.decode(
                DescribeContainerGroupEventsRequest.class,
                Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
                parameters)
            .problems();
    assertThat(problems)
        .extracting(Problem::code)
        .containsExactly(
            ErrorCode.INVALID_PARAMETER,
            ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
            ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    assertThat(problems)
        .extracting(Problem::sentence)
        .containsExactly(
            "EventSource: must be one of EciService, K8sAgent, not \"Nobody\"",
            "Limit: must be from 1 to 200, not \"201\"",
            "SinceSecond: must be from 60 to 3600, not \"59\"");
  }

  @Test
  void aLimitSentAsTextIsANumber() {
    assertThat(
            RpcCodec.decode(
                    ListTagResourcesRequest.class,
                    Action.LIST_TAG_RESOURCES,
                    Map.of("Limit", "5", "ResourceType", "ContainerGroup"))
                .orThrow()
                .limit())
        .isEqualTo(5);
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

  private static Decoded<DescribeContainerGroupsRequest> groups(String name, String value) {
    return RpcCodec.decode(
        DescribeContainerGroupsRequest.class,
        Action.DESCRIBE_CONTAINER_GROUPS,
        Map.of(name, value));
  }

  private static Decoded<ExecContainerCommandRequest> exec(Map<String, String> parameters) {
    return RpcCodec.decode(
        ExecContainerCommandRequest.class, Action.EXEC_CONTAINER_COMMAND, parameters);
  }

  private static Decoded<DescribeContainerLogRequest> log(Map<String, String> parameters) {
    return RpcCodec.decode(
        DescribeContainerLogRequest.class, Action.DESCRIBE_CONTAINER_LOG, parameters);
  }

  @SuppressWarnings("NullAway")
  private static String nothing() {
    return null;
  }
}
