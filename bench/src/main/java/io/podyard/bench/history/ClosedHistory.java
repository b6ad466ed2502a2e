package io.podyard.bench.history;

import io.podyard.bench.Database;
import io.podyard.bench.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A year of closed intervals: a hundred a day of one account, and as many as one likes of a
 * thousand others, of which some are still open; and what is done with them, and with a hundred
 * groups that run.
 */
final class ClosedHistory {

  private static final int MONTHS = 12;
  private static final int OF_ONE_A_DAY = 100;
  private static final int AT_ONCE = 100;

  /** Of the intervals of others one in so many is open. */
  private static final int ONE_OPEN_IN = 100;

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  /** Longer than a session keeps what it read to itself. */
  private static final Duration UNTIL_COUNTED = Duration.ofSeconds(12);

  private static final String OTHERS = "'acct-' || n % 1000";

  private static final String ROW =
      """
      insert into usage_interval_closed
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at,
         tariff, gpu_milli, storage_gib)
      select '%1$s-' || n, 1, %2$s, 'cn-hangzhou', 'cn-hangzhou-a', 250 * (1 + n %% 16),
             512 * (1 + n %% 31), t, t + (60 + n %% 7200) * interval '1 s', '', 0, 0
      from generate_series(1, %3$d) n
           cross join lateral (
             select date_trunc('day', now(), 'UTC') - interval '3 hours'
                    - n * (interval '364 days' / %3$d) as t) times
      """;

  /** The indexes are made again after the rows are there, which takes a fraction of the time. */
  private static final List<String> WITHOUT_INDEXES =
      List.of(
          "drop index usage_closed_of_account",
          "drop index usage_closed_of_account_by_group",
          "alter table usage_interval_closed drop constraint usage_interval_closed_pkey");

  private static final List<String> INDEXES =
      List.of(
          "alter table usage_interval_closed add primary key (group_id, sequence, ended_at)",
          """
          create index usage_closed_of_account on usage_interval_closed
            using gist (account_id, tstzrange(started_at, ended_at, '[]'))
          """,
          """
          create index usage_closed_of_account_by_group
            on usage_interval_closed (account_id, group_id)
          """);

  private final Connection database;
  private final String account;

  /**
   * @param account whose own history is asked for
   */
  ClosedHistory(Connection database, String account) {
    this.database = database;
    this.account = account;
  }

  /** The account's own history, in months as the server has them, and a hundred groups that run. */
  void fillOwn() throws SQLException {
    YearMonth month = YearMonth.now(ZoneOffset.UTC).minusMonths(MONTHS);
    for (int i = 0; i <= MONTHS; i++, month = month.plusMonths(1)) {
      execute(
          String.format(
              Locale.ROOT,
              """
              create table if not exists usage_interval_closed_%d_%02d
              partition of usage_interval_closed for values from ('%s-01Z') to ('%s-01Z')
              """,
              month.getYear(),
              month.getMonthValue(),
              month,
              month.plusMonths(1)));
    }
    execute(ROW.formatted("own", "'" + account + "'", OF_ONE_A_DAY * 364));
    open("runs", "'acct-runs'", AT_ONCE);
    analyze();
    await("exists (select 1 from metered_hour where hour = %s and listed)".formatted(hour()));
  }

  /** Others, who should make no difference. */
  void fillOthers(int intervals) throws SQLException {
    int open = intervals / ONE_OPEN_IN;
    for (String sql : WITHOUT_INDEXES) {
      execute(sql);
    }
    execute(ROW.formatted("other", OTHERS, intervals - open));
    for (String sql : INDEXES) {
      execute(sql);
    }
    open("open", OTHERS, open);
    analyze();
  }

  /** Groups that run; as if they had done so when their hours were looked at. */
  private void open(String prefix, String account, int groups) throws SQLException {
    execute("alter table usage_interval disable trigger user");
    execute(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at)
        select '%s-' || n, 1, %s, 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
               date_trunc('hour', now(), 'UTC') - interval '1 hour'
        from generate_series(1, %d) n
        """
            .formatted(prefix, account, groups));
    execute("alter table usage_interval enable trigger user");
  }

  /** What others use is settled as well when it has passed; that is part of what is read then. */
  String presentHour() throws SQLException {
    return Database.value(database, "select date_trunc('hour', now(), 'UTC')");
  }

  long intervals() throws SQLException {
    return Long.parseLong(
        Database.value(
            database,
            "select (select count(*) from usage_interval_closed) + (select count(*) from usage_interval)"));
  }

  private void analyze() throws SQLException {
    execute("vacuum analyze usage_interval, usage_interval_closed");
    execute("checkpoint");
  }

  /** Has the server settle the last hour of the account whose groups run; in milliseconds. */
  double settle() throws SQLException {
    long start = System.nanoTime();
    execute("insert into late_usage (account_id, hour) values ('acct-runs', %s)".formatted(hour()));
    await(
        """
        not exists (select 1 from late_usage)
        and exists (select 1 from account_hour
                    where account_id = 'acct-runs' and hour = %s and not due)
        """
            .formatted(hour()));
    return millisSince(start);
  }

  /** Closes a hundred intervals that were just opened, in one statement; in milliseconds. */
  double close(int round) throws SQLException {
    execute(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at)
        select 'closed-%d-' || n, 1, '%s', 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
               date_trunc('second', now())
        from generate_series(1, %d) n
        """
            .formatted(round, account, AT_ONCE));
    long start = System.nanoTime();
    execute(
        """
        update usage_interval i set ended_at = greatest(i.started_at, c.ended_at)
        from (select 'closed-%d-' || n as group_id, date_trunc('second', now()) as ended_at
              from generate_series(1, %d) n) c
        where i.group_id = c.group_id and i.ended_at is null
        """
            .formatted(round, AT_ONCE));
    return millisSince(start);
  }

  /** How many rows of intervals anybody has read up to now; takes some seconds. */
  long rowsRead() throws SQLException {
    execute("select pg_stat_force_next_flush()");
    LockSupport.parkNanos(UNTIL_COUNTED.toNanos());
    return Long.parseLong(
        Database.value(
            database,
            """
            select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int8 from pg_stat_user_tables
            where relname like 'usage_interval%'
            """));
  }

  private static String hour() {
    return "date_trunc('hour', now(), 'UTC') - interval '1 hour'";
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private void await(String condition) throws SQLException {
    Waiting.until(
        "settling",
        LONGEST,
        BETWEEN_LOOKS,
        () -> "t".equals(Database.value(database, "select " + condition)));
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }
}
