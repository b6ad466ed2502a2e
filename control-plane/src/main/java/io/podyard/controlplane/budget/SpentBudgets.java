package io.podyard.controlplane.budget;

import io.podyard.billing.BillMonth;
import io.podyard.controlplane.bill.MonthCosts;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.model.AccountId;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Compares budgets with what is spent, settled or not, as {@code GET /v1/costs} says it. */
@Component
class SpentBudgets {

  /**
   * The terms of a budget, since they are so.
   *
   * @param changedAt months before it do not count
   */
  record Terms(
      String name,
      Money amount,
      List<Integer> thresholds,
      @Nullable UsageTag tag,
      Instant changedAt) {}

  /** A threshold that is passed, whether that is news or not. */
  record Passed(Terms budget, BillMonth month, int threshold, BigDecimal spent) {}

  /**
   * What was found.
   *
   * @param settledAt when the last hour was settled that was compared, by budget; none if none was
   */
  record Found(List<Passed> passed, Map<Terms, OffsetDateTime> settledAt) {}

  private final MonthCosts costs;
  private final Clock clock;

  SpentBudgets(MonthCosts costs, Clock clock) {
    this.costs = costs;
    this.clock = clock;
  }

  /** Of this month, and of the one before, whose last hours are settled, or corrected, later. */
  Found compare(AccountId account, List<Terms> budgets) {
    BillMonth present = BillMonth.containing(clock.instant());
    List<BillMonth> months = List.of(new BillMonth(present.value().minusMonths(1)), present);
    Map<Optional<UsageTag>, MonthCosts.Spent> spent = new HashMap<>();
    List<Passed> passed = new ArrayList<>();
    Map<Terms, OffsetDateTime> settledAt = new HashMap<>();
    for (Terms budget : budgets) {
      MonthCosts.Spent of =
          spent.computeIfAbsent(
              Optional.ofNullable(budget.tag()),
              tag -> costs.of(account, months, tag.orElse(null)));
      BillMonth first = BillMonth.containing(budget.changedAt());
      of.amounts().entrySet().stream()
          .filter(month -> month.getKey().compareTo(first) >= 0)
          .forEach(
              month ->
                  passed(
                      budget,
                      month.getKey(),
                      month.getValue().getOrDefault(budget.amount().currency(), BigDecimal.ZERO),
                      passed));
      if (of.settledAt() != null) {
        settledAt.put(budget, of.settledAt());
      }
    }
    return new Found(passed, settledAt);
  }

  private static void passed(Terms budget, BillMonth month, BigDecimal spent, List<Passed> passed) {
    BigDecimal hundredfold = spent.movePointRight(2);
    for (int threshold : budget.thresholds()) {
      BigDecimal limit = budget.amount().amount().multiply(BigDecimal.valueOf(threshold));
      if (hundredfold.compareTo(limit) >= 0) {
        passed.add(new Passed(budget, month, threshold, spent));
      }
    }
  }
}
