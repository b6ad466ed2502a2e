package io.podyard.controlplane.settlement;

import io.podyard.billing.Hour;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.controlplane.write.MonthlyPartitions;
import io.podyard.model.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which hours of which accounts have to be settled. An hour is noted once it is over by the clock
 * of the database, and listed when every transaction is that had begun before it was noted: all
 * later ones that change something of it leave a mark ({@code late_usage}). Hours that passed while
 * nobody ran are caught up, from the first interval on that there is.
 */
final class ListedHours {

  /** The names of its commits, for tests that kill the process. */
  static final String LISTING = "listHours";

  static final String MARKING = "lateUsage";

  /** Of one transaction: a month. */
  private static final int MOST_HOURS = 744;

  private static final Logger log = LoggerFactory.getLogger(ListedHours.class);

  private record Row(String account, Instant hour) {}

  private final AgreementsOf agreements;
  private final double graceSeconds;
  private final CommitPoints points;

  ListedHours(AgreementsOf agreements, Duration grace, CommitPoints points) {
    this.agreements = agreements;
    this.graceSeconds = grace.toMillis() / 1e3;
    this.points = points;
  }

  /** Whether there may be anything to do. */
  boolean isDue(JdbcTemplate jdbc) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select coalesce((select max(hour) from metered_hour)
                              < date_trunc('hour', clock_timestamp() - make_interval(secs => ?),
                                           'UTC') - interval '1 hour',
                            true)
                or exists (select 1 from metered_hour where not listed)
                or exists (select 1 from late_usage)
            """,
            Boolean.class,
            graceSeconds));
  }

  /** Does all there is to do now. */
  void round(Session session) {
    note(session.jdbc());
    makeRoom(session);
    while (reached(LISTING, session, () -> list(session.jdbc()))) {
      // a month of hours at a time
    }
    boolean _ = reached(MARKING, session, () -> mark(session.jdbc()));
  }

  private boolean reached(String name, Session session, BooleanSupplier work) {
    Boolean did =
        session.transaction(
            () -> {
              boolean some = work.getAsBoolean();
              if (some) {
                points.reached(name, Side.BEFORE);
              }
              return some;
            });
    if (Boolean.TRUE.equals(did)) {
      points.reached(name, Side.AFTER);
    }
    return Boolean.TRUE.equals(did);
  }

  /** Hours that are over, each with the horizon of its transactions. */
  private void note(JdbcTemplate jdbc) {
    jdbc.update(
        """
        insert into metered_hour (hour, horizon)
        select h, pg_current_xact_id()
        from generate_series(
               coalesce((select max(hour) + interval '1 hour' from metered_hour),
                        (select date_trunc('hour', min(greatest(i.started_at, k.kept_from)), 'UTC')
                         from metered_interval i cross join usage_start k),
                        date_trunc('hour', clock_timestamp(), 'UTC') - interval '1 hour'),
               date_trunc('hour', clock_timestamp() - make_interval(secs => ?), 'UTC')
                 - interval '1 hour',
               interval '1 hour') h
        on conflict (hour) do nothing
        """,
        graceSeconds);
  }

  /** Places for the lines of what is listed next, and of the month to come. */
  private static void makeRoom(Session session) {
    MonthlyPartitions months = session.months("charge_line", "hour");
    try {
      session
          .jdbc()
          .queryForList(
              """
              select distinct to_char(hour at time zone 'UTC', 'YYYY-MM') from metered_hour
              where not listed
              union
              select to_char(clock_timestamp() at time zone 'UTC' + interval '1 month', 'YYYY-MM')
              order by 1
              """,
              String.class)
          .forEach(month -> months.ensure(YearMonth.parse(month)));
    } catch (TransientDataAccessException e) {
      log.debug("lines go to the default partition: {}", e.getMessage());
    }
  }

  private boolean list(JdbcTemplate jdbc) {
    List<Instant> hours =
        jdbc.query(
            """
            select hour from metered_hour
            where not listed and horizon <= pg_snapshot_xmin(pg_current_snapshot())
            order by hour limit %d for update skip locked
            """
                .formatted(MOST_HOURS),
            (row, n) -> Objects.requireNonNull(row.getObject(1, OffsetDateTime.class)).toInstant());
    if (hours.isEmpty()) {
      return false;
    }
    // The marks before the usage: whose mark goes is seen there.
    jdbc.update(
        "delete from late_usage where hour = any(?::timestamptz[])",
        Columns.of(hours).instant(hour -> hour));
    Object first = hours.getFirst().atOffset(ZoneOffset.UTC);
    Object last = hours.getLast().atOffset(ZoneOffset.UTC);
    jdbc.update(
        """
        insert into account_hour (account_id, hour)
        select distinct i.account_id, h.hour
        from metered_interval i
             cross join lateral generate_series(
               date_trunc('hour', greatest(i.started_at, ?::timestamptz), 'UTC'),
               least(i.ended_at - interval '1 s', ?::timestamptz), interval '1 hour') h (hour)
             join metered_hour m on m.hour = h.hour and not m.listed
        where i.started_at < ?::timestamptz + interval '1 hour'
          and (i.ended_at is null or i.ended_at > ?::timestamptz)
        on conflict (account_id, hour) do update set due = true, retry_at = '-infinity'
        """,
        first,
        last,
        last,
        first);
    listAgreements(jdbc, hours);
    jdbc.update(
        "update metered_hour set listed = true where hour = any(?::timestamptz[])",
        Columns.of(hours).instant(hour -> hour));
    return true;
  }

  private void listAgreements(JdbcTemplate jdbc, List<Instant> hours) {
    List<Row> rows = new ArrayList<>();
    for (Instant hour : hours) {
      for (AccountId account : agreements.validIn(new Hour(hour))) {
        rows.add(new Row(account.value(), hour));
      }
    }
    if (!rows.isEmpty()) {
      jdbc.update(
          """
          insert into account_hour (account_id, hour)
          select distinct account_id, hour from unnest(?::text[], ?::timestamptz[]) as a (account_id, hour)
          on conflict (account_id, hour) do update set due = true, retry_at = '-infinity'
          """,
          Columns.of(rows).text(Row::account).instant(Row::hour));
    }
  }

  /**
   * What was learnt of hours that were listed already. Hours of accounts that are being settled
   * stay for the next time, so nobody waits.
   */
  private boolean mark(JdbcTemplate jdbc) {
    // Before the first hour, if a clock was set back; and what is forgotten cannot be settled.
    int early =
        jdbc.update(
            """
            insert into metered_hour (hour, horizon)
            select l.hour, pg_current_xact_id()
            from (select distinct hour from late_usage) l
            where l.hour < (select min(hour) from metered_hour)
              and l.hour >= (select kept_from from usage_start)
            on conflict (hour) do nothing
            """);
    int forgotten =
        jdbc.update("delete from late_usage where hour < (select kept_from from usage_start)");
    int marked =
        jdbc.update(
            """
            with wanted as materialized (
                   select distinct l.account_id, l.hour
                   from late_usage l join metered_hour m on m.hour = l.hour and m.listed),
                 free as materialized (
                   select a.account_id, a.hour from account_hour a
                   where (a.account_id, a.hour) in (select account_id, hour from wanted)
                   order by a.hour, a.account_id for update skip locked),
                 taken as materialized (
                   select * from free
                   union all
                   select w.account_id, w.hour from wanted w
                   where not exists (select 1 from account_hour a
                                     where a.account_id = w.account_id and a.hour = w.hour)),
                 gone as (
                   delete from late_usage l using taken t
                   where l.account_id = t.account_id and l.hour = t.hour)
            insert into account_hour (account_id, hour)
            select account_id, hour from taken order by hour, account_id
            on conflict (account_id, hour) do update set due = true, retry_at = '-infinity'
            """);
    return early + forgotten + marked > 0;
  }
}
