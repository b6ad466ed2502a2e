package io.podyard.controlplane.budget;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.podyard.api.EciJson;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares what was charged with budgets, whenever hours of their accounts were settled. Every
 * process does; a threshold is passed once in a month all the same, and what is to be told of it is
 * in the same transaction.
 */
@Component
class BudgetRounds implements SmartLifecycle {

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "budgetAlert";

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(BudgetRounds.class);

  private record Passed(
      String account,
      String budget,
      String month,
      int threshold,
      BigDecimal charged,
      BigDecimal amount,
      String currency,
      Instant seenAt,
      boolean told) {}

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

    static Told of(UUID id, Passed one) {
      return new Told(
          "BudgetThresholdPassed",
          id.toString(),
          one.account(),
          one.budget(),
          one.month(),
          one.threshold(),
          one.charged().toPlainString(),
          one.amount().toPlainString(),
          one.currency(),
          one.seenAt());
    }
  }

  /**
   * Notes what is passed, of this month and, for its last hours are settled later, of the one
   * before; of months before the budget became what it is, nothing.
   */
  private static final String PASSED =
      """
      with charged as (
        select l.bill_month, l.currency, sum(l.amount) as charged
        from charge_line l
        where l.account_id = ? and l.bill_month
              >= date_trunc('month', now() at time zone 'UTC' - interval '1 month')::date
        group by 1, 2),
      spent as (
        select b.name, c.bill_month, c.charged
        from budget b join charged c using (currency)
        where b.account_id = ? and b.name = any(?) and b.tag_key is null
        union all
        select b.name, l.bill_month, sum(l.amount)
        from budget b
             join charge_line l on l.account_id = b.account_id and l.currency = b.currency
             join billed_resource r on r.account_id = l.account_id
               and r.resource_id = l.resource_id and r.resource_kind = l.resource_kind
               and l.hour >= r.from_hour and l.hour < r.to_hour
        where b.account_id = ? and b.name = any(?) and b.tag_key is not null
          and l.bill_month >= date_trunc('month', now() at time zone 'UTC' - interval '1 month')::date
          and jsonb_exists(r.tags, b.tag_key)
          and (b.tag_value is null or r.tags ->> b.tag_key = b.tag_value)
        group by b.name, l.bill_month),
      passed as (
        insert into budget_alert (account_id, budget, month, threshold, charged, amount, currency)
        select b.account_id, b.name, s.bill_month, t.threshold, trim_scale(s.charged), b.amount,
               b.currency
        from spent s join budget b on b.name = s.name, unnest(b.thresholds) as t (threshold)
        where b.account_id = ? and s.charged * 100 >= b.amount * t.threshold
          and s.bill_month >= date_trunc('month', b.changed_at at time zone 'UTC')::date
        on conflict do nothing
        returning *)
      select p.account_id, p.budget, to_char(p.month, 'YYYY-MM'), p.threshold, p.charged, p.amount,
             p.currency, p.seen_at, b.webhook_url is not null
      from passed p join budget b on b.account_id = p.account_id and b.name = p.budget
      order by p.budget, p.month, p.threshold
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final CommitPoints points;
  private final Counter alerts;
  private final Duration deadline;
  private final Rounds rounds = new Rounds(log, Loop.BUDGETS, "budgets", 1);

  BudgetRounds(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      PodyardSettings settings,
      CommitPoints points,
      MeterRegistry metrics) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.points = points;
    this.deadline = settings.budgets().webhookDeadline();
    this.alerts =
        Counter.builder("podyard.budget.alerts")
            .description("Thresholds of budgets that were passed")
            .register(metrics);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "looking at budgets", this::round);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }

  private void round() {
    boolean more = true;
    while (more && isRunning()) {
      more = look();
    }
  }

  /** Looks at the budgets of one account; answers whether there may be another. */
  boolean look() {
    List<String> due =
        jdbc.query(
            """
            select account_id from budget b
            where exists (select 1 from account_hour h
                          where h.account_id = b.account_id and h.settled_at > b.looked_at)
            order by looked_at limit 1
            """,
            (row, n) -> row.getString(1));
    if (due.isEmpty()) {
      return false;
    }
    points.reached(POINT, CommitPoints.Side.BEFORE);
    List<Passed> passed = transaction.execute(status -> compare(due.getFirst()));
    points.reached(POINT, CommitPoints.Side.AFTER);
    if (passed == null) {
      return false;
    }
    for (Passed one : passed) {
      alerts.increment();
      log.info(
          "Budget {} of account {} has passed {} % of {} {} in {}: {} were charged",
          one.budget(),
          one.account(),
          one.threshold(),
          one.amount().toPlainString(),
          one.currency(),
          one.month(),
          one.charged().toPlainString());
    }
    return true;
  }

  /** What is passed now and was not before; null if another process is at this account. */
  private @Nullable List<Passed> compare(String account) {
    List<String> names =
        jdbc.query(
            "select name from budget where account_id = ? order by name for update skip locked",
            (row, n) -> row.getString(1),
            account);
    if (names.isEmpty()) {
      return null;
    }
    // Before the lines: of all hours that are settled by then they are there.
    OffsetDateTime settled =
        jdbc.queryForObject(
            "select max(settled_at) from account_hour where account_id = ?",
            OffsetDateTime.class,
            account);
    String[] locked = names.toArray(String[]::new);
    List<Passed> passed =
        jdbc.query(
            PASSED, (row, n) -> passed(row), account, account, locked, account, locked, account);
    passed.stream().filter(Passed::told).forEach(this::tell);
    jdbc.update(
        "update budget set looked_at = ? where account_id = ? and name = any(?)",
        settled,
        account,
        locked);
    return passed;
  }

  private static Passed passed(ResultSet row) throws SQLException {
    return new Passed(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getInt(4),
        row.getBigDecimal(5),
        row.getBigDecimal(6),
        row.getString(7),
        Objects.requireNonNull(row.getObject(8, OffsetDateTime.class)).toInstant(),
        row.getBoolean(9));
  }

  private void tell(Passed one) {
    UUID id = UUID.randomUUID();
    jdbc.update(
        """
        insert into webhook_delivery (id, account_id, budget, month, threshold, body, deadline)
        values (?, ?, ?, to_date(?, 'YYYY-MM'), ?, ?, now() + make_interval(secs => ?))
        """,
        id,
        one.account(),
        one.budget(),
        one.month(),
        one.threshold(),
        EciJson.rest().writeValueAsString(Told.of(id, one)),
        deadline.toMillis() / 1e3);
  }
}
