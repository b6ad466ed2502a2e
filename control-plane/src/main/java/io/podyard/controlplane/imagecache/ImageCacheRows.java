package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.imagecache.CacheWish.Content;
import io.podyard.controlplane.imagecache.CacheWish.Kept;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How caches are read from their table. */
final class ImageCacheRows {

  /** The cache with the revision that is used, or else the one that is being made. */
  static final String SELECT =
      """
      select c.id, c.account_id, c.region, c.name, c.automatic, c.status, c.revision, c.making,
          c.last_revision, c.elimination, c.retention_days, c.resource_group, c.zone, c.kept,
          c.tags, c.created_at, c.expires_at, c.last_matched_at,
          c.deleting_at is not null as deleting, r.images, r.size_gib, r.flash, r.flash_copies,
          r.standard_copies, coalesce(r.bytes, 0) as bytes
      from image_cache c join image_cache_revision r on r.cache_id = c.id
        and r.revision = case when c.revision > 0 then c.revision else c.making end
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ImageCacheRows() {}

  static ImageCacheRow read(ResultSet row) throws SQLException {
    return new ImageCacheRow(
        row.getString("id"),
        new AccountId(row.getString("account_id")),
        new RegionId(row.getString("region")),
        row.getString("name"),
        row.getBoolean("automatic"),
        ImageCacheStatus.named(row.getString("status")),
        row.getInt("revision"),
        row.getObject("making", Integer.class),
        row.getInt("last_revision"),
        content(row),
        row.getString("elimination"),
        row.getObject("retention_days", Integer.class),
        row.getString("resource_group"),
        row.getString("zone"),
        JSON.readValue(row.getString("kept"), Kept.class),
        tags(row.getString("tags")),
        row.getLong("bytes"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "expires_at"),
        instant(row, "last_matched_at"),
        row.getBoolean("deleting"));
  }

  static Content content(ResultSet row) throws SQLException {
    return new Content(
        Columns.texts(row, row.findColumn("images")),
        row.getInt("size_gib"),
        row.getBoolean("flash"),
        row.getInt("flash_copies"),
        row.getInt("standard_copies"));
  }

  static Map<String, String> tags(String json) {
    return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
  }

  static String json(Object value) {
    return JSON.writeValueAsString(value);
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
