package io.podyard.controlplane.usage;

import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.controlplane.write.MonthlyPartitions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Where intervals go that nothing happens to any more: those of groups that have ended for good,
 * and of their disks, a day after they ended. As long as a group lives all its intervals stay where
 * they were made, and so does what numbers them, whichever release it is of.
 */
final class ClosedIntervals {

  /** Well within the time of a transaction. */
  static final int MOST_AT_ONCE = 1_000;

  /** For how long the end of an interval may be looked at without looking elsewhere. */
  static final Duration RECENT = Duration.ofDays(1);

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "keepUsage";

  private static final String COLUMNS =
      """
      group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at,
      tariff, gpu_milli, storage_gib\
      """;

  /** Of intervals that ended from one instant to another, those whose group is over. */
  private static final String OVER =
      """
      from usage_interval i
      where i.ended_at >= ? and i.ended_at < ?
        and not exists (
          select 1 from container_group g
          where g.id = split_part(i.group_id, '.', 1) and g.final_at is null)
        and not exists (
          select 1 from usage_interval o where o.group_id = i.group_id and o.ended_at is null)
      order by i.ended_at
      """;

  private static final OffsetDateTime ALWAYS =
      OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final MonthlyPartitions partitions;
  private final CommitPoints points;
  private final int monthsKept;

  /**
   * @param monthsKept after the month in which they ended
   */
  ClosedIntervals(
      JdbcTemplate jdbc, TransactionTemplate transaction, CommitPoints points, int monthsKept) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.partitions = new MonthlyPartitions(jdbc, transaction, "usage_interval_closed", "ended_at");
    this.points = points;
    this.monthsKept = monthsKept;
  }

  /** What is moved this month and the next has a place then. */
  void ensure(YearMonth present) {
    partitions.ensure(present);
    partitions.ensure(present.plusMonths(1));
  }

  /**
   * Moves intervals, those that ended first before the others.
   *
   * @param batches the most there may be in this run; the rest is for the next
   * @return how many it moved
   */
  int move(Instant now, int batches) {
    OffsetDateTime end = now.minus(RECENT).atOffset(ZoneOffset.UTC);
    OffsetDateTime from = ALWAYS;
    int moved = 0;
    for (int i = 0; i < batches; i++) {
      List<OffsetDateTime> first =
          jdbc.query("select i.ended_at " + OVER + " limit 1", ClosedIntervals::endedAt, from, end);
      if (first.isEmpty()) {
        break;
      }
      from = first.getFirst();
      YearMonth month = YearMonth.from(from);
      partitions.ensure(month);
      OffsetDateTime next = month.plusMonths(1).atDay(1).atTime(0, 0).atOffset(ZoneOffset.UTC);
      int some = moveSome(from, next.isBefore(end) ? next : end);
      moved += some;
      if (some == 0) {
        // Somebody else is about to.
        break;
      }
    }
    return moved;
  }

  /** Both in one statement, so that nobody ever sees an interval twice or not at all. */
  private int moveSome(OffsetDateTime from, OffsetDateTime end) {
    points.reached(POINT, Side.BEFORE);
    Integer moved =
        transaction.execute(
            _ ->
                jdbc.update(
                    """
                    with over as (
                           select i.group_id, i.sequence %s limit %d for update of i skip locked),
                         gone as (
                           delete from usage_interval i using over
                           where (i.group_id, i.sequence) = (over.group_id, over.sequence)
                           returning i.*)
                    insert into usage_interval_closed (%s) select %s from gone
                    """
                        .formatted(OVER, MOST_AT_ONCE, COLUMNS, COLUMNS),
                    from,
                    end));
    points.reached(POINT, Side.AFTER);
    return moved == null ? 0 : moved;
  }

  /** Forgets what ended before the months that are kept, unless it is still to be charged for. */
  void forget(YearMonth present) {
    YearMonth firstKept = present.minusMonths(monthsKept);
    String from = MonthlyPartitions.start(firstKept);
    if (!isSettledUntil(from)) {
      return;
    }
    int _ =
        jdbc.update(
            """
            update usage_start set kept_from = ?::timestamptz where kept_from < ?::timestamptz
            """,
            from,
            from);
    partitions.dropBefore(firstKept);
    // Where something goes that is moved while its month is dropped.
    int _ =
        jdbc.update(
            "delete from usage_interval_closed_default where ended_at < ?::timestamptz", from);
  }

  /** Hours that cannot be settled, for want of a price, say, may be that old. */
  private boolean isSettledUntil(String from) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select 1 from metered_hour where hour >= ?::timestamptz)
               and not exists (select 1 from metered_hour where hour < ?::timestamptz and not listed)
               and not exists (select 1 from account_hour where hour < ?::timestamptz and due)
            """,
            Boolean.class,
            from,
            from,
            from));
  }

  private static OffsetDateTime endedAt(ResultSet row, int number) throws SQLException {
    return row.getObject(1, OffsetDateTime.class);
  }
}
