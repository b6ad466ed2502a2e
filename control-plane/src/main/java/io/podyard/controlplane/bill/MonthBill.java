package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.RoundingLine;
import io.podyard.model.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bill of an account for a month.
 *
 * @param closedAt null unless it is closed and there was something on it
 * @param heldUp why it is still open although its time to be closed is over; null if that is not so
 * @param amounts one for each currency that the account was charged in, in order of its code
 */
public record MonthBill(
    BillMonth month,
    BillMonth.State state,
    @Nullable Instant closedAt,
    @Nullable String heldUp,
    List<Amount> amounts) {

  /**
   * What is owed in one currency: {@code total = exact + sum of the roundings}.
   *
   * @param lines how many settled lines there are
   */
  public record Amount(long lines, Money exact, List<RoundingLine> roundings, Money total) {

    public Amount {
      roundings = List.copyOf(roundings);
    }
  }

  public MonthBill {
    amounts = List.copyOf(amounts);
  }
}
