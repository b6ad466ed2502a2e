package io.podyard.controlplane.budget;

import io.podyard.api.EciJson;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.controlplane.accountevent.AccountHappening;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Notes thresholds that are passed, each once a month, with what is to be told of it. */
final class BudgetAlerts {

  /** A threshold that nobody had noted before. */
  record Noted(
      AccountId account,
      String budget,
      String month,
      int threshold,
      BigDecimal spent,
      BigDecimal amount,
      String currency,
      Instant seenAt,
      boolean told) {

    /** For people. */
    String sentence() {
      return "Budget %s has passed %d %% of %s %s in %s: %s are spent."
          .formatted(
              budget, threshold, amount.toPlainString(), currency, month, spent.toPlainString());
    }
  }

  /** What the body of a delivery says. */
  private record Told(
      String type,
      String deliveryId,
      String accountId,
      String budgetName,
      String month,
      int threshold,
      String charged,
      String amount,
      String currency,
      Instant time) {

    static Told of(UUID id, Noted one) {
      return new Told(
          "BudgetThresholdPassed",
          id.toString(),
          one.account().value(),
          one.budget(),
          one.month(),
          one.threshold(),
          one.spent().toPlainString(),
          one.amount().toPlainString(),
          one.currency(),
          one.seenAt());
    }
  }

  private static final String NOTE =
      """
      with passed as (
        select b.account_id, b.name, b.amount, b.currency, b.webhook_url is not null as told,
               to_date(p.month, 'YYYY-MM') as month, p.threshold, p.spent::numeric as spent
        from unnest(?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::int4[], ?::text[])
               as p (account_id, name, changed_at, month, threshold, spent)
             join budget b on b.account_id = p.account_id and b.name = p.name
               and b.changed_at = p.changed_at
        order by b.name for update of b),
      noted as (
        insert into budget_alert (account_id, budget, month, threshold, charged, amount, currency)
        select account_id, name, month, threshold, trim_scale(spent), amount, currency from passed
        on conflict do nothing returning *)
      select n.account_id, n.budget, to_char(n.month, 'YYYY-MM'), n.threshold, n.charged, n.amount,
             n.currency, n.seen_at, p.told
      from noted n join passed p on p.name = n.budget and p.month = n.month
                                and p.threshold = n.threshold
      order by n.budget, n.month, n.threshold
      """;

  private final JdbcTemplate jdbc;
  private final Duration deadline;

  /**
   * @param deadline how long webhooks are told
   */
  BudgetAlerts(JdbcTemplate jdbc, Duration deadline) {
    this.jdbc = jdbc;
    this.deadline = deadline;
  }

  /**
   * Notes them inside the caller's transaction.
   *
   * @return those that were not noted before, of budgets that are still so
   */
  List<Noted> add(AccountId account, List<SpentBudgets.Passed> passed) {
    List<Noted> noted =
        jdbc.query(
            NOTE,
            Columns.of(passed)
                .text(one -> account.value())
                .text(one -> one.budget().name())
                .instant(one -> one.budget().changedAt())
                .text(one -> one.month().toString())
                .integer(SpentBudgets.Passed::threshold)
                .text(one -> one.spent().toPlainString()),
            (row, n) -> noted(row));
    noted.stream().filter(Noted::told).forEach(this::tell);
    AccountEvents.add(
        jdbc,
        noted.stream()
            .map(
                one ->
                    new AccountHappening(
                        account,
                        AccountHappening.Reason.BUDGET_THRESHOLD_REACHED,
                        "%s %s %d".formatted(one.budget(), one.month(), one.threshold()),
                        one.sentence()))
            .toList());
    return noted;
  }

  private static Noted noted(ResultSet row) throws SQLException {
    return new Noted(
        new AccountId(row.getString(1)),
        row.getString(2),
        row.getString(3),
        row.getInt(4),
        row.getBigDecimal(5),
        row.getBigDecimal(6),
        row.getString(7),
        Objects.requireNonNull(row.getObject(8, OffsetDateTime.class)).toInstant(),
        row.getBoolean(9));
  }

  private void tell(Noted one) {
    UUID id = UUID.randomUUID();
    jdbc.update(
        """
        insert into webhook_delivery (id, account_id, budget, month, threshold, body, deadline)
        values (?, ?, ?, to_date(?, 'YYYY-MM'), ?, ?, now() + make_interval(secs => ?))
        """,
        id,
        one.account().value(),
        one.budget(),
        one.month(),
        one.threshold(),
        EciJson.rest().writeValueAsString(Told.of(id, one)),
        deadline.toMillis() / 1e3);
  }
}
