package io.podyard.bench.closes;

import io.podyard.bench.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * The tables of the meter in a database of their own, with so many open intervals of as many groups
 * of a hundred accounts, and as many closed ones that are there already.
 */
final class Intervals {

  /** The server's own; a test of the control plane compares the two. */
  static final String CLOSE =
      """
      update usage_interval i
      set ended_at = greatest(i.started_at, c.ended_at)
      from unnest(?::text[], ?::timestamptz[]) as c (group_id, ended_at)
      where i.group_id = c.group_id and i.ended_at is null
      """;

  private static final String FILL =
      """
      truncate usage_interval;
      truncate late_usage;
      alter table usage_interval disable trigger user;
      insert into usage_interval
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at)
      select 'eci-ended' || n, 1, 'acct-' || n %% 100, 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
             t - interval '1 hour', t
      from generate_series(0, %1$d) n
           cross join lateral (
             select date_trunc('second', now()) - n %% 80000 * interval '1 s' as t) times;
      insert into usage_interval
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at)
      select 'eci-' || n, 1, 'acct-' || n %% 100, 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
             date_trunc('second', now()) - interval '5 hours'
      from generate_series(0, %1$d) n;
      alter table usage_interval enable trigger user;
      """;

  private final Connection connection;
  private final int open;

  Intervals(Connection connection, int open) {
    this.connection = connection;
    this.open = open;
  }

  /** All of them, whichever releases have made. */
  void dropTriggers() throws SQLException {
    execute(
        """
        do $$
        declare
            name text;
        begin
            for name in select tgname from pg_trigger
                        where tgrelid = 'usage_interval'::regclass and not tgisinternal
            loop
                execute format('drop trigger %I on usage_interval', name);
            end loop;
        end
        $$
        """);
  }

  /** Closes a second, as the meter does. */
  double closeByMeter(int atOnce, String when) throws SQLException {
    fill();
    OffsetDateTime end = at(when);
    try (PreparedStatement close = connection.prepareStatement(CLOSE)) {
      return perSecond(
          atOnce,
          (from, to) -> {
            String[] groups = new String[to - from];
            Arrays.setAll(groups, i -> "eci-" + (from + i));
            String[] ends = new String[to - from];
            Arrays.fill(ends, end.toString());
            close.setArray(1, connection.createArrayOf("text", groups));
            close.setArray(2, connection.createArrayOf("timestamptz", ends));
            return close.executeUpdate();
          });
    }
  }

  /** The same, one statement a row. */
  double closeByKey(int atOnce) throws SQLException {
    fill();
    OffsetDateTime end = at("now()");
    try (PreparedStatement close =
        connection.prepareStatement(
            "update usage_interval set ended_at = ? where group_id = ? and sequence = 1")) {
      return perSecond(
          atOnce,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              close.setObject(1, end);
              close.setString(2, "eci-" + i);
              close.addBatch();
            }
            return Arrays.stream(close.executeBatch()).sum();
          });
    }
  }

  /** Closes those of some numbers; answers how many they were. */
  private interface Closing {
    int close(int from, int to) throws SQLException;
  }

  private double perSecond(int atOnce, Closing closing) throws SQLException {
    connection.setAutoCommit(false);
    long start = System.nanoTime();
    int closed = 0;
    for (int from = 0; from < open; from += atOnce) {
      closed += closing.close(from, Math.min(open, from + atOnce));
      connection.commit();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    connection.setAutoCommit(true);
    if (closed != open) {
      throw new IllegalStateException("closed %d of %d".formatted(closed, open));
    }
    return closed / seconds;
  }

  private void fill() throws SQLException {
    execute(FILL.formatted(open - 1));
    execute("vacuum analyze usage_interval");
    execute("checkpoint");
  }

  private OffsetDateTime at(String when) throws SQLException {
    return OffsetDateTime.parse(
            Database.value(
                connection,
                """
                select to_char(date_trunc('second', %s) at time zone 'UTC',
                               'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                """
                    .formatted(when)))
        .withOffsetSameInstant(ZoneOffset.UTC);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
