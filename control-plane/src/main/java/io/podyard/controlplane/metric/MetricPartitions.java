package io.podyard.controlplane.metric;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The partitions of the three tables. Any number of processes may make and drop them at once; what
 * is over is dropped as a whole and never deleted row by row.
 */
final class MetricPartitions {

  /** Of the lock under which partitions are made; nobody else uses it. */
  private static final long MAKING = 0x706f_6479_6d65_7472L;

  /**
   * A partition that is there.
   *
   * @param from the first moment it covers
   * @param to the first moment after it
   */
  record Partition(String name, Instant from, Instant to) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  MetricPartitions(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** Sees to it that there is a partition for a moment. */
  void ensure(Resolution resolution, Instant at) {
    Instant from = Resolution.floor(at, resolution.partition());
    String name = resolution.partitionName(from);
    if (exists(name)) {
      return;
    }
    transaction.executeWithoutResult(
        _ -> {
          jdbc.query("select pg_advisory_xact_lock(?)", row -> {}, MAKING);
          if (!exists(name)) {
            // Attached instead of made in place, since that holds up nobody who reads or writes.
            jdbc.execute(
                "create table %s (like %s including all)".formatted(name, resolution.table()));
            jdbc.execute(
                "alter table %s attach partition %s for values from ('%s') to ('%s')"
                    .formatted(resolution.table(), name, from, from.plus(resolution.partition())));
          }
        });
  }

  /** Drops those that end at that moment or before. */
  void dropUntil(Resolution resolution, Instant end) {
    for (Partition partition : all(resolution)) {
      if (!partition.to().isAfter(end)) {
        transaction.executeWithoutResult(_ -> drop(resolution, partition));
      }
    }
  }

  private void drop(Resolution resolution, Partition partition) {
    // Everybody who reads or writes metrics waits behind this lock.
    jdbc.execute("set local lock_timeout = '500ms'");
    // The whole first: who looks at it locks it before its parts.
    jdbc.execute("lock table %s in access exclusive mode".formatted(resolution.table()));
    jdbc.execute("drop table if exists " + partition.name());
  }

  /** All of a resolution in the order of their times. */
  List<Partition> all(Resolution resolution) {
    return jdbc
        .query(
            """
            select c.relname,
                   (regexp_match(b.bounds, 'FROM \\(''([^'']+)''\\)'))[1]::timestamptz,
                   (regexp_match(b.bounds, 'TO \\(''([^'']+)''\\)'))[1]::timestamptz
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            cross join lateral (select pg_get_expr(c.relpartbound, c.oid) as bounds) b
            where i.inhparent = ?::regclass
            order by 2
            """,
            (row, n) ->
                new Partition(
                    row.getString(1),
                    row.getObject(2, OffsetDateTime.class).toInstant(),
                    row.getObject(3, OffsetDateTime.class).toInstant()),
            resolution.table())
        .stream()
        .toList();
  }

  /** As committed right now: what a session remembers of names may be older than its lock. */
  private boolean exists(String name) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (
              select 1 from pg_class
              where relname = ? and relnamespace = to_regnamespace(current_schema()))
            """,
            Boolean.class,
            name));
  }
}
