package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.AgreementId;
import io.podyard.billing.ChargeKind;
import io.podyard.billing.Item;
import io.podyard.billing.LineSlot;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import io.podyard.billing.Why;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the lines of an account and hour, in order of their resources. */
final class StoredLines {

  /** One id may be that of several kinds; agreements are called as people like. */
  private static final String KINDS_IN_ORDER =
      Arrays.stream(ResourceKind.values())
          .map(kind -> "'" + kind.code() + "'")
          .collect(Collectors.joining(", "));

  private static final String LINES =
      """
      select resource_kind, resource_id, revision, region, zone, item, kind, agreement_id,
             list_price, unit_price, currency, units, amount, why
      from charge_line where account_id = ? and hour = ?
      order by resource_id, array_position(array[%s], resource_kind)
      """
          .formatted(KINDS_IN_ORDER);

  private StoredLines() {}

  /** To be closed; the rows are read as they are asked for. */
  static Stream<SettledLine> of(JdbcTemplate jdbc, AccountHour of) {
    return jdbc.queryForStream(
        LINES,
        (row, n) -> line(of, row),
        of.account().value(),
        of.hour().start().atOffset(ZoneOffset.UTC));
  }

  private static SettledLine line(AccountHour of, ResultSet row) throws SQLException {
    CurrencyCode currency = new CurrencyCode(row.getString(11));
    LineSlot slot =
        new LineSlot(
            new Resource(ResourceKind.ofCode(row.getString(1)).orElseThrow(), row.getString(2)),
            optional(row, 4, RegionId::new),
            optional(row, 5, ZoneId::new),
            optional(row, 6, Item::new),
            ChargeKind.ofCode(row.getString(7)).orElseThrow(),
            optional(row, 8, AgreementId::new),
            row.getBigDecimal(9),
            row.getBigDecimal(10),
            currency);
    return new SettledLine(
        of,
        slot,
        row.getInt(3),
        row.getBigDecimal(12),
        new Money(row.getBigDecimal(13), currency),
        optional(row, 14, code -> Why.ofCode(code).orElseThrow()));
  }

  private static <T> @Nullable T optional(ResultSet row, int column, Function<String, T> type)
      throws SQLException {
    String value = row.getString(column);
    return value == null ? null : type.apply(value);
  }
}
