package io.podyard.controlplane.bill;

import io.podyard.billing.AccountHour;
import io.podyard.billing.AgreementId;
import io.podyard.billing.ChargeKind;
import io.podyard.billing.Hour;
import io.podyard.billing.Item;
import io.podyard.billing.LineSlot;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceFacts;
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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A settled line as it is in the database.
 *
 * @param id the same as long as the line is
 * @param facts what its resource was named and tagged in that hour
 */
record StoredLine(UUID id, SettledLine line, ResourceFacts facts, Instant settledAt) {

  /** To be read by {@link #of}, of {@code charge_line l} and {@code billed_resource b}. */
  static final String COLUMNS =
      """
      l.account_id, l.hour, l.resource_kind, l.resource_id, l.id, l.revision, l.region, l.zone,
      l.item, l.kind, l.agreement_id, l.list_price, l.unit_price, l.currency, l.units, l.amount,
      l.why, l.settled_at, b.name, b.tags
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * @throws IllegalArgumentException if the row holds what a later release wrote: what cannot be
   *     understood is not billed by chance
   */
  static StoredLine of(ResultSet row) throws SQLException {
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
    SettledLine line =
        new SettledLine(
            new AccountHour(
                new AccountId(row.getString("account_id")), new Hour(instant(row, "hour"))),
            slot,
            row.getInt("revision"),
            row.getBigDecimal("units"),
            new Money(row.getBigDecimal("amount"), currency),
            orNull(row.getString("why"), code -> known(code, Why::ofCode)));
    return new StoredLine(
        Objects.requireNonNull(row.getObject("id", UUID.class)),
        line,
        facts(row.getString("name"), row.getString("tags")),
        instant(row, "settled_at"));
  }

  private static ResourceFacts facts(@Nullable String name, @Nullable String tags) {
    if (tags == null || (name == null && tags.equals("{}"))) {
      return ResourceFacts.NONE;
    }
    TreeMap<String, String> values = new TreeMap<>();
    for (var tag : JSON.readTree(tags).properties()) {
      JsonNode value = tag.getValue();
      values.put(tag.getKey(), value.asString(""));
    }
    return new ResourceFacts(name, values);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
  }

  private static <T> @Nullable T orNull(@Nullable String text, Function<String, T> type) {
    return text == null ? null : type.apply(text);
  }

  private static <T> T known(String code, Function<String, Optional<T>> type) {
    return type.apply(code)
        .orElseThrow(() -> new IllegalArgumentException("not known to this release: " + code));
  }
}
