package io.podyard.controlplane.bill;

import io.podyard.billing.ResourceFacts;
import io.podyard.billing.SettledLine;
import io.podyard.controlplane.settlement.ChargeLineRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
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
  static final String COLUMNS = ChargeLineRow.COLUMNS + ", l.id, l.settled_at, b.name, b.tags";

  /** What the resource of a line {@code l} was named and tagged then. */
  static final String FACTS =
      """
      left join billed_resource b
        on b.account_id = l.account_id and b.resource_kind = l.resource_kind
       and b.resource_id = l.resource_id and b.from_hour <= l.hour and l.hour < b.to_hour
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * @throws IllegalArgumentException if the row holds what a later release wrote
   */
  static StoredLine of(ResultSet row) throws SQLException {
    return new StoredLine(
        Objects.requireNonNull(row.getObject("id", UUID.class)),
        ChargeLineRow.line(row),
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
}
