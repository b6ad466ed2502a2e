package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.Metered;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.judge.Judge;
import io.podyard.controlplane.judge.Rule;
import io.podyard.controlplane.judge.Violation;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What was metered goes to its month when nothing happens to it any more, and stays the same. */
class ClosedIntervalsTest {

  private static final AccountId ACCOUNT = new AccountId("a");
  private static final Instant NOW = Instant.parse("2026-03-10T10:00:00Z");
  private static final Period ALL = new Period(Instant.parse("2025-12-01T00:00:00Z"), NOW);
  private static final int MANY = 2 * ClosedIntervals.MOST_AT_ONCE + 100;

  private UsageDatabase database;
  private JdbcTemplate jdbc;
  private ClosedIntervals closed;

  @BeforeEach
  void open() {
    database = new UsageDatabase(NOW);
    database.prices().start();
    jdbc = database.database().jdbc();
    closed = closed(13);
    closed.ensure(YearMonth.of(2026, 3));
    listed(NOW);
  }

  /** All before that instant is known to whoever charges for it. */
  private void listed(Instant time) {
    jdbc.update(
        """
        insert into metered_hour (hour, horizon, listed)
        values (date_trunc('hour', ?::timestamptz, 'UTC'), pg_current_xact_id(), true)
        """,
        time.toString());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ClosedIntervals closed(int monthsKept) {
    return new ClosedIntervals(
        jdbc, database.database().transaction(), CommitPoints.NONE, monthsKept);
  }

  /** Groups that are history and whose only intervals ended at an instant, after an hour each. */
  private void ended(String prefix, int number, Instant at) {
    jdbc.update(
        """
        insert into container_group_history
          (id, account_id, region, name, status, record, created_at, ended_at)
        select ? || n, 'a', 'cn-hangzhou', 'g', 'Succeeded',
               jsonb_build_object('goal', 'REMOVE', 'zone', 'cn-hangzhou-a', 'milli_cpu', 2000,
                 'memory_mib', 4096, 'spec', '{}'::jsonb, 'state', jsonb_build_object(
                   'chargedFrom', ?::text, 'endedAt', ?::text)),
               ?::timestamptz, ?::timestamptz
        from generate_series(1, ?) n
        """,
        prefix,
        at.minus(Duration.ofHours(1)).toString(),
        at.toString(),
        at.toString(),
        at.toString(),
        number);
    jdbc.update(
        """
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at)
        select ? || n, 1, 'a', 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
               ?::timestamptz - interval '1 hour', ?::timestamptz
        from generate_series(1, ?) n
        """,
        prefix,
        at.toString(),
        at.toString(),
        number);
  }

  private int count(String what) {
    Integer count = jdbc.queryForObject("select count(*) from " + what, Integer.class);
    return count == null ? -1 : count;
  }

  private List<String> months() {
    return jdbc.query(
        """
        select replace(inhrelid::regclass::text, 'usage_interval_closed_', '') from pg_inherits
        where inhparent = 'usage_interval_closed'::regclass order by 1
        """,
        (row, n) -> row.getString(1));
  }

  private List<String> whole() {
    return jdbc.query(
        "select to_jsonb(i)::text from metered_interval i order by group_id, sequence",
        (row, n) -> row.getString(1));
  }

  private List<Violation> violations() throws Exception {
    return new Judge(jdbc, new Inventory(jdbc).installation(), Map.of())
        .verdict(Duration.ZERO).stream().filter(v -> v.rule() == Rule.USAGE).toList();
  }

  @Test
  void intervalsOfEndedGroupsGoToTheMonthOfTheirEndAndNothingElseChanges() throws Exception {
    ended("january", MANY, Instant.parse("2026-01-31T23:59:59Z"));
    ended("february", 3, Instant.parse("2026-02-01T00:00:00Z"));
    ended("today", 4, NOW.minus(ClosedIntervals.RECENT).plusSeconds(1));
    List<String> before = whole();
    Usage usage = database.usage();
    Usage.Total total = usage.total(ACCOUNT, ALL);
    UsagePage page = usage.page(ACCOUNT, ALL, null, 50);
    assertThat(total.amounts()).hasSize(1);

    assertThat(closed.move(NOW, 1)).isEqualTo(ClosedIntervals.MOST_AT_ONCE);
    assertThat(whole()).as("in the middle of it").isEqualTo(before);
    assertThat(closed.move(NOW, 50)).isEqualTo(MANY + 3 - ClosedIntervals.MOST_AT_ONCE);
    assertThat(closed.move(NOW, 50)).isZero();

    assertThat(whole()).isEqualTo(before);
    assertThat(count("usage_interval")).isEqualTo(4);
    assertThat(count("usage_interval_closed_2026_01")).isEqualTo(MANY);
    assertThat(count("usage_interval_closed_2026_02")).isEqualTo(3);
    assertThat(months()).containsExactly("2026_01", "2026_02", "2026_03", "2026_04", "default");
    assertThat(usage.total(ACCOUNT, ALL)).isEqualTo(total);
    assertThat(usage.page(ACCOUNT, ALL, null, 50)).isEqualTo(page);
    assertThat(violations()).isEmpty();
  }

  @Test
  void allIntervalsOfAGroupThatMayGetAnotherOneStay() {
    ContainerGroupId lives = new ContainerGroupId("lives");
    UsageIntervals meter = database.meter();
    RegionId region = new RegionId("cn-hangzhou");
    ZoneId zone = new ZoneId("cn-hangzhou-a");
    for (int day = 30; day > 20; day--) {
      meter.open(
          List.of(
              new UsageIntervals.Opening(
                  lives,
                  ACCOUNT,
                  region,
                  zone,
                  Metered.of(Size.of(250 * day, 512)),
                  NOW.minus(Duration.ofDays(day)))));
      if (day > 21) {
        meter.close(
            List.of(
                new UsageIntervals.Closing(lives, NOW.minus(Duration.ofDays(day)).plusSeconds(9))));
      }
    }
    assertThat(closed.move(NOW, 50)).isZero();
    meter.close(List.of(new UsageIntervals.Closing(lives, NOW.minus(Duration.ofDays(2)))));
    jdbc.update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    assertThat(closed.move(NOW, 50)).as("nothing is known of it any more").isEqualTo(10);
    assertThat(database.usage().intervals(ACCOUNT, lives)).hasSize(10);
  }

  @Test
  void severalAtOnceMoveEachIntervalOnce() throws Exception {
    ended("g", 5 * ClosedIntervals.MOST_AT_ONCE, Instant.parse("2026-02-11T00:00:00Z"));
    List<String> before = whole();
    List<Future<Integer>> moved = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        moved.add(threads.submit(() -> closed(13).move(NOW, 50)));
      }
    }
    int sum = 0;
    for (Future<Integer> one : moved) {
      sum += one.get();
    }
    assertThat(sum + closed.move(NOW, 50)).isEqualTo(5 * ClosedIntervals.MOST_AT_ONCE);
    assertThat(count("usage_interval")).isZero();
    assertThat(whole()).isEqualTo(before);
  }

  @Test
  void monthsAreForgottenWhenTheyAreOverForLongEnoughAndNotMissed() throws Exception {
    ended("december", 3, Instant.parse("2025-12-31T23:59:59Z"));
    ended("january", 3, Instant.parse("2026-01-01T00:00:00Z"));
    int _ = closed.move(NOW, 50);
    closed(3).forget(YearMonth.of(2026, 3));
    assertThat(count("metered_interval")).isEqualTo(6);
    closed(2).forget(YearMonth.of(2026, 3));
    assertThat(months()).doesNotContain("2025_12").contains("2026_01");
    assertThat(count("metered_interval")).isEqualTo(3);
    assertThat(violations()).as("what was forgotten is not missed").isEmpty();
    jdbc.update("delete from usage_interval_closed where group_id = 'january1'");
    assertThat(violations())
        .as("what is kept is")
        .extracting(Violation::subject)
        .containsExactly("january1");
  }

  @Test
  void whatIsStillToBeChargedForIsNotForgotten() {
    ended("december", 3, Instant.parse("2025-12-31T23:59:59Z"));
    int _ = closed.move(NOW, 50);
    jdbc.update(
        "insert into account_hour (account_id, hour) values ('acct-1', '2025-12-31T23:00Z')");
    closed(2).forget(YearMonth.of(2026, 3));
    assertThat(count("metered_interval")).as("an hour cannot be settled").isEqualTo(3);
    jdbc.update("update account_hour set due = false");
    jdbc.update("delete from metered_hour");
    closed(2).forget(YearMonth.of(2026, 3));
    assertThat(count("metered_interval")).as("nothing was settled yet").isEqualTo(3);
    listed(NOW);
    closed(2).forget(YearMonth.of(2026, 3));
    assertThat(count("metered_interval")).isZero();
  }

  @Test
  void howLongIsASettingAndThirteenMonthsWithoutIt() {
    assertThat(settings(Map.of()).usageMonths()).isEqualTo(13);
    assertThatThrownBy(() -> settings(Map.of("podyard.usage-months", "0")))
        .rootCause()
        .hasMessageContaining("PODYARD_USAGE_MONTHS is 0");
    ended("december", 3, Instant.parse("2025-12-31T23:59:59Z"));
    ended("january", 3, Instant.parse("2026-01-01T00:00:00Z"));
    UsageHousekeeping housekeeping =
        new UsageHousekeeping(
            jdbc,
            database.database().transaction(),
            settings(Map.of("podyard.usage-months", "2")),
            CommitPoints.NONE,
            database.time());
    housekeeping.run();
    assertThat(count("usage_interval")).isZero();
    assertThat(months()).containsExactly("2026_01", "2026_03", "2026_04", "default");
  }

  @Test
  void withoutADatabaseAllOfItIsDoneLater() {
    ended("december", 3, Instant.parse("2025-12-31T23:59:59Z"));
    TransactionTemplate broken =
        new TransactionTemplate(
            new JdbcTransactionManager(new DriverManagerDataSource("jdbc:nobody")));
    UsageHousekeeping housekeeping =
        new UsageHousekeeping(jdbc, broken, settings(Map.of()), CommitPoints.NONE, database.time());
    assertThatCode(housekeeping::run).doesNotThrowAnyException();
    assertThat(count("usage_interval")).isEqualTo(3);
  }

  private static PodyardSettings settings(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("podyard", PodyardSettings.class);
  }

  @Test
  void aMonthThatSomebodyReadsIsForgottenLater() throws Exception {
    ended("december", 3, Instant.parse("2025-12-31T23:59:59Z"));
    int _ = closed.move(NOW, 50);
    try (Connection reader = database.database().dataSource().getConnection();
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      assertThat(statement.execute("select * from usage_interval_closed_2025_12")).isTrue();
      assertThatThrownBy(() -> closed(1).forget(YearMonth.of(2026, 3)))
          .isInstanceOf(DataAccessException.class);
      reader.rollback();
    }
    closed(1).forget(YearMonth.of(2026, 3));
    assertThat(months()).doesNotContain("2025_12");
  }

  @Test
  void aPageAndTheTotalOfADayReadWhatTouchesIt() {
    Instant first = Instant.parse("2025-12-05T00:00:00Z");
    jdbc.update(
        """
        insert into usage_interval_closed
        select 'g' || d || '-' || n, 1, 'a', 'cn-hangzhou', 'cn-hangzhou-a', 2000, 4096,
               ?::timestamptz + d * interval '1 day' + n * interval '1 minute',
               ?::timestamptz + d * interval '1 day' + (n + 10) * interval '1 minute', '', 0, 0
        from generate_series(0, 90) d, generate_series(1, 1000) n
        """,
        first.toString(),
        first.toString());
    for (int month = 12; month < 16; month++) {
      closed.ensure(YearMonth.of(2025, 1).plusMonths(month - 1));
    }
    jdbc.execute("analyze");
    Period day =
        new Period(Instant.parse("2026-01-20T00:00:00Z"), Instant.parse("2026-01-21T00:00:00Z"));
    Usage usage = database.usage();
    long before = rowsRead();
    assertThat(usage.page(ACCOUNT, day, null, 20).groups()).hasSize(20);
    assertThat(usage.total(ACCOUNT, day).amounts()).hasSize(1);
    assertThat(rowsRead() - before).as("of 91,000").isBetween(20L, 5_000L);
  }

  /** Of all intervals, by the database's own count, once it is up to date. */
  private long rowsRead() {
    Long read =
        database
            .database()
            .transaction()
            .execute(
                _ -> {
                  jdbc.execute("select pg_stat_force_next_flush()");
                  return null;
                });
    assertThat(read).isNull();
    jdbc.execute("select pg_stat_clear_snapshot()");
    Long sum =
        jdbc.queryForObject(
            """
            select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
            from pg_stat_user_tables where relname like 'usage_interval%'
            """,
            Long.class);
    return sum == null ? -1 : sum;
  }
}
