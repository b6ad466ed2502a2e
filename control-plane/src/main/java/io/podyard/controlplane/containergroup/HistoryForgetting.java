package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.write.MonthlyPartitions;
import java.time.YearMonth;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Forgets the records of groups that ended long ago, and their events with them. Records are kept
 * for so many months and until the month of their end is over for that long; then its rows go in
 * batches and its partition is dropped. What was metered is kept by a setting of its own: bills can
 * be made again without the records, but not without the meter.
 */
final class HistoryForgetting {

  /** Some thousand events go with them, well within the time of a transaction. */
  static final int MOST_AT_ONCE = 1_000;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final MonthlyPartitions partitions;
  private final int monthsKept;

  HistoryForgetting(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      MonthlyPartitions partitions,
      int monthsKept) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.partitions = partitions;
    this.monthsKept = monthsKept;
  }

  /**
   * @param batches the most there may be in this run; the rest is for the next
   * @return how many records it forgot
   */
  int run(YearMonth present, int batches) {
    YearMonth firstKept = present.minusMonths(monthsKept);
    int forgotten = 0;
    String last = "";
    for (int i = 0; i < batches; i++) {
      List<String> ids = forget(firstKept, last);
      forgotten += ids.size();
      if (ids.size() < MOST_AT_ONCE) {
        partitions.dropEmptyBefore(firstKept);
        break;
      }
      last = ids.getLast();
    }
    return forgotten;
  }

  /** Record and events go in one transaction, or there would be events of nothing. */
  private List<String> forget(YearMonth firstKept, String after) {
    String from = MonthlyPartitions.start(firstKept);
    List<String> ids =
        transaction.execute(
            status -> {
              jdbc.update(
                  """
                  update history_start set kept_from = ?::timestamptz
                  where kept_from < ?::timestamptz
                  """,
                  from,
                  from);
              return jdbc.query(
                  """
                  with old as materialized (
                         select id from container_group_history
                         where ended_at < ?::timestamptz and id > ?
                         order by id limit %d for update skip locked),
                       events as (
                         delete from group_event where group_id = any(array(select id from old))),
                       records as (
                         delete from container_group_history
                         where id = any(array(select id from old)) and ended_at < ?::timestamptz)
                  select id from old order by id
                  """
                      .formatted(MOST_AT_ONCE),
                  (row, n) -> row.getString(1),
                  from,
                  after,
                  from);
            });
    return ids == null ? List.of() : ids;
  }
}
