package io.podyard.controlplane.containergroup;

import java.time.YearMonth;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The months of the history. What ends in a month that has no partition yet goes to the default one
 * and from there to its month when that is made. Months that are forgotten lose theirs.
 */
final class HistoryPartitions {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  HistoryPartitions(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** When a month begins, as SQL has it. */
  static String start(YearMonth month) {
    return month + "-01T00:00:00Z";
  }

  /** Sees to it that the month has a partition. */
  void ensure(YearMonth month) {
    String name = name(month);
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
    String from = start(month);
    String to = start(month.plusMonths(1));
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

  /** Drops the partitions of earlier months, as far as they are empty. */
  void dropBefore(YearMonth month) {
    List<String> earlier =
        jdbc.query(
            """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'container_group_history'::regclass
              and c.relname ~ '^container_group_history_[0-9]{4}_[0-9]{2}$' and c.relname < ?
            order by c.relname
            """,
            (row, n) -> row.getString(1), name(month));
    earlier.forEach(this::dropIfEmpty);
  }

  private void dropIfEmpty(String name) {
    if (isEmpty(name)) {
      transaction.executeWithoutResult(
          status -> {
            // Everybody who reads or writes the history waits behind this lock.
            jdbc.execute("set local lock_timeout = '500ms'");
            // The whole first: who looks at it locks it before its parts.
            jdbc.execute("lock table container_group_history in access exclusive mode");
            if (exists(name) && isEmpty(name)) {
              jdbc.execute("drop table " + name);
            }
          });
    }
  }

  private boolean isEmpty(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select not exists (select 1 from %s)".formatted(name), Boolean.class));
  }

  private static String name(YearMonth month) {
    return "container_group_history_%d_%02d".formatted(month.getYear(), month.getMonthValue());
  }

  private boolean exists(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select to_regclass(?) is not null", Boolean.class, name));
  }
}
