package io.podyard.controlplane.budget;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The budgets of accounts and the alerts that they gave. */
@Component
public class Budgets {

  private static final int SECRET_BYTES = 32;
  private static final String COLUMNS =
      "name, amount, currency, thresholds, tag_key, tag_value, webhook_url, created_at";

  /** A budget as it is kept. */
  public record Stored(Budget budget, Instant createdAt) {}

  /** What became of a budget that was to be put. */
  public sealed interface Put {

    /**
     * It is so now.
     *
     * @param secret signs what its webhook is told; null unless it is a new one
     */
    record Done(Stored stored, @Nullable String secret) implements Put {

      /** Never shows the secret. */
      @Override
      public String toString() {
        return "Done[" + stored + "]";
      }
    }

    /** The account has {@link Budget#MOST_OF_AN_ACCOUNT} others. */
    record TooMany() implements Put {}
  }

  /**
   * A threshold that was passed.
   *
   * @param charged what was charged when that was seen
   * @param amount what the budget was then
   * @param delivery what became of telling it, null if nobody is told
   */
  public record Alert(
      YearMonth month,
      int threshold,
      BigDecimal charged,
      Money amount,
      Instant seenAt,
      @Nullable Delivery delivery) {}

  /**
   * The telling of an alert.
   *
   * @param lastStatus the HTTP status of the last answer, null if there was none
   * @param lastProblem why it has to be told again, null if it has not
   * @param nextTryAt null if it is over
   */
  public record Delivery(
      String id,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastProblem,
      @Nullable Instant nextTryAt,
      @Nullable Instant deliveredAt,
      @Nullable Instant givenUpAt) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SecretBox box;
  private final SecureRandom random = new SecureRandom();

  public Budgets(JdbcTemplate jdbc, TransactionTemplate transaction, SecretBox box) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.box = box;
  }

  /**
   * Makes a budget, or gives it other terms. Its alerts of this month stay: no threshold is told
   * twice in a month.
   */
  public Put put(AccountId account, Budget budget) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              jdbc.query(
                  "select pg_advisory_xact_lock(hashtextextended('budgets ' || ?, 0))",
                  row -> {},
                  account.value());
              Optional<Stored> before = find(account, budget.name());
              if (before.isEmpty() && list(account).size() >= Budget.MOST_OF_AN_ACCOUNT) {
                return new Put.TooMany();
              }
              boolean sameWebhook =
                  before.isPresent()
                      && Objects.equals(before.get().budget().webhook(), budget.webhook());
              String secret = budget.webhook() == null || sameWebhook ? null : newSecret();
              write(account, budget, secret, sameWebhook);
              return new Put.Done(find(account, budget.name()).orElseThrow(), secret);
            }));
  }

  private void write(
      AccountId account, Budget budget, @Nullable String secret, boolean sameWebhook) {
    UsageTag tag = budget.tag();
    jdbc.update(
        """
        insert into budget as b (account_id, name, amount, currency, thresholds, tag_key, tag_value,
                                 webhook_url, sealed_secret)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (account_id, name) do update
        set amount = excluded.amount, currency = excluded.currency,
            thresholds = excluded.thresholds, tag_key = excluded.tag_key,
            tag_value = excluded.tag_value, webhook_url = excluded.webhook_url,
            sealed_secret = case when ? then b.sealed_secret else excluded.sealed_secret end,
            changed_at = now(), looked_at = '-infinity', next_look_at = now()
        """,
        account.value(),
        budget.name(),
        budget.amount().amount(),
        budget.amount().currency().value(),
        budget.thresholds().toArray(Integer[]::new),
        tag == null ? null : tag.key(),
        tag == null ? null : tag.value(),
        budget.webhook(),
        secret == null
            ? budget.webhook() == null ? null : ""
            : box.seal(secret, context(account, budget.name())),
        sameWebhook);
  }

  private String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** To what the secret of a budget's webhook is bound. */
  static String context(AccountId account, String name) {
    return "budget/" + account + "/" + name;
  }

  public Optional<Stored> find(AccountId account, String name) {
    return jdbc
        .query(
            "select " + COLUMNS + " from budget where account_id = ? and name = ?",
            (row, n) -> stored(row),
            account.value(),
            name)
        .stream()
        .findFirst();
  }

  /** By their names. */
  public List<Stored> list(AccountId account) {
    return jdbc.query(
        "select " + COLUMNS + " from budget where account_id = ? order by name",
        (row, n) -> stored(row),
        account.value());
  }

  /**
   * Removes a budget, its alerts and what was still to be told of them.
   *
   * @return whether there was one
   */
  public boolean remove(AccountId account, String name) {
    return jdbc.update(
            "delete from budget where account_id = ? and name = ?", account.value(), name)
        == 1;
  }

  /** The alerts of a budget, the last one first. */
  public List<Alert> alerts(AccountId account, String name, int limit) {
    return jdbc.query(
        """
        select to_char(a.month, 'YYYY-MM'), a.threshold, a.charged, a.amount, a.currency, a.seen_at,
               d.id, d.attempts, d.last_status, d.last_problem,
               case when d.delivered_at is null and d.given_up_at is null then d.next_try_at end,
               d.delivered_at, d.given_up_at
        from budget_alert a left join webhook_delivery d using (account_id, budget, month, threshold)
        where a.account_id = ? and a.budget = ?
        order by a.month desc, a.threshold desc limit ?
        """,
        (row, n) -> alert(row),
        account.value(),
        name,
        limit);
  }

  private static Alert alert(ResultSet row) throws SQLException {
    return new Alert(
        YearMonth.parse(row.getString(1)),
        row.getInt(2),
        row.getBigDecimal(3),
        new Money(row.getBigDecimal(4), new CurrencyCode(row.getString(5))),
        Objects.requireNonNull(time(row, 6)),
        row.getString(7) == null
            ? null
            : new Delivery(
                row.getString(7),
                row.getInt(8),
                row.getObject(9, Integer.class),
                row.getString(10),
                time(row, 11),
                time(row, 12),
                time(row, 13)));
  }

  private static Stored stored(ResultSet row) throws SQLException {
    String tag = row.getString(5);
    Array thresholds = row.getArray(4);
    return new Stored(
        new Budget(
            row.getString(1),
            new Money(row.getBigDecimal(2), new CurrencyCode(row.getString(3))),
            List.of((Integer[]) thresholds.getArray()),
            tag == null ? null : new UsageTag(tag, row.getString(6)),
            row.getString(7)),
        Objects.requireNonNull(time(row, 8)));
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
