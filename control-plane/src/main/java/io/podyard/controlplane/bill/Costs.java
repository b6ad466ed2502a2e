package io.podyard.controlplane.bill;

import io.podyard.billing.Grouping;
import io.podyard.billing.Hour;
import io.podyard.controlplane.usage.Usage;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What an account's usage of some hours costs, up to the present second. */
@Component
public class Costs {

  /**
   * Costs of a period.
   *
   * @param settledUntil the first hour of the period that is not settled yet, its end if all are
   * @param unpriced which price is missing for what is not settled; null unless one is
   * @param amounts one for each currency, in order of its code
   */
  public record OfPeriod(
      Instant settledUntil, @Nullable String unpriced, List<OfCurrency> amounts) {

    public OfPeriod {
      amounts = List.copyOf(amounts);
    }
  }

  /**
   * In one currency, exact.
   *
   * @param settled the sum of all settled lines
   * @param unsettled what the hours cost that are not settled, at the prices of the book
   * @param sums of the settled lines
   */
  public record OfCurrency(
      CurrencyCode currency, BigDecimal settled, BigDecimal unsettled, List<GroupedSum> sums) {

    public OfCurrency {
      sums = List.copyOf(sums);
    }

    public BigDecimal total() {
      return settled.add(unsettled);
    }
  }

  private record Settled(List<GroupedSum> sums, List<Hour> unsettled) {}

  /**
   * Hours that have no lines because nobody has settled them. Once it is known who used an hour,
   * nobody else did; and nothing was used before the first one that is known.
   */
  private static final String UNSETTLED =
      """
      select h as hour
      from generate_series(?::timestamptz, ?::timestamptz - interval '1 h', interval '1 h') h
           left join account_hour a on a.account_id = ? and a.hour = h
      where h >= coalesce((select min(hour) from metered_hour), '-infinity')
        and case when a.hour is null
              then not exists (select 1 from metered_hour m where m.hour = h and m.listed)
              else a.settled_at is null end
      order by h
      """;

  private final LineSums sums;
  private final Usage usage;
  private final LongReading reading;
  private final JdbcTemplate jdbc;
  private final Clock clock;

  Costs(LineSums sums, Usage usage, LongReading reading, JdbcTemplate jdbc, Clock clock) {
    this.sums = sums;
    this.usage = usage;
    this.reading = reading;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * What a period costs.
   *
   * @param hours from one full hour to another
   * @param most how many sums are told one by one
   */
  public OfPeriod of(AccountId account, Period hours, Grouping grouping, int most) {
    return reading.read(() -> read(account, hours, grouping, most));
  }

  private OfPeriod read(AccountId account, Period hours, Grouping grouping, int most) {
    Period passed = passed(hours);
    LineSums.Of lines = LineSums.Of.hours(account, hours);
    // What is settled after this has no lines in it and is rated live: every hour counts once.
    Settled settled =
        reading.snapshot(
            () ->
                new Settled(
                    grouping instanceof Grouping.ByDay
                        ? sums.by(grouping, lines, most)
                        : sums.byAndDay(grouping, lines, most),
                    unsettled(account, passed)));
    TreeMap<String, BigDecimal> unsettled = new TreeMap<>();
    String unpriced = null;
    for (Period run : runs(settled.unsettled())) {
      Usage.Total total = usage.total(account, run);
      unpriced = unpriced == null ? total.unpriced() : unpriced;
      for (Money money : total.amounts()) {
        unsettled.merge(money.currency().value(), money.amount(), BigDecimal::add);
      }
    }
    return new OfPeriod(
        settled.unsettled().isEmpty() ? passed.end() : settled.unsettled().getFirst().start(),
        unpriced,
        amounts(settled.sums(), unsettled));
  }

  private static List<OfCurrency> amounts(
      List<GroupedSum> sums, Map<String, BigDecimal> unsettled) {
    TreeMap<String, List<GroupedSum>> byCurrency = new TreeMap<>();
    unsettled.keySet().forEach(code -> byCurrency.put(code, new ArrayList<>()));
    for (GroupedSum sum : sums) {
      byCurrency.computeIfAbsent(sum.currency().value(), code -> new ArrayList<>()).add(sum);
    }
    List<OfCurrency> amounts = new ArrayList<>();
    byCurrency.forEach(
        (code, own) ->
            amounts.add(
                new OfCurrency(
                    new CurrencyCode(code),
                    own.stream().map(GroupedSum::amount).reduce(BigDecimal.ZERO, BigDecimal::add),
                    unsettled.getOrDefault(code, BigDecimal.ZERO),
                    own)));
    return amounts;
  }

  /** The hours of a period that have begun. */
  Period passed(Period hours) {
    return hours.intersect(new Period(hours.start(), later(hours.start(), nextHour())));
  }

  /** Those that have no lines and are rated live, in order. */
  List<Hour> unsettled(AccountId account, Period passed) {
    return jdbc.query(
        UNSETTLED,
        (row, n) -> new Hour(StoredLine.instant(row, "hour")),
        BillLines.timestamp(passed.start()),
        BillLines.timestamp(passed.end()),
        account.value());
  }

  /** Hours that follow one another are rated at once. */
  static List<Period> runs(List<Hour> hours) {
    List<Period> runs = new ArrayList<>();
    for (Hour hour : hours) {
      boolean follows = !runs.isEmpty() && runs.getLast().end().equals(hour.start());
      Instant start = follows ? runs.removeLast().start() : hour.start();
      runs.add(new Period(start, hour.end()));
    }
    return runs;
  }

  private Instant nextHour() {
    return Hour.containing(clock.instant()).end();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
