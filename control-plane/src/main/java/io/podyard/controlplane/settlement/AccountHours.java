package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.model.AccountId;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The hours of accounts that are to be settled, and what became of them. */
final class AccountHours {

  /**
   * What a claim found.
   *
   * @param newest whether no later hour of the account has lines
   * @param forgotten whether intervals of that time may have been removed
   */
  record Claim(boolean newest, boolean forgotten) {}

  private AccountHours() {}

  static boolean anyDue(JdbcTemplate jdbc) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            """
            select exists (select 1 from account_hour
                           where due and retry_at <= clock_timestamp())
            """,
            Boolean.class));
  }

  /** By the clock of the database. */
  static OffsetDateTime now(JdbcTemplate jdbc) {
    return Objects.requireNonNull(
        jdbc.queryForObject("select clock_timestamp()", OffsetDateTime.class));
  }

  /**
   * The oldest hour that is due, of an account that is nobody's at the moment. The account is the
   * session's then, until {@link #release}: its hours come one after the other, and so do the
   * versions of what its groups are called.
   *
   * @param asOf what could not be settled since then is left alone
   * @param without accounts that others work on; more may be added
   */
  static Optional<AccountHour> next(
      JdbcTemplate jdbc, OffsetDateTime asOf, Collection<String> without) {
    while (true) {
      Optional<AccountHour> taken =
          jdbc
              .query(
                  """
                  select account_id, hour,
                         pg_try_advisory_lock(hashtextextended('settle ' || account_id, 0))
                  from (select account_id, hour from account_hour
                        where due and retry_at <= ? and account_id <> all(?)
                        order by hour, account_id limit 1) oldest
                  """,
                  (row, n) -> {
                    if (!row.getBoolean(3)) {
                      without.add(row.getString(1));
                    }
                    return new AccountHour(
                        new AccountId(row.getString(1)),
                        new Hour(
                            Objects.requireNonNull(row.getObject(2, OffsetDateTime.class))
                                .toInstant()));
                  },
                  asOf,
                  without.toArray(String[]::new))
              .stream()
              .findFirst();
      if (taken.isEmpty() || !without.contains(taken.get().account().value())) {
        return taken;
      }
    }
  }

  static void release(JdbcTemplate jdbc, AccountHour of) {
    jdbc.query(
        "select pg_advisory_unlock(hashtextextended('settle ' || ?, 0))",
        row -> {},
        of.account().value());
  }

  /** Inside a snapshot: locks the row, unless somebody has settled it meanwhile. */
  static Optional<Claim> claim(JdbcTemplate jdbc, AccountHour of, OffsetDateTime asOf) {
    return jdbc
        .query(
            """
            select not exists (select 1 from account_hour l
                               where l.account_id = a.account_id and l.hour > a.hour
                                 and l.lines > 0),
                   hour < (select kept_from from usage_start)
            from account_hour a
            where account_id = ? and hour = ? and due and retry_at <= ?
            for update of a
            """,
            (row, n) -> new Claim(row.getBoolean(1), row.getBoolean(2)),
            of.account().value(),
            hour(of),
            asOf)
        .stream()
        .findFirst();
  }

  /**
   * Inside a snapshot: the first bill of an account that is not closed, nor will be before the
   * commit. Of one that is held up it is an earlier one than of others.
   */
  static BillMonth firstOpenBill(JdbcTemplate jdbc, AccountId account) {
    BillMonth ofAll =
        firstOpenBill(jdbc, "select first_month::text from open_bills for share").getFirst();
    return firstOpenBill(
            jdbc,
            "select first_month::text from held_bills where account_id = ? for share",
            account.value())
        .stream()
        .findFirst()
        .orElse(ofAll);
  }

  private static List<BillMonth> firstOpenBill(JdbcTemplate jdbc, String sql, Object... of) {
    return jdbc.query(
        sql, (row, n) -> new BillMonth(YearMonth.parse(row.getString(1).substring(0, 7))), of);
  }

  static void settled(JdbcTemplate jdbc, AccountHour of, long lines) {
    jdbc.update(
        """
        update account_hour
        set due = false, settled_at = clock_timestamp(), lines = lines + ?, problem = null,
            unpriced = null, retry_at = '-infinity'
        where account_id = ? and hour = ?
        """,
        lines,
        of.account().value(),
        hour(of));
  }

  /** Not to be settled any more. */
  static void leave(JdbcTemplate jdbc, AccountHour of, String problem) {
    jdbc.update(
        """
        update account_hour set due = false, problem = ?, unpriced = null
        where account_id = ? and hour = ?
        """,
        problem,
        of.account().value(),
        hour(of));
  }

  /**
   * To be tried again later.
   *
   * @param unpriced the price that is missing, if it is one
   * @return whether this is news
   */
  static boolean failed(
      JdbcTemplate jdbc,
      AccountHour of,
      String problem,
      @Nullable String unpriced,
      Duration pause) {
    return jdbc.query(
            """
            update account_hour a
            set problem = ?, unpriced = ?, retry_at = clock_timestamp() + make_interval(secs => ?)
            from account_hour before
            where a.account_id = ? and a.hour = ? and a.due
              and before.account_id = a.account_id and before.hour = a.hour
            returning before.problem is distinct from a.problem
            """,
            (row, n) -> row.getBoolean(1),
            problem,
            unpriced,
            pause.toMillis() / 1e3,
            of.account().value(),
            hour(of))
        .contains(true);
  }

  private static OffsetDateTime hour(AccountHour of) {
    return of.hour().start().atOffset(ZoneOffset.UTC);
  }
}
