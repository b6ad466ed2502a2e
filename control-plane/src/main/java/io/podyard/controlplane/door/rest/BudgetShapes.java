package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import io.podyard.controlplane.budget.Budget;
import io.podyard.controlplane.budget.Budgets;
import io.podyard.controlplane.usage.UsageTag;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about budgets. */
final class BudgetShapes {

  private BudgetShapes() {}

  record ListBudgetsRequest() {}

  record OneBudget(@Nullable String budgetName) {}

  record PutBudgetRequest(
      @Required @Nullable BigDecimal amount,
      @Nullable String budgetName,
      @Required @Nullable String currency,
      @Nullable String tagKey,
      @Nullable String tagValue,
      @Required List<Integer> thresholds,
      @Nullable String webhookUrl) {}

  /** All budgets of an account. */
  record ListBudgetsResponse(List<BudgetResponse> budgets) {}

  /** A budget. */
  record BudgetResponse(
      String budgetName,
      String amount,
      String currency,
      List<Integer> thresholds,
      @Nullable String tagKey,
      @Nullable String tagValue,
      @Nullable String webhookUrl,
      Instant creationTime) {

    static BudgetResponse of(Budgets.Stored stored) {
      Budget budget = stored.budget();
      UsageTag tag = budget.tag();
      return new BudgetResponse(
          budget.name(),
          budget.amount().amount().toPlainString(),
          budget.amount().currency().value(),
          budget.thresholds(),
          tag == null ? null : tag.key(),
          tag == null ? null : tag.value(),
          budget.webhook(),
          stored.createdAt());
    }
  }

  /** A budget that was put. */
  record PutBudgetResponse(BudgetResponse budget, @Nullable String webhookSecret) {

    /** Never shows the secret. */
    @Override
    public String toString() {
      return "PutBudgetResponse[" + budget + "]";
    }
  }

  /** A budget and the alerts it gave. */
  record DescribeBudgetResponse(BudgetResponse budget, List<BudgetAlertResponse> alerts) {}

  /** A threshold that was passed. */
  record BudgetAlertResponse(
      String month,
      int threshold,
      String charged,
      String amount,
      String currency,
      Instant alertTime,
      @Nullable WebhookDeliveryResponse delivery) {

    static BudgetAlertResponse of(Budgets.Alert alert) {
      Budgets.Delivery delivery = alert.delivery();
      return new BudgetAlertResponse(
          alert.month().toString(),
          alert.threshold(),
          alert.charged().toPlainString(),
          alert.amount().amount().toPlainString(),
          alert.amount().currency().value(),
          alert.seenAt(),
          delivery == null ? null : WebhookDeliveryResponse.of(delivery));
    }
  }

  /** What became of telling it. */
  record WebhookDeliveryResponse(
      String deliveryId,
      int attempts,
      @Nullable Integer lastStatus,
      @Nullable String lastProblem,
      @Nullable Instant nextTryTime,
      @Nullable Instant deliveredTime,
      @Nullable Instant givenUpTime) {

    static WebhookDeliveryResponse of(Budgets.Delivery delivery) {
      return new WebhookDeliveryResponse(
          delivery.id(),
          delivery.attempts(),
          delivery.lastStatus(),
          delivery.lastProblem(),
          delivery.nextTryAt(),
          delivery.deliveredAt(),
          delivery.givenUpAt());
    }
  }

  /** There is nothing to say but that it is done. */
  record DeleteBudgetResponse() {}
}
