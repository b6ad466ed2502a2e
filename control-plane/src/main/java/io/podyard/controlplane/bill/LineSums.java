package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Grouping;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Adds lines up in the database, exactly, by what {@link Grouping} says. Of the values the ones
 * with the largest sums are told one by one and the rest together, so that an answer has an end.
 */
@Component
class LineSums {

  /** Which lines are added up. */
  record Of(String condition, List<Object> arguments) {

    static Of bill(AccountId account, BillMonth month) {
      return new Of(
          "l.account_id = ? and l.bill_month = ?",
          List.of(account.value(), month.value().atDay(1)));
    }

    static Of hours(AccountId account, Period period) {
      return new Of(
          "l.account_id = ? and l.hour >= ? and l.hour < ?",
          List.of(
              account.value(),
              BillLines.timestamp(period.start()),
              BillLines.timestamp(period.end())));
    }
  }

  /** An SQL expression of a line that is never null, and what it needs. */
  private record Value(String sql, boolean ofTags, List<Object> arguments) {}

  private static final String DAY = "to_char(l.hour at time zone 'UTC', 'YYYY-MM-DD')";

  private final JdbcTemplate jdbc;

  LineSums(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  private static Value value(Grouping grouping) {
    return switch (grouping) {
      case Grouping.ByItem _ -> new Value("coalesce(l.item, '')", false, List.of());
      case Grouping.ByZone _ -> new Value("coalesce(l.zone, '')", false, List.of());
      case Grouping.ByDay _ -> new Value(DAY, false, List.of());
      case Grouping.ByResource(var kind) ->
          new Value(
              "case when l.resource_kind = ? then l.resource_id else '' end",
              false,
              List.of(kind.code()));
      case Grouping.ByTag(var key) -> new Value("coalesce(b.tags ->> ?, '')", true, List.of(key));
    };
  }

  /**
   * Sums by value, in order of currency and then the largest first; days are in their own order.
   *
   * @param most how many values of a currency are told one by one; days are all told
   */
  List<GroupedSum> by(Grouping grouping, Of lines, int most) {
    Value value = value(grouping);
    List<Object> arguments = new ArrayList<>(value.arguments());
    arguments.addAll(lines.arguments());
    boolean days = grouping instanceof Grouping.ByDay;
    arguments.add(days ? Integer.MAX_VALUE : most);
    return jdbc.query(
        """
        with sums as (
          select l.currency, %s as value, count(*) as lines, sum(l.amount) as amount
          from charge_line l %s where %s
          group by 1, 2),
        ranked as (
          select s.*, most,
                 row_number() over (partition by currency order by %s value collate "C") as n
          from sums s cross join (select ?::int8 as most) m)
        select currency, case when min(n) <= min(most) then min(value) end, count(*), sum(lines),
               sum(amount)
        from ranked group by currency, least(n, most + 1) order by currency, min(n)
        """
            .formatted(
                value.sql(),
                value.ofTags() ? StoredLine.FACTS : "",
                lines.condition(),
                days ? "" : "amount desc,"),
        (row, n) ->
            new GroupedSum(
                new CurrencyCode(row.getString(1)),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getBigDecimal(5),
                List.of()),
        arguments.toArray());
  }

  /** The same, each sum also by day. */
  List<GroupedSum> byAndDay(Grouping grouping, Of lines, int most) {
    Value value = value(grouping);
    List<Object> arguments = new ArrayList<>(value.arguments());
    arguments.addAll(lines.arguments());
    arguments.add(most);
    Map<Cell, List<GroupedSum.DaySum>> days = new LinkedHashMap<>();
    jdbc.query(
        """
        with cells as (
          select l.currency, %s as value, %s as day, count(*) as lines, sum(l.amount) as amount
          from charge_line l %s where %s
          group by 1, 2, 3),
        ranked as (
          select currency, value, count(*) over (partition by currency) as all_values,
                 row_number() over (partition by currency
                                    order by sum(amount) desc, value collate "C") as n
          from cells group by currency, value),
        places as (
          select r.*, least(n, most + 1) as place, n <= most as told, all_values - most as others
          from ranked r cross join (select ?::int8 as most) m)
        select currency, case when told then min(value) end, day, sum(amount),
               case when told then 1 else min(others) end, sum(lines)
        from cells join places using (currency, value)
        group by currency, place, told, day order by currency, place, day
        """
            .formatted(value.sql(), DAY, value.ofTags() ? StoredLine.FACTS : "", lines.condition()),
        row -> {
          days.computeIfAbsent(
                  new Cell(new CurrencyCode(row.getString(1)), row.getString(2), row.getLong(5)),
                  cell -> new ArrayList<>())
              .add(new GroupedSum.DaySum(row.getString(3), row.getLong(6), row.getBigDecimal(4)));
        },
        arguments.toArray());
    List<GroupedSum> sums = new ArrayList<>();
    days.forEach(
        (cell, series) ->
            sums.add(
                new GroupedSum(
                    cell.currency(),
                    cell.value(),
                    cell.values(),
                    series.stream().mapToLong(GroupedSum.DaySum::lines).sum(),
                    series.stream()
                        .map(GroupedSum.DaySum::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add),
                    series)));
    return sums;
  }

  private record Cell(CurrencyCode currency, @Nullable String value, long values) {}
}
