package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Grouping;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final HeldBills held;
  private final LineSums sums;
  private final LongReading reading;
  private final Clock clock;

  Bills(BillTables tables, HeldBills held, LineSums sums, LongReading reading, Clock clock) {
    this.tables = tables;
    this.held = held;
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
          BillMonth firstOpen = tables.firstOpen(account);
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
                          heldUp(account, entry.getKey(), firstOpen, now),
                          entry.getValue()))
              .toList();
        });
  }

  /** The bill of a month, which may have nothing on it. */
  public MonthBill of(AccountId account, BillMonth month) {
    return read(() -> find(account, month, () -> tables.sums(account, month, month)));
  }

  /**
   * The same with sums.
   *
   * @param grouping null for no sums
   * @param most how many of them are told one by one
   */
  public Detailed of(AccountId account, BillMonth month, @Nullable Grouping grouping, int most) {
    if (grouping == null) {
      return new Detailed(of(account, month), List.of());
    }
    return read(
        () -> {
          List<GroupedSum> grouped = sums.by(grouping, LineSums.Of.bill(account, month), most);
          return new Detailed(find(account, month, () -> whole(account, month, grouped)), grouped);
        });
  }

  /** What the lines of a month add up to in each currency, of which the sums are parts. */
  static List<BillTables.Sum> whole(AccountId account, BillMonth month, List<GroupedSum> parts) {
    Map<CurrencyCode, BillTables.Sum> whole = new LinkedHashMap<>();
    for (GroupedSum part : parts) {
      whole.merge(
          part.currency(),
          new BillTables.Sum(
              account, month, part.lines(), new Money(part.amount(), part.currency())),
          (one, other) ->
              new BillTables.Sum(
                  account, month, one.lines() + other.lines(), one.exact().plus(other.exact())));
    }
    return List.copyOf(whole.values());
  }

  /**
   * @param lines what the lines of the month add up to, asked for only of an open bill
   */
  private MonthBill find(AccountId account, BillMonth month, Supplier<List<BillTables.Sum>> lines) {
    BillMonth firstOpen = tables.firstOpen(account);
    Instant now = clock.instant();
    BillMonth.State state = month.state(now, firstOpen);
    if (state != BillMonth.State.CLOSED) {
      List<MonthBill.Amount> amounts = lines.get().stream().map(tables::amount).toList();
      return new MonthBill(month, state, null, heldUp(account, month, firstOpen, now), amounts);
    }
    List<BillTables.Closed> closed = tables.closed(account, month, month);
    return new MonthBill(
        month,
        state,
        closed.isEmpty() ? null : closed.getFirst().at(),
        null,
        closed.stream().map(BillTables.Closed::amount).toList());
  }

  /** Why a bill is open after its time; null if it is not, or about to be closed. */
  private @Nullable String heldUp(
      AccountId account, BillMonth month, BillMonth firstOpen, Instant now) {
    if (month.compareTo(firstOpen) < 0
        || now.isBefore(month.period().end().plus(tables.closesAfter()))) {
      return null;
    }
    if (month.compareTo(firstOpen) > 0) {
      return "the bill of %s is still open".formatted(firstOpen);
    }
    return held.unsettled(account, month)
        .map(HeldBills.Unsettled::sentence)
        .or(
            () ->
                tables
                    .firstHour()
                    .flatMap(first -> held.unlisted(month, first))
                    .map("what was used in %s is not known yet"::formatted))
        .orElse(null);
  }

  private <T> T read(Supplier<T> what) {
    return reading.read(() -> reading.snapshot(what));
  }
}
