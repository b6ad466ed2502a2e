package io.podyard.controlplane.write;

import java.time.YearMonth;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The months of a table that is partitioned by a time. A row of a month that has no partition yet
 * goes to the default one and from there to its month when that is made.
 */
public final class MonthlyPartitions {

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final String table;
  private final String column;

  /**
   * @param table partitioned by range, its default partition is called {@code <table>_default}
   * @param column what it is partitioned by
   */
  public MonthlyPartitions(
      JdbcTemplate jdbc, TransactionTemplate transaction, String table, String column) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.table = table;
    this.column = column;
  }

  /** When a month begins, as SQL has it. */
  public static String start(YearMonth month) {
    return month + "-01T00:00:00Z";
  }

  /** Sees to it that the month has a partition. */
  public void ensure(YearMonth month) {
    String name = name(month);
    if (!exists(name)) {
      transaction.executeWithoutResult(
          status -> {
            // The whole first, as who looks after it does; it is read and written all the same.
            jdbc.execute("lock table only %s in share update exclusive mode".formatted(table));
            // Nothing may come into the default one meanwhile, nor two processes make the month.
            jdbc.execute("lock table %s_default in access exclusive mode".formatted(table));
            if (!exists(name)) {
              make(name, month);
            }
          });
    }
  }

  private void make(String name, YearMonth month) {
    String from = start(month);
    String to = start(month.plusMonths(1));
    jdbc.execute(
        "create table %s (like %s including defaults including constraints)"
            .formatted(name, table));
    jdbc.execute(
        """
        with early as (
          delete from %1$s_default
          where %2$s >= '%3$s' and %2$s < '%4$s' returning *)
        insert into %5$s select * from early
        """
            .formatted(table, column, from, to, name));
    jdbc.execute(
        "alter table %s attach partition %s for values from ('%s') to ('%s')"
            .formatted(table, name, from, to));
  }

  /** Drops the partitions of earlier months, as far as they are empty. */
  public void dropEmptyBefore(YearMonth month) {
    before(month).stream().filter(this::isEmpty).forEach(name -> drop(name, true));
  }

  /** Drops the partitions of earlier months with all that is in them. */
  public void dropBefore(YearMonth month) {
    before(month).forEach(name -> drop(name, false));
  }

  private List<String> before(YearMonth month) {
    return jdbc.query(
        """
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ?::regclass and c.relname ~ ('^' || ? || '_[0-9]{4}_[0-9]{2}$')
          and c.relname < ?
        order by c.relname
        """,
        (row, n) -> row.getString(1), table, table, name(month));
  }

  private void drop(String name, boolean onlyIfEmpty) {
    transaction.executeWithoutResult(
        status -> {
          // Everybody who reads or writes the table waits behind this lock.
          jdbc.execute("set local lock_timeout = '500ms'");
          // The whole first: who looks at it locks it before its parts.
          jdbc.execute("lock table %s in access exclusive mode".formatted(table));
          if (exists(name) && (!onlyIfEmpty || isEmpty(name))) {
            jdbc.execute("drop table " + name);
          }
        });
  }

  private boolean isEmpty(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select not exists (select 1 from %s)".formatted(name), Boolean.class));
  }

  private String name(YearMonth month) {
    return "%s_%d_%02d".formatted(table, month.getYear(), month.getMonthValue());
  }

  private boolean exists(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject("select to_regclass(?) is not null", Boolean.class, name));
  }
}
