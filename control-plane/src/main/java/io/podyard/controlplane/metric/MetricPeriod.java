package io.podyard.controlplane.metric;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.metric.DescribeContainerGroupMetricRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for (contract section 15): those of the windows from the one that the
 * start is in to the one that ends at the end or after it.
 *
 * @param from the start of a window
 * @param to the first moment that does not count any more
 * @param window what a record stands for
 */
record MetricPeriod(Instant from, Instant to, Duration window) {

  /** The most records of one answer. */
  static final int MOST_RECORDS = 50;

  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration USUAL_WINDOW = Duration.ofSeconds(60);
  private static final Duration WINDOW_OF_NOW = Duration.ofSeconds(15);
  private static final List<String> WINDOWS = List.of("15", "30", "60", "600");

  /** Of no use if there are problems. */
  static MetricPeriod of(
      DescribeContainerGroupMetricRequest asked, Instant now, Consumer<Problem> problems) {
    Duration window = window(asked.period(), problems);
    Instant start = asked.startTime();
    Instant end = asked.endTime();
    if (start == null && end == null) {
      return of(now.minus(USUAL), now, WINDOW_OF_NOW);
    }
    // An end that is still to come is now.
    Instant to = end == null || end.isAfter(now) ? now : end;
    boolean untilNow = to.equals(now);
    Instant from = start == null ? to.minus(USUAL) : start;
    Instant oldest = now.minus(Resolution.KEPT);
    boolean wrong = false;
    if (from.isBefore(oldest)) {
      wrong = true;
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              start == null ? "EndTime" : "StartTime",
              String.valueOf(start == null ? end : start),
              start == null
                  ? "must be within the last 30 days, five minutes and more after %s"
                      .formatted(oldest)
                  : "must be within the last 30 days, after %s".formatted(oldest)));
    }
    if (!from.isBefore(to)) {
      wrong = true;
      problems.accept(
          untilNow
              ? new Problem(
                  ErrorCode.INVALID_PARAMETER,
                  "StartTime",
                  String.valueOf(start),
                  "must be before now, %s".formatted(now))
              : new Problem(
                  ErrorCode.INVALID_PARAMETER,
                  "EndTime",
                  String.valueOf(end),
                  "must be after StartTime, %s".formatted(from)));
    }
    if (!wrong) {
      checkNumber(from, to, window, problems);
    }
    return of(from, to, window);
  }

  private static MetricPeriod of(Instant from, Instant to, Duration window) {
    Instant first = Resolution.floor(from, window);
    return new MetricPeriod(first, to, window);
  }

  private static Duration window(@Nullable String period, Consumer<Problem> problems) {
    if (period == null || period.isEmpty()) {
      return USUAL_WINDOW;
    }
    if (!WINDOWS.contains(period)) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Period",
              period,
              "must be one of " + String.join(", ", WINDOWS) + ", in seconds"));
      return USUAL_WINDOW;
    }
    return Duration.ofSeconds(Integer.parseInt(period));
  }

  private static void checkNumber(
      Instant from, Instant to, Duration window, Consumer<Problem> problems) {
    long millis = Duration.between(from, to).toMillis();
    long records = Math.ceilDiv(millis, window.toMillis());
    if (records > MOST_RECORDS) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Period",
              Long.toString(window.toSeconds()),
              "gives %d records from %s to %s, but an answer has at most %d: shorten the time to %d s or ask for a longer period"
                  .formatted(records, from, to, MOST_RECORDS, MOST_RECORDS * window.toSeconds())));
    }
  }
}
