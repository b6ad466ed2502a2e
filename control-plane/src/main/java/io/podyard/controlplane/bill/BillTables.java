package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.BillRounding;
import io.podyard.billing.Hour;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.RoundingLine;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.controlplane.accountevent.AccountHappening;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bills as they are stored once they are closed, and as they are made of lines until then. */
@Component
class BillTables {

  /** Whose sum of one month and currency. */
  record Sum(AccountId account, BillMonth month, long lines, Money exact) {}

  /** What was stored when it was closed. */
  record Closed(BillMonth month, Instant at, MonthBill.Amount amount) {}

  private static final String GROUP = "containerGroupId";
  private static final String AMOUNT = "amount";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcTemplate jdbc;
  private final BillRounding rounding;
  private final Duration closesAfter;

  BillTables(JdbcTemplate jdbc, PodyardSettings settings) {
    this.jdbc = jdbc;
    this.rounding = settings.bill().rounding();
    this.closesAfter = settings.bill().closesAfter();
  }

  BillRounding rounding() {
    return rounding;
  }

  /** How long after the end of its month a bill is closed. */
  Duration closesAfter() {
    return closesAfter;
  }

  /** The first month whose bills are not closed, but for those that are held up. */
  BillMonth firstOpen() {
    return firstOpen("");
  }

  /** The same, and nobody else closes anything before the transaction ends. */
  BillMonth shareFirstOpen() {
    return firstOpen(" for share");
  }

  /** The same, and nobody else settles or closes anything before the transaction ends. */
  BillMonth lockFirstOpen() {
    return firstOpen(" for update");
  }

  private BillMonth firstOpen(String how) {
    return jdbc.query(
            "select first_month from open_bills" + how, (row, n) -> month(row, "first_month"))
        .getFirst();
  }

  /** The first month of which the bill of an account is not closed. */
  BillMonth firstOpen(AccountId account) {
    return jdbc.query(
            """
            select least(o.first_month, h.first_month) as first_month
            from open_bills o left join held_bills h on h.account_id = ?
            """,
            (row, n) -> month(row, "first_month"),
            account.value())
        .getFirst();
  }

  /** The first hour that was metered; empty as long as none was. */
  Optional<Hour> firstHour() {
    return jdbc.query(
            "select min(hour) as hour from metered_hour",
            (row, n) -> Optional.ofNullable(row.getObject("hour", OffsetDateTime.class)))
        .getFirst()
        .map(hour -> new Hour(hour.toInstant()));
  }

  /** The bills before this month are closed, or nothing was on them. */
  void moveTo(BillMonth month) {
    jdbc.update("update open_bills set first_month = ?", month.value().atDay(1));
  }

  /**
   * Sums of the lines on the bills of a month, in order of account and currency; without accounts
   * whose bills are held up.
   */
  List<Sum> sums(BillMonth month) {
    return jdbc.query(
        """
        select account_id, bill_month, currency, count(*) as lines, sum(amount) as exact
        from charge_line l
        where bill_month = ?
          and not exists (select 1 from held_bills h where h.account_id = l.account_id)
        group by 1, 2, 3 order by 1, 3
        """,
        (row, n) -> sum(row),
        month.value().atDay(1));
  }

  /** Sums of the lines of an account on the bills from one month to another, the newest first. */
  List<Sum> sums(AccountId account, BillMonth from, BillMonth to) {
    return jdbc.query(
        """
        select account_id, bill_month, currency, count(*) as lines, sum(amount) as exact
        from charge_line where account_id = ? and bill_month >= ? and bill_month <= ?
        group by 1, 2, 3 order by 2 desc, 3
        """,
        (row, n) -> sum(row),
        account.value(),
        from.value().atDay(1),
        to.value().atDay(1));
  }

  /** What a sum comes to as long as its bill is open, or at the moment that it is closed. */
  MonthBill.Amount amount(Sum sum) {
    List<RoundingLine> roundings = rounding.roundings(smallFees(sum), sum.exact());
    return new MonthBill.Amount(
        sum.lines(), sum.exact(), roundings, BillRounding.total(sum.exact(), roundings));
  }

  /** What groups cost for which it is less than the smallest coin, if that is rounded at all. */
  private Map<ContainerGroupId, BigDecimal> smallFees(Sum sum) {
    Map<ContainerGroupId, BigDecimal> fees = new TreeMap<>();
    if (rounding == BillRounding.SMALL_FEES_TOO) {
      CurrencyCode currency = sum.exact().currency();
      jdbc.query(
          """
          select resource_id, sum(amount) from charge_line
          where account_id = ? and bill_month = ? and currency = ? and resource_kind = ?
          group by 1 having sum(amount) > 0 and sum(amount) < ?
          """,
          row -> {
            fees.put(new ContainerGroupId(row.getString(1)), row.getBigDecimal(2));
          },
          sum.account().value(),
          sum.month().value().atDay(1),
          currency.value(),
          ResourceKind.CONTAINER_GROUP.code(),
          BillRounding.smallestCoin(currency));
    }
    return fees;
  }

  /** Closed bills of an account, the newest month first, then in order of currency. */
  List<Closed> closed(AccountId account, BillMonth from, BillMonth to) {
    return jdbc.query(
        """
        select month, currency, lines, exact, total, roundings, closed_at from closed_bill
        where account_id = ? and month >= ? and month <= ? order by month desc, currency
        """,
        (row, n) -> closed(row),
        account.value(),
        from.value().atDay(1),
        to.value().atDay(1));
  }

  /** Keeps what bills of a month came to, and tells their accounts. */
  void close(BillMonth month, List<Sum> sums) {
    Map<AccountId, String> totals = new LinkedHashMap<>();
    for (Sum sum : sums) {
      MonthBill.Amount amount = amount(sum);
      jdbc.update(
          """
          insert into closed_bill (account_id, month, currency, lines, exact, total, roundings)
          values (?, ?, ?, ?, ?, ?, ?::jsonb)
          """,
          sum.account().value(),
          month.value().atDay(1),
          sum.exact().currency().value(),
          sum.lines(),
          sum.exact().amount(),
          amount.total().amount(),
          json(amount.roundings()));
      totals.merge(
          sum.account(),
          "%s %s".formatted(amount.total().amount().toPlainString(), amount.total().currency()),
          "%s and %s"::formatted);
    }
    AccountEvents.add(
        jdbc,
        totals.entrySet().stream()
            .map(
                total ->
                    new AccountHappening(
                        total.getKey(),
                        AccountHappening.Reason.BILL_CLOSED,
                        month.toString(),
                        "The bill of %s is closed: %s.".formatted(month, total.getValue())))
            .toList());
  }

  private static String json(List<RoundingLine> roundings) {
    List<Map<String, String>> all = new ArrayList<>();
    for (RoundingLine rounding : roundings) {
      Map<String, String> one = new LinkedHashMap<>();
      if (rounding instanceof RoundingLine.SmallFee(var group, var _)) {
        one.put(GROUP, group.value());
      }
      one.put(AMOUNT, rounding.amount().amount().toPlainString());
      all.add(one);
    }
    return JSON.writeValueAsString(all);
  }

  private static List<RoundingLine> roundings(String json, CurrencyCode currency) {
    List<RoundingLine> roundings = new ArrayList<>();
    for (JsonNode one : JSON.readTree(json)) {
      Money amount = new Money(new BigDecimal(one.path(AMOUNT).asString()), currency);
      roundings.add(
          one.has(GROUP)
              ? new RoundingLine.SmallFee(new ContainerGroupId(one.path(GROUP).asString()), amount)
              : new RoundingLine.Total(amount));
    }
    return roundings;
  }

  private static Closed closed(ResultSet row) throws SQLException {
    CurrencyCode currency = new CurrencyCode(row.getString("currency"));
    return new Closed(
        month(row, "month"),
        StoredLine.instant(row, "closed_at"),
        new MonthBill.Amount(
            row.getLong("lines"),
            new Money(row.getBigDecimal("exact"), currency),
            roundings(row.getString("roundings"), currency),
            new Money(row.getBigDecimal("total"), currency)));
  }

  private static Sum sum(ResultSet row) throws SQLException {
    return new Sum(
        new AccountId(row.getString("account_id")),
        month(row, "bill_month"),
        row.getLong("lines"),
        new Money(row.getBigDecimal("exact"), new CurrencyCode(row.getString("currency"))));
  }

  private static BillMonth month(ResultSet row, String column) throws SQLException {
    return new BillMonth(
        YearMonth.from(Objects.requireNonNull(row.getObject(column, LocalDate.class))));
  }
}
