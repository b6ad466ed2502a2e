package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.usage.CostSoFar;
import io.podyard.controlplane.usage.GroupCosts;
import io.podyard.model.AccountId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a container group cost until now.
 *
 * @param otherAmounts what it was charged in other currencies, where its region changed them
 * @param unpriced which price is missing; then there are no amounts
 */
record CostResponse(
    @Nullable String currency,
    @Nullable String amount,
    @Nullable String pricePerSecond,
    long seconds,
    boolean metering,
    @Nullable List<AmountResponse> otherAmounts,
    @Nullable String unpriced) {

  /** What groups cost, in their order. */
  static List<CostResponse> of(GroupCosts costs, AccountId account, List<GroupRecord> groups) {
    return costs
        .soFar(
            account,
            groups.stream()
                .map(
                    group ->
                        new GroupCosts.Asked(
                            group.id(), group.region(), group.zone(), group.metered()))
                .toList())
        .stream()
        .map(CostResponse::of)
        .toList();
  }

  /** Puts each row together with its cost; both lists are in the same order. */
  static <T, R> List<R> beside(
      List<T> rows, List<CostResponse> costs, BiFunction<T, CostResponse, R> together) {
    List<R> both = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      both.add(together.apply(rows.get(i), costs.get(i)));
    }
    return both;
  }

  private static CostResponse of(CostSoFar cost) {
    return switch (cost) {
      case CostSoFar.Priced priced -> {
        AmountResponse present = AmountResponse.of(priced.amounts().getFirst());
        List<AmountResponse> others =
            AmountResponse.of(priced.amounts().subList(1, priced.amounts().size()));
        yield new CostResponse(
            present.currency(),
            present.amount(),
            priced.perSecond().amount().toPlainString(),
            priced.seconds(),
            priced.metering(),
            others.isEmpty() ? null : others,
            null);
      }
      case CostSoFar.Unpriced unpriced ->
          new CostResponse(
              null, null, null, unpriced.seconds(), unpriced.metering(), null, unpriced.message());
    };
  }
}
