package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.UsageInterval;
import io.podyard.controlplane.usage.IntervalRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The intervals of an account that touch an hour, in order of their ids, read as they are asked
 * for. To be used inside one transaction, as often as one likes.
 */
final class HourUsage implements Iterable<UsageInterval>, AutoCloseable {

  private static final String INTERVALS =
      IntervalRow.SELECT
          + "where "
          + IntervalRow.TOUCHES
          + "order by i.group_id collate \"C\", i.sequence";

  private final JdbcTemplate jdbc;
  private final AccountHour of;
  private final List<Stream<UsageInterval>> open = new ArrayList<>();

  HourUsage(JdbcTemplate jdbc, AccountHour of) {
    this.jdbc = jdbc;
    this.of = of;
  }

  @Override
  public Iterator<UsageInterval> iterator() {
    Stream<UsageInterval> intervals =
        jdbc.queryForStream(
            INTERVALS,
            (row, n) -> IntervalRow.interval(row),
            IntervalRow.touching(of.account(), of.hour().period()).toArray());
    open.add(intervals);
    return intervals.iterator();
  }

  @Override
  public void close() {
    open.forEach(Stream::close);
  }
}
