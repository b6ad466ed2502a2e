package io.podyard.controlplane.door.rest;

import io.podyard.billing.BillMonth;
import io.podyard.billing.RoundingLine;
import io.podyard.controlplane.bill.Bills;
import io.podyard.controlplane.bill.ExactText;
import io.podyard.controlplane.bill.GroupedSum;
import io.podyard.controlplane.bill.MonthBill;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about bills. */
final class BillShapes {

  private BillShapes() {}

  record BillsRequest(
      @Nullable String accountId, @Nullable Integer limit, @Nullable String nextToken) {}

  record OneBillRequest(
      @Nullable String accountId,
      @Nullable String groupBy,
      @Nullable Integer limit,
      @Nullable String month) {}

  record BillLinesRequest(
      @Nullable String accountId, @Nullable String format, @Nullable String month) {}

  record BillFileRequest(@Nullable String accountId, @Nullable String month) {}

  /** Bills of an account. */
  record BillsResponse(String accountId, List<BillResponse> bills, @Nullable String nextToken) {}

  /** The bill of one month. */
  record BillResponse(
      String month,
      String state,
      @Nullable Instant closedAt,
      @Nullable String heldUp,
      List<BillAmountResponse> amounts) {

    static BillResponse of(MonthBill bill) {
      return new BillResponse(
          bill.month().toString(),
          stateText(bill.state()),
          bill.closedAt(),
          bill.heldUp(),
          bill.amounts().stream().map(BillAmountResponse::of).toList());
    }
  }

  /** What is owed for a month in one currency. */
  record BillAmountResponse(String currency, long lines, String exact, String total) {

    static BillAmountResponse of(MonthBill.Amount amount) {
      return new BillAmountResponse(
          amount.exact().currency().value(),
          amount.lines(),
          exactText(amount.exact()),
          totalText(amount));
    }
  }

  /** One bill and what it adds up to. */
  record OneBillResponse(
      String accountId,
      String month,
      String state,
      @Nullable Instant closedAt,
      @Nullable String heldUp,
      @Nullable String groupBy,
      List<DetailedAmountResponse> amounts) {

    static OneBillResponse of(
        AccountId account, Bills.Detailed bill, @Nullable String groupBy, int most) {
      return new OneBillResponse(
          account.value(),
          bill.bill().month().toString(),
          stateText(bill.bill().state()),
          bill.bill().closedAt(),
          bill.bill().heldUp(),
          groupBy,
          bill.bill().amounts().stream()
              .map(
                  amount ->
                      DetailedAmountResponse.of(amount, groupBy == null ? null : bill.sums(), most))
              .toList());
    }
  }

  /** What is owed for a month in one currency, and why. */
  record DetailedAmountResponse(
      String currency,
      long lines,
      String exact,
      int roundingLines,
      List<BillRoundingResponse> roundings,
      String total,
      @Nullable List<SumResponse> sums,
      @Nullable OtherSumsResponse others) {

    static DetailedAmountResponse of(
        MonthBill.Amount amount, @Nullable List<GroupedSum> sums, int most) {
      CurrencyCode currency = amount.exact().currency();
      List<RoundingLine> roundings = amount.roundings();
      return new DetailedAmountResponse(
          currency.value(),
          amount.lines(),
          exactText(amount.exact()),
          roundings.size(),
          // The last one is that of the total, which every bill has.
          roundings.subList(Math.max(0, roundings.size() - most), roundings.size()).stream()
              .map(BillRoundingResponse::of)
              .toList(),
          totalText(amount),
          sums == null
              ? null
              : sums.stream()
                  .filter(sum -> sum.currency().equals(currency) && sum.value() != null)
                  .map(SumResponse::of)
                  .toList(),
          sums == null
              ? null
              : sums.stream()
                  .filter(sum -> sum.currency().equals(currency) && sum.value() == null)
                  .map(OtherSumsResponse::of)
                  .findFirst()
                  .orElse(null));
    }
  }

  /** A line that turns the exact sum into what is to be paid. */
  record BillRoundingResponse(@Nullable String containerGroupId, String amount, String sentence) {

    static BillRoundingResponse of(RoundingLine line) {
      return new BillRoundingResponse(
          line instanceof RoundingLine.SmallFee(var group, var _) ? group.value() : null,
          exactText(line.amount()),
          line.sentence());
    }
  }

  /** What lines add up to that have a value in common. */
  record SumResponse(String value, String amount) {

    static SumResponse of(GroupedSum sum) {
      String value = sum.value();
      return new SumResponse(value == null ? "" : value, ExactText.of(sum.amount()));
    }
  }

  /** All values together that are not listed. */
  record OtherSumsResponse(long values, String amount) {

    static OtherSumsResponse of(GroupedSum sum) {
      return new OtherSumsResponse(sum.values(), ExactText.of(sum.amount()));
    }
  }

  private static String stateText(BillMonth.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String exactText(Money money) {
    return ExactText.of(money.amount());
  }

  /** In whole coins, as it is paid. */
  private static String totalText(MonthBill.Amount amount) {
    return amount.total().amount().toPlainString();
  }
}
