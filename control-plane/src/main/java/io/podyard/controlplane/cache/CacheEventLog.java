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

  /** Messages are in an index, which takes 2,704 bytes with the rest of their rows. */
  private static final int MOST_BYTES = 2000;

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
    String shown = shown(message);
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

  /** The beginning of a message, in whole characters that the database takes. */
  static String shown(String message) {
    StringBuilder shown = new StringBuilder();
    int bytes = 0;
    for (int at = 0; at < message.length(); ) {
      int there = message.codePointAt(at);
      at += Character.charCount(there);
      boolean fits = there != 0 && (there < Character.MIN_SURROGATE || there > 0xdfff);
      int taken = fits ? there : '?';
      bytes += taken < 0x80 ? 1 : taken < 0x800 ? 2 : taken < 0x10000 ? 3 : 4;
      if (bytes > MOST_BYTES || shown.length() >= LONGEST_MESSAGE) {
        break;
      }
      shown.appendCodePoint(taken);
    }
    return shown.toString();
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
