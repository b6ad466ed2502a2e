package io.podyard.controlplane.settlement;

import io.podyard.billing.AccountHour;
import io.podyard.billing.AgreementId;
import io.podyard.billing.ChargeKind;
import io.podyard.billing.Hour;
import io.podyard.billing.Item;
import io.podyard.billing.LineSlot;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import io.podyard.billing.Why;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads rows of the table {@code charge_line}. */
public final class ChargeLineRow {

  /** What {@link #line} needs, of {@code charge_line l}. */
  public static final String COLUMNS =
      """
      l.account_id, l.hour, l.resource_kind, l.resource_id, l.revision, l.region, l.zone, l.item,
      l.kind, l.agreement_id, l.list_price, l.unit_price, l.currency, l.units, l.amount, l.why
      """;

  private ChargeLineRow() {}

  /**
   * The line of a row.
   *
   * @throws IllegalArgumentException if the row holds what a later release wrote: what cannot be
   *     understood is not billed by chance
   */
  public static SettledLine line(ResultSet row) throws SQLException {
    CurrencyCode currency = new CurrencyCode(row.getString("currency"));
    LineSlot slot =
        new LineSlot(
            new Resource(
                known(row.getString("resource_kind"), ResourceKind::ofCode),
                row.getString("resource_id")),
            orNull(row.getString("region"), RegionId::new),
            orNull(row.getString("zone"), ZoneId::new),
            orNull(row.getString("item"), Item::new),
            known(row.getString("kind"), ChargeKind::ofCode),
            orNull(row.getString("agreement_id"), AgreementId::new),
            row.getBigDecimal("list_price"),
            row.getBigDecimal("unit_price"),
            currency);
    OffsetDateTime hour = Objects.requireNonNull(row.getObject("hour", OffsetDateTime.class));
    return new SettledLine(
        new AccountHour(new AccountId(row.getString("account_id")), new Hour(hour.toInstant())),
        slot,
        row.getInt("revision"),
        row.getBigDecimal("units"),
        new Money(row.getBigDecimal("amount"), currency),
        orNull(row.getString("why"), code -> known(code, Why::ofCode)));
  }

  private static <T> @Nullable T orNull(@Nullable String text, Function<String, T> type) {
    return text == null ? null : type.apply(text);
  }

  private static <T> T known(String code, Function<String, Optional<T>> type) {
    return type.apply(code)
        .orElseThrow(() -> new IllegalArgumentException("not known to this release: " + code));
  }
}
