package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.bill.Costs;
import io.podyard.controlplane.bill.ExactText;
import io.podyard.controlplane.bill.GroupedSum;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about costs. */
final class CostShapes {

  private CostShapes() {}

  record CostsRequest(
      @Nullable String accountId,
      @Nullable Instant from,
      @Nullable String groupBy,
      @Nullable Integer limit,
      @Nullable Instant to) {}

  /** What a period costs. */
  record CostsResponse(
      String accountId,
      Instant from,
      Instant to,
      Instant settledUntil,
      String groupBy,
      List<CostsOfCurrencyResponse> costs,
      @Nullable String unpriced) {}

  /** What a period costs in one currency. */
  record CostsOfCurrencyResponse(
      String currency,
      String settled,
      String unsettled,
      String total,
      List<CostSumResponse> sums,
      @Nullable OtherCostsResponse others) {

    static CostsOfCurrencyResponse of(Costs.OfCurrency costs) {
      return new CostsOfCurrencyResponse(
          costs.currency().value(),
          ExactText.of(costs.settled()),
          ExactText.of(costs.unsettled()),
          ExactText.of(costs.total()),
          costs.sums().stream()
              .filter(sum -> sum.value() != null)
              .map(CostSumResponse::of)
              .toList(),
          costs.sums().stream()
              .filter(sum -> sum.value() == null)
              .map(OtherCostsResponse::of)
              .findFirst()
              .orElse(null));
    }
  }

  /** What was charged that has a value in common. */
  record CostSumResponse(String value, String amount, @Nullable List<DayCostResponse> days) {

    static CostSumResponse of(GroupedSum sum) {
      String value = sum.value();
      return new CostSumResponse(value == null ? "" : value, ExactText.of(sum.amount()), days(sum));
    }

    private static @Nullable List<DayCostResponse> days(GroupedSum sum) {
      return sum.days().isEmpty() ? null : DayCostResponse.of(sum.days());
    }
  }

  /** All values together that are not listed. */
  record OtherCostsResponse(long values, String amount, List<DayCostResponse> days) {

    static OtherCostsResponse of(GroupedSum sum) {
      return new OtherCostsResponse(
          sum.values(), ExactText.of(sum.amount()), DayCostResponse.of(sum.days()));
    }
  }

  /** What was charged for a day. */
  record DayCostResponse(String day, String amount) {

    static List<DayCostResponse> of(List<GroupedSum.DaySum> days) {
      return days.stream()
          .map(day -> new DayCostResponse(day.day(), ExactText.of(day.amount())))
          .toList();
    }
  }
}
