package io.podyard.controlplane.imagecache;

import io.podyard.api.containergroup.EventResponse;
import io.podyard.controlplane.write.Columns;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What happened to caches. The same is told once, with how often and since when. */
@Component
class CacheEvents {

  /** As of groups (contract section 8). */
  private static final int SHOWN = 50;

  private static final int LONGEST_MESSAGE = 1000;

  private final JdbcTemplate jdbc;

  CacheEvents(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void normal(String cache, String reason, String message, Instant now) {
    add(cache, "Normal", reason, message, now);
  }

  void warning(String cache, String reason, String message, Instant now) {
    add(cache, "Warning", reason, message, now);
  }

  private void add(String cache, String type, String reason, String message, Instant now) {
    String shown =
        message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    jdbc.update(
        """
        insert into image_cache_event as e
          (cache_id, name, type, reason, message, first_at, last_at)
        select id, id || '.' || substr(md5(? || ?), 1, 16), ?, ?, ?, ?, ?
        from image_cache where id = ?
        on conflict (cache_id, reason, message) do update
        set count = e.count + 1, last_at = excluded.last_at
        """,
        reason,
        shown,
        type,
        reason,
        shown,
        ImageCacheStore.at(now),
        ImageCacheStore.at(now),
        cache);
  }

  /** The newest of each cache, newest last. */
  Map<String, List<EventResponse>> of(Collection<String> caches) {
    Map<String, List<EventResponse>> events = new HashMap<>();
    jdbc.query(
        """
        select * from (
          select *, row_number() over (partition by cache_id order by last_at desc, reason) as place
          from image_cache_event where cache_id = any(?::text[])) e
        where place <= %d order by last_at, place desc
        """
            .formatted(SHOWN),
        Columns.of(List.copyOf(caches)).text(id -> id),
        row -> {
          events
              .computeIfAbsent(row.getString("cache_id"), _ -> new ArrayList<>())
              .add(
                  new EventResponse(
                      row.getInt("count"),
                      time(row.getObject("first_at", OffsetDateTime.class)),
                      time(row.getObject("last_at", OffsetDateTime.class)),
                      row.getString("message"),
                      row.getString("name"),
                      row.getString("reason"),
                      row.getString("type")));
        });
    return events;
  }

  private static Instant time(OffsetDateTime at) {
    return at.toInstant().truncatedTo(ChronoUnit.SECONDS);
  }
}
