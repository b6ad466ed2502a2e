package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.budget.Budget;
import io.podyard.controlplane.budget.Budgets;
import io.podyard.controlplane.budget.WebhookTargets;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an account wants to spend in a month. */
@Configuration(proxyBeanMethods = false)
class BudgetRoutes {

  private static final String ALL = "/budgets";
  private static final String ONE = ALL + "/{budgetName}";
  private static final String NAME = "BudgetName";
  private static final String THRESHOLDS = "Thresholds";
  private static final int LONGEST_TAG = 128;
  private static final int MOST_ALERTS = 100;
  private static final String EXAMPLE =
      """
      {"amount": 1000, "currency": "CNY", "thresholds": [50, 80, 100]}
      """;

  private final Budgets budgets;
  private final WebhookTargets targets;
  private final SignedOnce once;

  BudgetRoutes(Budgets budgets, WebhookTargets targets, SignedOnce once) {
    this.budgets = budgets;
    this.targets = targets;
    this.once = once;
  }

  @Bean
  Route listBudgetsRoute() {
    return Route.own(
        "ListBudgets",
        "GET",
        ALL,
        BudgetShapes.ListBudgetsRequest.class,
        BudgetShapes.ListBudgetsResponse.class,
        (caller, fields) ->
            () ->
                new BudgetShapes.ListBudgetsResponse(
                    budgets.list(caller.account()).stream()
                        .map(BudgetShapes.BudgetResponse::of)
                        .toList()),
        RouteText.of(RouteText.USAGE, "List budgets", "Your budgets, by their names."));
  }

  @Bean
  Route describeBudgetRoute() {
    return Route.own(
        "DescribeBudget",
        "GET",
        ONE,
        BudgetShapes.OneBudget.class,
        BudgetShapes.DescribeBudgetResponse.class,
        (caller, fields) -> {
          String name = fields.required(NAME);
          return () ->
              new BudgetShapes.DescribeBudgetResponse(
                  BudgetShapes.BudgetResponse.of(
                      budgets.find(caller.account(), name).orElseThrow(() -> unknown(name))),
                  budgets.alerts(caller.account(), name, MOST_ALERTS).stream()
                      .map(BudgetShapes.BudgetAlertResponse::of)
                      .toList());
        },
        RouteText.of(
                RouteText.USAGE,
                "Get a budget",
                "A budget and the thresholds of it that were passed, the last hundred.")
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route putBudgetRoute() {
    return Route.own(
        "PutBudget",
        "PUT",
        ONE,
        BudgetShapes.PutBudgetRequest.class,
        BudgetShapes.PutBudgetResponse.class,
        this::put,
        RouteText.of(
                RouteText.USAGE,
                "Make or change a budget",
                """
                What you want to spend in a month, UTC, all of you or what has a tag. What the month \
                has cost up to now, settled or not, is compared with it every few seconds; each \
                threshold that is passed is noted once a month, as an event of the account, and told \
                to the webhook if there is one, see docs/prices.md. The secret that signs this is shown when a webhook is new, and \
                never again.\
                """)
            .errors(QUOTA_EXCEEDED)
            .example(EXAMPLE));
  }

  @Bean
  Route deleteBudgetRoute() {
    return Route.own(
        "DeleteBudget",
        "DELETE",
        ONE,
        BudgetShapes.OneBudget.class,
        BudgetShapes.DeleteBudgetResponse.class,
        (caller, fields) -> {
          String name = fields.required(NAME);
          return () -> {
            once.burn(caller);
            if (!budgets.remove(caller.account(), name)) {
              throw unknown(name);
            }
            return new BudgetShapes.DeleteBudgetResponse();
          };
        },
        RouteText.of(
                RouteText.USAGE,
                "Delete a budget",
                "Its alerts are forgotten, and what was not told yet is not told any more.")
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  private Route.OwnCall put(Caller caller, OwnFields fields) {
    String name = fields.required(NAME);
    if (!name.isEmpty() && !Budget.isName(name)) {
      fields.refuse(NAME, name, "has 1 to 64 letters, digits, '.', '_' and '-', the first no sign");
    }
    BigDecimal amount = fields.decimal("Amount");
    if (amount != null && amount.signum() == 0) {
      fields.refuse("Amount", amount.toPlainString(), "must be above 0");
    }
    CurrencyCode currency = currency(fields);
    List<Integer> thresholds = thresholds(fields);
    UsageTag tag = tag(fields);
    String webhook = fields.text("WebhookUrl");
    if (webhook != null) {
      targets
          .problem(webhook, caller.operator())
          .ifPresent(problem -> fields.refuse("WebhookUrl", webhook, problem));
    }
    return () -> {
      once.burn(caller);
      Money money = new Money(Objects.requireNonNull(amount), Objects.requireNonNull(currency));
      return switch (budgets.put(
          caller.account(), new Budget(name, money, thresholds, tag, webhook))) {
        case Budgets.Put.Done done ->
            new BudgetShapes.PutBudgetResponse(
                BudgetShapes.BudgetResponse.of(done.stored()), done.secret());
        case Budgets.Put.TooMany _ ->
            throw new ApiException(
                QUOTA_EXCEEDED,
                "An account has at most %d budgets; delete one first."
                    .formatted(Budget.MOST_OF_AN_ACCOUNT));
      };
    };
  }

  private static @Nullable CurrencyCode currency(OwnFields fields) {
    String code = fields.required("Currency");
    try {
      return code.isEmpty() ? null : new CurrencyCode(code);
    } catch (IllegalArgumentException e) {
      fields.refuse("Currency", code, "must be an ISO 4217 code such as CNY");
      return null;
    }
  }

  private static List<Integer> thresholds(OwnFields fields) {
    List<Integer> entries = fields.entries(THRESHOLDS);
    if (entries.isEmpty()) {
      fields.add(Problem.missing(THRESHOLDS));
    } else if (entries.size() > Budget.MOST_THRESHOLDS) {
      fields.refuse(THRESHOLDS, null, "has at most %d".formatted(Budget.MOST_THRESHOLDS));
    }
    List<Integer> thresholds = new ArrayList<>();
    for (int entry : entries) {
      Integer threshold = fields.number(THRESHOLDS + "." + entry, 1, Budget.HIGHEST_THRESHOLD);
      if (threshold != null) {
        thresholds.add(threshold);
      }
    }
    return thresholds;
  }

  private static @Nullable UsageTag tag(OwnFields fields) {
    String key = fields.text("TagKey");
    String value = fields.text("TagValue");
    if (key == null && value != null) {
      fields.add(Problem.missing("TagKey"));
    }
    for (String name : List.of("TagKey", "TagValue")) {
      String text = fields.text(name);
      if (text != null && text.length() > LONGEST_TAG) {
        fields.refuse(name, text, "has at most %d characters".formatted(LONGEST_TAG));
      }
    }
    return key == null ? null : new UsageTag(key, value);
  }

  private static ApiException unknown(String name) {
    return new ApiException(
        new Problem(INVALID_PARAMETER_NOT_FOUND, NAME, name, "names no budget of yours"));
  }
}
