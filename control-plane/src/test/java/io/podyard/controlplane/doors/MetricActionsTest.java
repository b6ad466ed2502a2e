package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.metric.ContainerMetricResponse;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricResponse;
import io.podyard.api.metric.MetricRecordResponse;
import io.podyard.api.metric.MonitorDataResponse;
import io.podyard.api.metric.NewestMetricRecordResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What groups use, at the door of the SDKs (contract sections 2.2 and 15). */
class MetricActionsTest {

  private static final long MIB = 1 << 20;

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  /** Of its own: it looks every second. */
  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.with("podyard.metrics.period", "1s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private List<MetricRecordResponse> records(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("ContainerGroupId=" + id);
    parameters.putAll(Groups.parameters(more));
    DescribeContainerGroupMetricResponse answer =
        groups
            .client()
            .call(
                Action.DESCRIBE_CONTAINER_GROUP_METRIC,
                parameters,
                DescribeContainerGroupMetricResponse.class);
    assertThat(answer.containerGroupId()).isEqualTo(id);
    return answer.records();
  }

  private List<MonitorDataResponse> newest(String ids, String... more) {
    Map<String, String> parameters = Groups.parameters("ContainerGroupIds=" + ids);
    parameters.putAll(Groups.parameters(more));
    return groups
        .client()
        .call(
            Action.DESCRIBE_MULTI_CONTAINER_GROUP_METRIC,
            parameters,
            DescribeMultiContainerGroupMetricResponse.class)
        .monitorDatas();
  }

  private PodyardCallException refused(String id, String... more) {
    Map<String, String> parameters = Groups.parameters("ContainerGroupId=" + id);
    parameters.putAll(Groups.parameters(more));
    return groups.refusal(Action.DESCRIBE_CONTAINER_GROUP_METRIC, parameters);
  }

  private String running(String... more) {
    String id = groups.create(Groups.shell("sleep infinity", more));
    groups.untilStatus(id, "Running");
    return id;
  }

  private static long number(Long value) {
    return Objects.requireNonNull(value);
  }

  @Test
  void aRunningGroupHasRecordsOfEachWindow() {
    String id =
        running(
            "Cpu=2",
            "Memory=4",
            "Container.1.Cpu=0.5",
            "Container.1.Memory=1",
            "Container.2.Name=side",
            "Container.2.Image=registry.test/shell:1");
    Waiting.until("two windows", () -> records(id).size() >= 2);

    List<MetricRecordResponse> records = records(id);
    Instant before = Instant.EPOCH;
    for (MetricRecordResponse one : records) {
      String timestamp = Objects.requireNonNull(one.timestamp());
      assertThat(timestamp).matches("20..-..-..T..:..:..\\.[0-9]{3}\\+00:00");
      Instant at = OffsetDateTime.parse(timestamp).toInstant();
      assertThat(at.getEpochSecond() / 15).isGreaterThan(before.getEpochSecond() / 15);
      before = at;
      checkRecord(one);
    }
    assertThat(Duration.between(before, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
    MetricRecordResponse last = records.getLast();
    MetricRecordResponse first = records.getFirst();
    assertThat(number(last.cpu().usageCoreNanoSeconds()))
        .isGreaterThan(number(first.cpu().usageCoreNanoSeconds()));
    assertThat(number(last.network().interfaces().getFirst().rxBytes()))
        .isGreaterThan(number(first.network().interfaces().getFirst().rxBytes()));

    String start = Instant.now().minusSeconds(120).toString();
    assertThat(records(id, "StartTime=" + start)).hasSizeBetween(1, 3);
    assertThat(records(id, "StartTime=" + start, "Period=600")).hasSizeBetween(1, 2);
    assertThat(records(id, "StartTime=" + start, "Period=15").size())
        .isGreaterThanOrEqualTo(records.size());
    assertThat(records(id, "EndTime=" + start)).isEmpty();
    groups.delete(id, "Force=true");
  }

  private static void checkRecord(MetricRecordResponse one) {
    assertThat(one.cpu().limit()).isEqualTo(2000);
    assertThat(one.cpu().load()).isNull();
    assertThat(number(one.cpu().usageNanoCores())).isBetween(1L, 2_000_000_000L);
    assertThat(number(one.memory().usageBytes())).isBetween(1L, 4096 * MIB);
    assertThat(number(one.memory().workingSet()) + number(one.memory().availableBytes()))
        .isBetween(4096 * MIB - 1, 4096 * MIB + 1);
    assertThat(one.containers())
        .extracting(ContainerMetricResponse::name)
        .containsExactly("main", "side");
    ContainerMetricResponse main = one.containers().getFirst();
    assertThat(main.cpu().limit()).isEqualTo(500);
    assertThat(number(main.cpu().usageNanoCores())).isBetween(1L, 500_000_000L);
    assertThat(number(main.memory().usageBytes())).isBetween(1L, 1024 * MIB);
    assertThat(one.containers().getLast().cpu().limit()).isEqualTo(2000);
    assertThat(one.disk()).isNotEmpty();
    assertThat(number(one.disk().getFirst().writeIo())).isNotNegative();
  }

  @Test
  void theNewestRecordsOfSeveralGroupsComeInTheOrderAskedFor() {
    String one = running("ResourceGroupId=rg-one");
    String two = running();
    String waits =
        groups.create(Groups.shell("true", "Container.1.Image=registry.test/not-found:1"));
    String all = "[\"" + String.join("\",\"", two, waits, "eci-unknown", one) + "\"]";
    Waiting.until(
        "both have a record",
        () -> newest(all).stream().filter(data -> !data.records().isEmpty()).count() == 2);

    List<MonitorDataResponse> answer = newest(all, "MetricType=summary");
    assertThat(answer)
        .extracting(MonitorDataResponse::containerGroupId)
        .containsExactly(two, waits, one);
    assertThat(answer.get(1).records()).isEmpty();
    NewestMetricRecordResponse record = answer.getFirst().records().getFirst();
    assertThat(number(record.cpu().usageCoreNanoSeconds())).isPositive();
    assertThat(record.disk()).isNotEmpty();
    assertThat(number(record.disk().getFirst().readIo())).isNotNegative();
    assertThat(newest(all, "ResourceGroupId=rg-one"))
        .extracting(MonitorDataResponse::containerGroupId)
        .containsExactly(one);
    List.of(one, two, waits).forEach(id -> groups.delete(id, "Force=true"));
  }

  @Test
  void whatAnEndedGroupUsedCanBeReadByItsAccountAlone() {
    String id = running();
    Waiting.until("a record", () -> !records(id).isEmpty());
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    Waiting.until(
        "it is history",
        () ->
            !server
                .jdbc()
                .queryForList("select 1 from container_group_history where id = ?", id)
                .isEmpty());

    assertThat(records(id)).isNotEmpty();
    assertThat(newest("[\"" + id + "\"]")).singleElement().matches(d -> !d.records().isEmpty());
    Groups stranger = Groups.ofNewAccount(server);
    assertThat(
            stranger
                .refusal(
                    Action.DESCRIBE_CONTAINER_GROUP_METRIC,
                    Groups.parameters("ContainerGroupId=" + id))
                .errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }

  @Test
  void tooMuchIsRefusedWithTheNumbers() {
    String id = running();
    Instant start = Instant.now().minusSeconds(3600);
    PodyardCallException tooMany = refused(id, "StartTime=" + start, "Period=15");
    assertThat(tooMany.errorCode()).contains(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    assertThat(tooMany.httpStatus()).isEqualTo(400);
    assertThat(tooMany.getMessage()).contains("Period", "records", "at most 50");
    PodyardCallException old = refused(id, "StartTime=" + Instant.now().minus(Duration.ofDays(31)));
    assertThat(old.getMessage()).contains("StartTime", "30 days");
    String ids = "[\"" + "eci-1\",\"".repeat(20) + "eci-1\"]";
    assertThat(
            groups
                .refusal(
                    Action.DESCRIBE_MULTI_CONTAINER_GROUP_METRIC,
                    Groups.parameters("ContainerGroupIds=" + ids))
                .getMessage())
        .contains("ContainerGroupIds", "at most 20", "21");
    groups.delete(id, "Force=true");
  }
}
