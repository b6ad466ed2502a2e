package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.containergroup.ContainerGroupEventResponse;
import io.podyard.api.containergroup.ContainerGroupEventsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class EciJsonTest {

  private static final ContainerGroupResponse GROUP =
      ContainerGroupResponse.builder()
          .containerGroupId("eci-1")
          .containerGroupName("名字 😀 \"q\" /x")
          .cpu(new BigDecimal("2.0"))
          .memory(new BigDecimal("0.50"))
          .creationTime(Instant.parse("2018-08-02T15:00:00.987Z"))
          .tags(List.of(new Tag("k", "v")))
          .vSwitchId("vsw-1")
          .build();

  @Test
  void theRpcDoorWritesTheNamesOfTheContract() {
    JsonNode json = EciJson.rpc().valueToTree(GROUP);
    assertThat(json.get("ContainerGroupId").asString()).isEqualTo("eci-1");
    assertThat(json.get("CreationTime").asString()).isEqualTo("2018-08-02T15:00:00Z");
    assertThat(json.get("VSwitchId").asString()).isEqualTo("vsw-1");
    assertThat(json.at("/Tags/0/Key").asString()).isEqualTo("k");
    assertThat(json.has("ZoneId")).as("absent").isFalse();
    assertThat(json.get("Containers").isArray()).isTrue();
  }

  @Test
  void theRestDoorWritesTheNamesOfTheComponents() {
    assertThat(EciJson.rest().writeValueAsString(GROUP))
        .contains("\"containerGroupId\":\"eci-1\"", "\"vSwitchId\":\"vsw-1\"", "\"memory\":0.5");
  }

  @Test
  void textIsRawUtf8() {
    assertThat(EciJson.rpc().writeValueAsString(GROUP)).contains("名字 😀 \\\"q\\\" /x");
    assertThat(new String(EciJson.rpc().writeValueAsBytes(GROUP), StandardCharsets.UTF_8))
        .contains("名字 😀")
        .doesNotContain("\\u");
  }

  @ParameterizedTest
  @CsvSource({"2.0,2", "0.50,0.5", "1E+2,100", "1E-7,0.0000001", "0.00,0", "0.00012252,0.00012252"})
  void numbersArePlain(String number, String text) {
    ContainerGroupResponse group =
        ContainerGroupResponse.builder().cpu(new BigDecimal(number)).build();
    assertThat(EciJson.rpc().writeValueAsString(group)).contains("\"Cpu\":" + text + ",");
    assertThat(EciJson.rest().writeValueAsString(group)).contains("\"cpu\":" + text + ",");
  }

  @Test
  void irregularNamesAreWrittenAndRead() {
    ContainerGroupEventResponse event =
        new ContainerGroupEventResponse(
            1,
            Instant.parse("2018-08-02T15:00:00Z"),
            Instant.parse("2018-08-02T15:00:01Z"),
            "m",
            null,
            "r",
            null,
            null,
            null,
            "Normal",
            new ContainerGroupEventResponse.InvolvedObject("v1", "Pod", "n", "default", "u"));
    DescribeContainerGroupEventsResponse answer =
        new DescribeContainerGroupEventsResponse(
            List.of(
                new ContainerGroupEventsResponse(null, "eci-1", List.of(event), "n", null, "u-1")),
            "R",
            1);
    String json = EciJson.rpc().writeValueAsString(answer);
    assertThat(json)
        .contains(
            "\"uuid\":\"u-1\"", "\"involvedObject\":{\"ApiVersion\":\"v1\"", "\"TotalCount\":1");
    assertThat(EciJson.rpc().readValue(json, DescribeContainerGroupEventsResponse.class))
        .isEqualTo(answer);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    DescribeContainerGroupsResponse answer =
        new DescribeContainerGroupsResponse(
            List.of(
                ContainerGroupResponse.builder()
                    .containerGroupId("eci-1")
                    .cpu(new BigDecimal("0.5"))
                    .creationTime(Instant.parse("2018-08-02T15:00:00Z"))
                    .build()),
            "",
            "R",
            1);
    for (var mapper : List.of(EciJson.rpc(), EciJson.rest())) {
      assertThat(
              mapper.readValue(
                  mapper.writeValueAsString(answer), DescribeContainerGroupsResponse.class))
          .isEqualTo(answer);
    }
  }

  @Test
  void unknownKeysAndNullsAreNoMatter() {
    ListTagResourcesResponse answer =
        EciJson.rpc()
            .readValue(
                "{\"RequestId\":\"R\",\"New\":[{}],\"NextToken\":null,\"TagResources\":[null]}",
                ListTagResourcesResponse.class);
    assertThat(answer).isEqualTo(new ListTagResourcesResponse(null, "R", List.of()));
    assertThatThrownBy(
            () ->
                EciJson.rpc()
                    .readValue("{\"CreationTime\":\"soon\"}", ContainerGroupResponse.class))
        .isInstanceOf(JacksonException.class);
  }
}
