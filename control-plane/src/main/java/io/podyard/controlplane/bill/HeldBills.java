package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.model.AccountId;
import io.podyard.model.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What keeps bills open after their time. As long as it is not known who used an hour, all bills of
 * its month; once it is, only those of accounts that have hours which are not settled. Their later
 * bills wait as well, for those of an account are closed in their order.
 */
@Component
class HeldBills {

  /** An account whose first open bill is not that of others. */
  record Held(AccountId account, BillMonth month) {}

  /**
   * What of a month is not settled.
   *
   * @param first the first of these hours
   * @param unpriced the price that is missing for it, null if it is not settled for another reason
   */
  record Unsettled(long hours, Instant first, @Nullable String unpriced) {

    /** For the people of the account. */
    String sentence() {
      String which =
          hours == 1
              ? "the hour of %s is not settled".formatted(first)
              : "%d hours are not settled, the first is %s".formatted(hours, first);
      return unpriced == null ? which : which + ": there is no price for " + unpriced;
    }
  }

  private final JdbcTemplate jdbc;

  HeldBills(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The first hour of a month of which it is not known yet who used it. */
  Optional<Hour> unlisted(BillMonth month, Hour firstMetered) {
    Period hours = month.period();
    Instant from =
        firstMetered.start().isAfter(hours.start()) ? firstMetered.start() : hours.start();
    return jdbc
        .query(
            """
            select h as hour
            from generate_series(?::timestamptz, ?::timestamptz - interval '1 h', '1 h') h
            where not exists (select 1 from metered_hour m where m.hour = h and m.listed)
            order by h limit 1
            """,
            (row, n) -> new Hour(StoredLine.instant(row, "hour")),
            BillLines.timestamp(from),
            BillLines.timestamp(hours.end()))
        .stream()
        .findFirst();
  }

  /** What keeps the bill of an account for a month open; empty if nothing does. */
  Optional<Unsettled> unsettled(AccountId account, BillMonth month) {
    Period hours = month.period();
    return jdbc
        .query(
            """
            select count(distinct hour), min(hour) as first,
                   (array_agg(unpriced order by hour, unpriced))[1]
            from (select account_id, hour, unpriced from account_hour
                  where account_id = ? and due and hour >= ? and hour < ?
                  union all
                  select account_id, hour, null from late_usage
                  where account_id = ? and hour >= ? and hour < ?) o
            having count(*) > 0
            """,
            (row, n) ->
                new Unsettled(row.getLong(1), StoredLine.instant(row, "first"), row.getString(3)),
            account.value(),
            BillLines.timestamp(hours.start()),
            BillLines.timestamp(hours.end()),
            account.value(),
            BillLines.timestamp(hours.start()),
            BillLines.timestamp(hours.end()))
        .stream()
        .findFirst();
  }

  /**
   * Holds up the bills of all accounts that have something unsettled in a month. Inside the
   * transaction that closes the others'.
   *
   * @return those that were not held up before
   */
  List<Held> hold(BillMonth month) {
    Period hours = month.period();
    return jdbc.query(
        """
        insert into held_bills (account_id, first_month)
        select account_id, ?::date from account_hour where due and hour >= ? and hour < ?
        union
        select account_id, ?::date from late_usage where hour >= ? and hour < ?
        on conflict (account_id) do nothing returning account_id, first_month
        """,
        (row, n) -> held(row.getString(1), row.getObject(2, LocalDate.class)),
        month.value().atDay(1),
        BillLines.timestamp(hours.start()),
        BillLines.timestamp(hours.end()),
        month.value().atDay(1),
        BillLines.timestamp(hours.start()),
        BillLines.timestamp(hours.end()));
  }

  /** All of them, those that wait longest first. */
  List<Held> all() {
    return jdbc.query(
        "select account_id, first_month from held_bills order by first_month, account_id",
        (row, n) -> held(row.getString(1), row.getObject(2, LocalDate.class)));
  }

  long count() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select count(*) from held_bills", Long.class));
  }

  /**
   * Inside a transaction: nobody settles anything of the account before its end. Empty if its bills
   * are not held up, or another process is at them.
   */
  Optional<Held> lock(AccountId account) {
    return jdbc
        .query(
            """
            select account_id, first_month from held_bills where account_id = ?
            for update skip locked
            """,
            (row, n) -> held(row.getString(1), row.getObject(2, LocalDate.class)),
            account.value())
        .stream()
        .findFirst();
  }

  /** The bills of the account before this month are closed; it is as others if theirs are, too. */
  void moveTo(AccountId account, BillMonth month, BillMonth firstOpenOfOthers) {
    if (month.compareTo(firstOpenOfOthers) < 0) {
      jdbc.update(
          "update held_bills set first_month = ? where account_id = ?",
          month.value().atDay(1),
          account.value());
    } else {
      jdbc.update("delete from held_bills where account_id = ?", account.value());
    }
  }

  private static Held held(String account, @Nullable LocalDate month) {
    return new Held(
        new AccountId(account), new BillMonth(YearMonth.from(Objects.requireNonNull(month))));
  }
}
