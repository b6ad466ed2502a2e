package io.podyard.controlplane.cache;

import io.podyard.api.containergroup.EventResponse;
import io.podyard.controlplane.write.Columns;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** What happened to caches. The same is told once, with how often and since when. */
public class CacheEventLog {

  /** As of groups (contract section 8). */
  private static final int SHOWN = 50;

  private static final int LONGEST_MESSAGE = 1000;

  private final JdbcTemplate jdbc;
  private final String table;

  /**
   * @param table that the caches are in
   */
  protected CacheEventLog(JdbcTemplate jdbc, String table) {
    this.jdbc = jdbc;
    this.table = table;
  }

  public void normal(String cache, String reason, String message, Instant now) {
    add(cache, "Normal", reason, message, now);
  }

  public void warning(String cache, String reason, String message, Instant now) {
    add(cache, "Warning", reason, message, now);
  }

  /** Tells a warning unless it was told in the last minute. */
  public void warnEachMinute(String cache, String reason, String message, Instant now) {
    Integer told =
        jdbc.queryForObject(
            "select count(*) from %s_event where cache_id = ? and reason = ? and last_at > ?"
                .formatted(table),
            Integer.class,
            cache,
            reason,
            now.minusSeconds(60).atOffset(ZoneOffset.UTC));
    if (told == null || told == 0) {
      warning(cache, reason, message, now);
    }
  }

  private void add(String cache, String type, String reason, String message, Instant now) {
    String shown =
        message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    jdbc.update(
        """
        insert into %1$s_event as e
          (cache_id, name, type, reason, message, first_at, last_at)
        select id, id || '.' || substr(md5(? || ?), 1, 16), ?, ?, ?, ?, ?
        from %1$s where id = ?
        on conflict (cache_id, reason, message) do update
        set count = e.count + 1, last_at = excluded.last_at
        """
            .formatted(table),
        reason,
        shown,
        type,
        reason,
        shown,
        now.atOffset(ZoneOffset.UTC),
        now.atOffset(ZoneOffset.UTC),
        cache);
  }

  /** The newest of each cache, newest last. */
  public Map<String, List<EventResponse>> of(Collection<String> caches) {
    Map<String, List<EventResponse>> events = new HashMap<>();
    jdbc.query(
        """
        select * from (
          select *, row_number() over (partition by cache_id order by last_at desc, reason) as place
          from %s_event where cache_id = any(?::text[])) e
        where place <= %d order by last_at, place desc
        """
            .formatted(table, SHOWN),
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
