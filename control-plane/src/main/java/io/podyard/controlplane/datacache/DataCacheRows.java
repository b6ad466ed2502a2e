package io.podyard.controlplane.datacache;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HeldData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How caches are read from their table. */
final class DataCacheRows {

  /** The cache with the revision that is used, or else the one that is being made. */
  static final String SELECT =
      """
      select c.id, c.account_id, c.region, c.bucket, c.path, c.name, c.status, c.revision, c.making,
          c.last_revision, c.retention_days, c.resource_group, c.kept, c.tags, c.created_at,
          c.expires_at, c.last_matched_at, c.deleting_at is not null as deleting, r.size_gib,
          r.source, r.copy_of, r.digest, r.bytes, r.entries
      from data_cache c join data_cache_revision r on r.cache_id = c.id
        and r.revision = case when c.revision > 0 then c.revision else c.making end
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private DataCacheRows() {}

  static DataCacheRow read(ResultSet row) throws SQLException {
    return new DataCacheRow(
        row.getString("id"),
        new AccountId(row.getString("account_id")),
        new RegionId(row.getString("region")),
        row.getString("bucket"),
        row.getString("path"),
        row.getString("name"),
        DataCacheStatus.named(row.getString("status")),
        row.getInt("revision"),
        row.getObject("making", Integer.class),
        row.getInt("last_revision"),
        row.getInt("size_gib"),
        row.getString("source"),
        row.getString("copy_of"),
        content(row, ""),
        row.getObject("retention_days", Integer.class),
        row.getString("resource_group"),
        JSON.readValue(row.getString("kept"), DataCacheWish.Kept.class),
        JSON.readValue(row.getString("tags"), new TypeReference<Map<String, String>>() {}),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "expires_at"),
        instant(row, "last_matched_at"),
        row.getBoolean("deleting"));
  }

  /**
   * What a revision is, null if that is not known.
   *
   * @param prefix of the columns
   */
  static @Nullable HeldData content(ResultSet row, String prefix) throws SQLException {
    String digest = row.getString(prefix + "digest");
    return digest == null
        ? null
        : new HeldData(digest, row.getLong(prefix + "bytes"), row.getInt(prefix + "entries"));
  }

  static String json(Object value) {
    return JSON.writeValueAsString(value);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
