package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
      select %s
      from charge_line l where l.account_id = ? and l.hour = ?
      order by l.resource_id, array_position(array[%s], l.resource_kind)
      """
          .formatted(ChargeLineRow.COLUMNS, KINDS_IN_ORDER);

  private StoredLines() {}

  /** To be closed; the rows are read as they are asked for. */
  static Stream<SettledLine> of(JdbcTemplate jdbc, AccountHour of) {
    return jdbc.queryForStream(
        LINES,
        (row, n) -> ChargeLineRow.line(row),
        of.account().value(),
        of.hour().start().atOffset(ZoneOffset.UTC));
  }
}
