package io.podyard.controlplane.bill;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.controlplane.usage.Usage;
import io.podyard.controlplane.usage.UsageTag;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What {@link Costs} says of whole months, as one sum, cheap enough to be asked for again and
 * again: settled lines are added up only after hours of their month were settled.
 */
@Component
public class MonthCosts {

  /**
   * What was spent.
   *
   * @param amounts of each month, settled and not settled together
   * @param settledAt when the last of the hours was settled whose lines are in it; null if none was
   */
  public record Spent(
      Map<BillMonth, Map<CurrencyCode, BigDecimal>> amounts, @Nullable OffsetDateTime settledAt) {}

  private record Of(AccountId account, BillMonth month, @Nullable UsageTag tag) {}

  /**
   * What transactions that add lines say of their hours: with the same there are the same lines.
   */
  private record State(OffsetDateTime at, long lines) {}

  private record Settled(State state, Map<CurrencyCode, BigDecimal> sums) {}

  private record Known(@Nullable Settled settled, List<Hour> unsettled) {}

  private static final int MOST_KEPT = 10_000;

  private final JdbcTemplate jdbc;
  private final Costs costs;
  private final Usage usage;
  private final LongReading reading;
  private final Cache<Of, Settled> kept = Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

  MonthCosts(JdbcTemplate jdbc, Costs costs, Usage usage, LongReading reading) {
    this.jdbc = jdbc;
    this.costs = costs;
    this.usage = usage;
    this.reading = reading;
  }

  /**
   * What months have cost up to now.
   *
   * @param tag only what has it, as its hours were settled with it, or has it now; null for all
   */
  public Spent of(AccountId account, List<BillMonth> months, @Nullable UsageTag tag) {
    Map<BillMonth, Known> known =
        reading.snapshot(
            () -> {
              Map<BillMonth, Known> found = new TreeMap<>();
              months.forEach(month -> found.put(month, known(new Of(account, month, tag))));
              return found;
            });
    Map<BillMonth, Map<CurrencyCode, BigDecimal>> amounts = new TreeMap<>();
    OffsetDateTime last = null;
    for (var one : known.entrySet()) {
      Settled settled = one.getValue().settled();
      Map<CurrencyCode, BigDecimal> sums =
          settled == null ? new HashMap<>() : new HashMap<>(settled.sums());
      // As in Costs: what is settled meanwhile has no lines in it and is rated live.
      for (Period run : Costs.runs(one.getValue().unsettled())) {
        for (Money money : usage.total(account, run, tag).amounts()) {
          sums.merge(money.currency(), money.amount(), BigDecimal::add);
        }
      }
      amounts.put(one.getKey(), sums);
      if (settled != null && (last == null || settled.state().at().isAfter(last))) {
        last = settled.state().at();
      }
    }
    return new Spent(amounts, last);
  }

  private Known known(Of of) {
    return new Known(settled(of), costs.unsettled(of.account(), costs.passed(of.month().period())));
  }

  private @Nullable Settled settled(Of of) {
    Period hours = of.month().period();
    List<State> state =
        jdbc.query(
            """
            select max(settled_at), sum(lines) from account_hour
            where account_id = ? and hour >= ? and hour < ? having max(settled_at) is not null
            """,
            (row, n) ->
                new State(
                    Objects.requireNonNull(row.getObject(1, OffsetDateTime.class)), row.getLong(2)),
            of.account().value(),
            BillLines.timestamp(hours.start()),
            BillLines.timestamp(hours.end()));
    if (state.isEmpty()) {
      return null;
    }
    Settled before = kept.getIfPresent(of);
    if (before != null && before.state().equals(state.getFirst())) {
      return before;
    }
    Settled now = new Settled(state.getFirst(), sums(of));
    kept.put(of, now);
    return now;
  }

  private Map<CurrencyCode, BigDecimal> sums(Of of) {
    LineSums.Of lines = LineSums.Of.hours(of.account(), of.month().period());
    List<@Nullable Object> arguments = new ArrayList<>(lines.arguments());
    UsageTag tag = of.tag();
    if (tag != null) {
      arguments.add(tag.key());
      arguments.add(tag.key());
      arguments.add(tag.value());
    }
    Map<CurrencyCode, BigDecimal> sums = new HashMap<>();
    jdbc.query(
        "select l.currency, sum(l.amount) from charge_line l %s where %s %s group by 1"
            .formatted(
                tag == null ? "" : StoredLine.FACTS,
                lines.condition(),
                tag == null
                    ? ""
                    : "and jsonb_exists(b.tags, ?) and coalesce(b.tags ->> ? = ?::text, true)"),
        row -> {
          sums.put(new CurrencyCode(row.getString(1)), row.getBigDecimal(2));
        },
        arguments.toArray());
    return sums;
  }
}
