package io.podyard.controlplane.budget;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares what accounts spend with their budgets, one account after the other. Processes share the
 * accounts; a threshold is passed once in a month whoever sees it. However many budgets there are,
 * looking takes a sixth of one thread's time at most: then each is looked at less often.
 */
@Component
class BudgetRounds implements SmartLifecycle {

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "budgetAlert";

  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

  /** A look that takes long is followed by a pause so many times as long. */
  private static final int PAUSE_AFTER_LOOK = 20;

  private static final Logger log = LoggerFactory.getLogger(BudgetRounds.class);

  private record Budgeted(AccountId account, SpentBudgets.Terms terms) {}

  private record Known(String budget, String month, int threshold) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SpentBudgets spent;
  private final BudgetAlerts noted;
  private final CommitPoints points;
  private final Counter alerts;
  private final Rounds rounds = new Rounds(log, Loop.BUDGETS, "budgets", 1);

  BudgetRounds(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      SpentBudgets spent,
      PodyardSettings settings,
      CommitPoints points,
      MeterRegistry metrics) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.spent = spent;
    this.noted = new BudgetAlerts(jdbc, settings.budgets().webhookDeadline());
    this.points = points;
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
    long end = System.nanoTime() + LONGEST_ROUND.toNanos();
    boolean more = true;
    while (more && isRunning() && System.nanoTime() < end) {
      more = look();
    }
  }

  /** Looks at the budgets of one account; answers whether there may be another. */
  boolean look() {
    List<Budgeted> claimed = claim();
    if (claimed.isEmpty()) {
      return false;
    }
    AccountId account = claimed.getFirst().account();
    long began = System.nanoTime();
    SpentBudgets.Found found =
        spent.compare(account, claimed.stream().map(Budgeted::terms).toList());
    Set<Known> known = known(account);
    List<SpentBudgets.Passed> news =
        found.passed().stream().filter(one -> !known.contains(of(one))).toList();
    if (!news.isEmpty()) {
      points.reached(POINT, CommitPoints.Side.BEFORE);
      List<BudgetAlerts.Noted> added =
          Objects.requireNonNull(transaction.execute(status -> noted.add(account, news)));
      points.reached(POINT, CommitPoints.Side.AFTER);
      alerts.increment(added.size());
      added.forEach(one -> log.info("Account {}: {}", account, one.sentence()));
    }
    looked(account, claimed, found.settledAt(), Duration.ofNanos(System.nanoTime() - began));
    return true;
  }

  /** Those of the account whose turn it is, until it is again; if this process dies, too. */
  private List<Budgeted> claim() {
    return jdbc.query(
        """
        with one as (
          select account_id from budget where next_look_at <= now() order by next_look_at limit 1),
        free as (
          select b.account_id, b.name from budget b join one using (account_id)
          where b.next_look_at <= now() order by b.name for update of b skip locked)
        update budget b set next_look_at = now() + make_interval(secs => ?)
        from free where b.account_id = free.account_id and b.name = free.name
        returning b.account_id, b.name, b.amount, b.currency, b.thresholds, b.tag_key, b.tag_value,
                  b.changed_at
        """,
        (row, n) -> budgeted(row),
        PAUSE.toMillis() / 1e3);
  }

  private static Budgeted budgeted(ResultSet row) throws SQLException {
    String key = row.getString(6);
    return new Budgeted(
        new AccountId(row.getString(1)),
        new SpentBudgets.Terms(
            row.getString(2),
            new Money(row.getBigDecimal(3), new CurrencyCode(row.getString(4))),
            Columns.integers(row, 5),
            key == null ? null : new UsageTag(key, row.getString(7)),
            Objects.requireNonNull(row.getObject(8, OffsetDateTime.class)).toInstant()));
  }

  private Set<Known> known(AccountId account) {
    return jdbc
        .query(
            """
            select budget, to_char(month, 'YYYY-MM'), threshold from budget_alert
            where account_id = ? and month >= (now() at time zone 'UTC')::date - 70
            """,
            (row, n) -> new Known(row.getString(1), row.getString(2), row.getInt(3)),
            account.value())
        .stream()
        .collect(Collectors.toSet());
  }

  private static Known of(SpentBudgets.Passed one) {
    return new Known(one.budget().name(), one.month().toString(), one.threshold());
  }

  /** Unless the budget has other terms by now. */
  private void looked(
      AccountId account,
      List<Budgeted> claimed,
      Map<SpentBudgets.Terms, OffsetDateTime> settledAt,
      Duration took) {
    long pause = took.multipliedBy(PAUSE_AFTER_LOOK).toMillis();
    jdbc.update(
        """
        update budget b
        set looked_at = greatest(b.looked_at, l.settled_at),
            next_look_at = greatest(b.next_look_at, now() + make_interval(secs => l.pause / 1e3))
        from unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::int8[], ?::bool[])
               as l (account_id, name, changed_at, settled_at, pause, long)
        where b.account_id = l.account_id and b.name = l.name and b.changed_at = l.changed_at
          and (l.long or b.looked_at < l.settled_at)
        """,
        Columns.of(claimed)
            .text(one -> account.value())
            .text(one -> one.terms().name())
            .instant(one -> one.terms().changedAt())
            .instant(
                one -> {
                  OffsetDateTime at = settledAt.get(one.terms());
                  return at == null ? null : at.toInstant();
                })
            .bigint(one -> pause)
            .bool(one -> pause > PAUSE.toMillis()));
  }
}
