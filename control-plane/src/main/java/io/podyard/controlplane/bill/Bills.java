package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Grouping;
import io.podyard.model.AccountId;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Bills of accounts and months, always of one account. */
@Component
public class Bills {

  /**
   * A bill, and what its lines add up to.
   *
   * @param sums by what was asked for, the largest first
   */
  public record Detailed(MonthBill bill, List<GroupedSum> sums) {

    public Detailed {
      sums = List.copyOf(sums);
    }
  }

  private static final BillMonth FIRST = new BillMonth(YearMonth.of(1, 1));
  private static final BillMonth LAST = new BillMonth(YearMonth.of(9999, 12));

  private final BillTables tables;
  private final LineSums sums;
  private final LongReading reading;
  private final Clock clock;

  Bills(BillTables tables, LineSums sums, LongReading reading, Clock clock) {
    this.tables = tables;
    this.sums = sums;
    this.reading = reading;
    this.clock = clock;
  }

  /**
   * The bills that have something on them, and that of the present month, the newest first.
   *
   * @param before only months before this one, null for all
   */
  public List<MonthBill> page(AccountId account, @Nullable BillMonth before, int limit) {
    return read(
        () -> {
          BillMonth firstOpen = tables.firstOpen();
          Instant now = clock.instant();
          TreeMap<BillMonth, List<MonthBill.Amount>> amounts =
              new TreeMap<>(Comparator.reverseOrder());
          TreeMap<BillMonth, Instant> closedAt = new TreeMap<>();
          amounts.put(BillMonth.containing(now), new ArrayList<>());
          for (BillTables.Closed closed : tables.closed(account, FIRST, LAST)) {
            closedAt.put(closed.month(), closed.at());
            amounts
                .computeIfAbsent(closed.month(), month -> new ArrayList<>())
                .add(closed.amount());
          }
          for (BillTables.Sum sum : tables.sums(account, firstOpen, LAST)) {
            amounts
                .computeIfAbsent(sum.month(), month -> new ArrayList<>())
                .add(tables.amount(sum));
          }
          return amounts.entrySet().stream()
              .filter(entry -> before == null || entry.getKey().compareTo(before) < 0)
              .limit(limit)
              .map(
                  entry ->
                      new MonthBill(
                          entry.getKey(),
                          entry.getKey().state(now, firstOpen),
                          closedAt.get(entry.getKey()),
                          entry.getValue()))
              .toList();
        });
  }

  /** The bill of a month, which may have nothing on it. */
  public MonthBill of(AccountId account, BillMonth month) {
    return read(() -> find(account, month));
  }

  /**
   * The same with sums.
   *
   * @param grouping null for no sums
   * @param most how many of them are told one by one
   */
  public Detailed of(AccountId account, BillMonth month, @Nullable Grouping grouping, int most) {
    return read(
        () ->
            new Detailed(
                find(account, month),
                grouping == null
                    ? List.of()
                    : sums.by(grouping, LineSums.Of.bill(account, month), most)));
  }

  private MonthBill find(AccountId account, BillMonth month) {
    BillMonth firstOpen = tables.firstOpen();
    BillMonth.State state = month.state(clock.instant(), firstOpen);
    if (state != BillMonth.State.CLOSED) {
      List<MonthBill.Amount> amounts =
          tables.sums(account, month, month).stream().map(tables::amount).toList();
      return new MonthBill(month, state, null, amounts);
    }
    List<BillTables.Closed> closed = tables.closed(account, month, month);
    return new MonthBill(
        month,
        state,
        closed.isEmpty() ? null : closed.getFirst().at(),
        closed.stream().map(BillTables.Closed::amount).toList());
  }

  private <T> T read(Supplier<T> what) {
    return reading.read(() -> reading.snapshot(what));
  }
}
