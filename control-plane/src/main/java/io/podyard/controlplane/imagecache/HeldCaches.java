package io.podyard.controlplane.imagecache;

import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What the caches of accounts hold that groups can start from. */
@Component
class HeldCaches {

  private record Head(
      String id, int revision, Instant createdAt, int sizeGib, long bytesPerSecond) {}

  private final JdbcTemplate jdbc;

  HeldCaches(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Those of an account in a region.
   *
   * @param id only this one; null for all
   */
  List<CacheMatch.Held> of(AccountId account, RegionId region, @Nullable String id) {
    Map<Head, List<CacheMatch.Image>> found = new LinkedHashMap<>();
    jdbc.query(
        """
        select c.id, c.revision, c.created_at, r.size_gib,
            coalesce(r.fetched_bytes * 1000 / greatest(r.fetch_millis, 1), 0) as bytes_per_second,
            i.image, i.digest, i.bytes
        from image_cache c
        join image_cache_revision r on r.cache_id = c.id and r.revision = c.revision
        join image_cache_image i on i.cache_id = c.id and i.revision = c.revision
        where c.account_id = ? and c.region = ? and c.deleting_at is null
          and (c.expires_at is null or c.expires_at > now()) and c.id = coalesce(?::text, c.id)
        order by c.id desc, i.position
        """,
        row -> {
          found.computeIfAbsent(head(row), _ -> new ArrayList<>()).add(image(row));
        },
        account.value(),
        region.value(),
        id);
    List<CacheMatch.Held> caches = new ArrayList<>();
    found.forEach(
        (head, images) ->
            caches.add(
                new CacheMatch.Held(
                    head.id(),
                    ImageCacheIds.key(head.id(), head.revision()),
                    head.createdAt(),
                    images,
                    head.sizeGib(),
                    head.bytesPerSecond())));
    return caches;
  }

  private static Head head(ResultSet row) throws SQLException {
    return new Head(
        row.getString("id"),
        row.getInt("revision"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getInt("size_gib"),
        row.getLong("bytes_per_second"));
  }

  private static CacheMatch.Image image(ResultSet row) throws SQLException {
    return new CacheMatch.Image(
        row.getString("image"), row.getString("digest"), row.getLong("bytes"));
  }
}
