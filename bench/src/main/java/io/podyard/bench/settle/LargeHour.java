package io.podyard.bench.settle;

import io.podyard.bench.Database;
import io.podyard.bench.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The last full hour, in which one account had many groups, and what it is charged for them. */
final class LargeHour {

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** A third of them run on; each has a record with a name and a tag. */
  private static final String FILL =
      """
      alter table usage_interval disable trigger user;
      insert into usage_interval
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at)
      select 'eci-' || lpad(n::text, 20, '0'), 1, 'acct-large', 'cn-hangzhou', 'cn-hangzhou-a',
             250 * (1 + n %% 16), 512 * (1 + n %% 31), t,
             case when n %% 3 > 0 then t + (1 + n %% 1000) * interval '1 s' end
      from generate_series(0, %1$d) n
           cross join lateral (
             select %2$s + n %% 3600 * interval '1 s' as t) times;
      alter table usage_interval enable trigger user;
      insert into container_group_history
        (id, account_id, region, name, status, record, created_at, ended_at)
      select 'eci-' || lpad(n::text, 20, '0'), 'acct-large', 'cn-hangzhou', 'group-' || n,
             'Succeeded', jsonb_build_object('tags', jsonb_build_object('team', n %% 20)),
             now(), now()
      from generate_series(0, %1$d) n;
      """;

  private static final String HOUR =
      "select (date_trunc('hour', now(), 'UTC') - interval '1 hour')::text";

  private final Connection database;
  private final int intervals;
  private String hour = "";

  LargeHour(Connection database, int intervals) {
    this.database = database;
    this.intervals = intervals;
  }

  void fill() throws SQLException {
    hour = "'" + Database.value(database, HOUR) + "'::timestamptz";
    execute(FILL.formatted(intervals - 1, hour));
    execute("vacuum analyze usage_interval");
    execute("vacuum analyze container_group_history");
    awaitTrue("select exists (select 1 from metered_hour where hour = %s and listed)");
    execute("checkpoint");
  }

  /** Marks it and waits for the server; in seconds. */
  double settle() throws SQLException {
    long start = System.nanoTime();
    execute("insert into late_usage (account_id, hour) values ('acct-large', %s)".formatted(hour));
    awaitTrue(
        """
        select not exists (select 1 from late_usage)
           and exists (select 1 from account_hour
                       where account_id = 'acct-large' and hour = %s and not due)
        """);
    return (System.nanoTime() - start) / 1e9;
  }

  long lines() throws SQLException {
    return Long.parseLong(
        Database.value(
            database, "select count(*) from charge_line where account_id = 'acct-large'"));
  }

  /** The same lines in another table with the same indexes and checks; in seconds. */
  double copyLines() throws SQLException {
    execute("create table raw_line (like charge_line including all)");
    execute("checkpoint");
    long start = System.nanoTime();
    execute("insert into raw_line select * from charge_line where account_id = 'acct-large'");
    return (System.nanoTime() - start) / 1e9;
  }

  private void awaitTrue(String sql) throws SQLException {
    Waiting.until(
        "settling",
        LONGEST,
        BETWEEN_LOOKS,
        () -> "t".equals(Database.value(database, sql.formatted(hour))));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }
}
