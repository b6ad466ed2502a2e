package io.podyard.controlplane.settlement;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.billing.BillMonth;
import io.podyard.billing.LineSlot;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Adds lines inside the caller's transaction, many at a time. */
final class LineCopy implements Consumer<SettledLine> {

  private static final int AT_ONCE = 4_000;

  private static final String COPY =
      """
      copy charge_line (account_id, hour, resource_kind, resource_id, id, revision, bill_month,
        region, zone, item, kind, agreement_id, list_price, unit_price, currency, units, amount,
        why)
      from stdin
      """;

  private final JdbcTemplate jdbc;
  private final String month;
  private final StringBuilder text = new StringBuilder();
  private int waiting;
  private long added;
  private final Set<ResourceKind> kinds = EnumSet.noneOf(ResourceKind.class);

  /**
   * @param month the bill that the lines are on
   */
  LineCopy(JdbcTemplate jdbc, BillMonth month) {
    this.jdbc = jdbc;
    this.month = month.value().atDay(1).toString();
  }

  @Override
  public void accept(SettledLine line) {
    LineSlot slot = line.slot();
    kinds.add(slot.resource().kind());
    field(line.of().account());
    field(line.of().hour());
    field(slot.resource().kind().code());
    field(slot.resource().id());
    field(id(line));
    field(line.revision());
    field(month);
    field(slot.region());
    field(slot.zone());
    field(slot.item());
    field(slot.kind().code());
    field(slot.agreement());
    field(slot.listPrice().toPlainString());
    field(slot.unitPrice().toPlainString());
    field(slot.currency());
    field(line.units().toPlainString());
    field(line.amount().amount().toPlainString());
    field(line.why() == null ? null : line.why().code());
    text.setCharAt(text.length() - 1, '\n');
    waiting++;
    if (waiting == AT_ONCE) {
      send();
    }
  }

  /** The same for the same line, so that no line can be there twice. */
  static UUID id(SettledLine line) {
    return UUID.nameUUIDFromBytes(line.key().getBytes(UTF_8));
  }

  private void field(@Nullable Object value) {
    if (value == null) {
      text.append("\\N");
    } else {
      String plain = value.toString();
      for (int i = 0; i < plain.length(); i++) {
        char c = plain.charAt(i);
        switch (c) {
          case '\\' -> text.append("\\\\");
          case '\t' -> text.append("\\t");
          case '\n' -> text.append("\\n");
          case '\r' -> text.append("\\r");
          default -> text.append(c);
        }
      }
    }
    text.append('\t');
  }

  /**
   * Sends what is left.
   *
   * @return how many lines there were in all
   */
  long finish() {
    if (waiting > 0) {
      send();
    }
    return added;
  }

  /** The kinds of what was charged. */
  Set<ResourceKind> kinds() {
    return kinds;
  }

  private void send() {
    byte[] rows = text.toString().getBytes(UTF_8);
    text.setLength(0);
    added += waiting;
    waiting = 0;
    Long _ = jdbc.execute((ConnectionCallback<Long>) connection -> copy(connection, rows));
  }

  private static long copy(Connection connection, byte[] rows) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      copy.writeToCopy(rows, 0, rows.length);
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
