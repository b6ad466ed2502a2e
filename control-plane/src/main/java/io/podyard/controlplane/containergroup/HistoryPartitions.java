package io.podyard.controlplane.containergroup;

import java.time.YearMonth;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The months of the history. What ends in a month that has no partition yet goes to the default one
 * and from there to its month when that is made.
 */
final class HistoryPartitions {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  HistoryPartitions(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** Sees to it that the month has a partition. */
  void ensure(YearMonth month) {
    String name =
        "container_group_history_%d_%02d".formatted(month.getYear(), month.getMonthValue());
    if (!exists(name)) {
      transaction.executeWithoutResult(
          status -> {
            // Nothing may come into the default one meanwhile, nor two processes make the month.
            jdbc.execute("lock table container_group_history_default in access exclusive mode");
            if (!exists(name)) {
              make(name, month);
            }
          });
    }
  }

  private void make(String name, YearMonth month) {
    String from = month + "-01T00:00:00Z";
    String to = month.plusMonths(1) + "-01T00:00:00Z";
    jdbc.execute("create table %s (like container_group_history)".formatted(name));
    jdbc.execute(
        """
        with early as (
          delete from container_group_history_default
          where ended_at >= '%s' and ended_at < '%s' returning *)
        insert into %s select * from early
        """
            .formatted(from, to, name));
    jdbc.execute(
        """
        alter table container_group_history attach partition %s for values from ('%s') to ('%s')
        """
            .formatted(name, from, to));
  }

  private boolean exists(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select to_regclass(?) is not null", Boolean.class, name));
  }
}
