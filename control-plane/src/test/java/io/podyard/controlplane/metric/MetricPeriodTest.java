package io.podyard.controlplane.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.metric.DescribeContainerGroupMetricRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which records a request means. */
class MetricPeriodTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:07.500Z");

  private final List<Problem> problems = new ArrayList<>();

  private MetricPeriod period(
      @Nullable String start, @Nullable String end, @Nullable String period) {
    problems.clear();
    return MetricPeriod.of(
        new DescribeContainerGroupMetricRequest(
            "eci-1",
            end == null ? null : Instant.parse(end),
            null,
            null,
            period,
            null,
            null,
            null,
            start == null ? null : Instant.parse(start)),
        NOW,
        problems::add);
  }

  @Test
  void withoutTimesItIsTheLastFiveMinutesByFifteenSeconds() {
    MetricPeriod usual =
        new MetricPeriod(Instant.parse("2026-11-21T09:55:00Z"), NOW, Duration.ofSeconds(15));
    assertThat(period(null, null, null)).isEqualTo(usual);
    assertThat(period(null, null, "600")).isEqualTo(usual);
    assertThat(problems).isEmpty();
  }

  @Test
  void withOneTimeTheOtherIsFiveMinutesAwayOrNow() {
    assertThat(period("2026-11-21T09:31:30Z", null, null))
        .isEqualTo(
            new MetricPeriod(Instant.parse("2026-11-21T09:31:00Z"), NOW, Duration.ofMinutes(1)));
    assertThat(period(null, "2026-11-21T09:31:30Z", "30"))
        .isEqualTo(
            new MetricPeriod(
                Instant.parse("2026-11-21T09:26:30Z"),
                Instant.parse("2026-11-21T09:31:30Z"),
                Duration.ofSeconds(30)));
    assertThat(problems).isEmpty();
  }

  @Test
  void fiftyRecordsAreTheMost() {
    MetricPeriod _ = period("2026-11-21T09:00:10Z", "2026-11-21T09:12:40Z", "15");
    assertThat(problems).isEmpty();
    MetricPeriod _ = period("2026-11-21T09:00:10Z", "2026-11-21T09:12:41Z", "15");
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
              assertThat(problem.parameter()).isEqualTo("Period");
              assertThat(problem.message()).contains("51 records", "at most 50", "750 s");
            });
    assertThat(period("2026-11-21T09:31:30Z", "2199-01-01T00:00:00Z", "60"))
        .as("an end to come is now")
        .isEqualTo(
            new MetricPeriod(Instant.parse("2026-11-21T09:31:00Z"), NOW, Duration.ofMinutes(1)));
    assertThat(problems).isEmpty();
    MetricPeriod _ = period("2026-10-23T00:00:00Z", null, "600");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("Period");
  }

  @Test
  void whatCannotBeIsNamed() {
    MetricPeriod _ = period("2026-10-22T10:00:07Z", "2026-10-22T10:05:00Z", "60");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("StartTime");
    MetricPeriod _ = period(null, "2026-10-22T10:05:00Z", "60");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("EndTime");
    MetricPeriod _ = period("2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z", "60");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("EndTime");
    MetricPeriod _ = period("2026-11-21T10:00:08Z", null, "60");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("StartTime");
    MetricPeriod _ = period("2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", "60");
    assertThat(problems).singleElement().extracting(Problem::parameter).isEqualTo("StartTime");
    for (String wrong : List.of("0", "16", "060", "sixty", "15.0", "-60", "6e1")) {
      MetricPeriod _ = period(null, null, wrong);
      assertThat(problems)
          .as(wrong)
          .singleElement()
          .extracting(Problem::parameter)
          .isEqualTo("Period");
    }
  }
}
