package io.podyard.controlplane.imagecache;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * How fast the content of caches comes from registries. The first host of a cache measures it,
 * unless most of the content was kept nearby already. Then the account's groups may have measured
 * it that fetched such an image themselves; until one has, nobody knows.
 */
@Component
class FetchSpeeds {

  /** The newest groups of the account that are looked at. */
  private static final int MOST_GROUPS = 200;

  /** For a cache of which nobody knows it: looking at the groups reads much. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private static final int MOST_KEPT = 10_000;

  private final JdbcTemplate jdbc;
  private final ConcurrentMap<String, Boolean> lately =
      Caffeine.newBuilder()
          .expireAfterWrite(PAUSE)
          .maximumSize(MOST_KEPT)
          .<String, Boolean>build()
          .asMap();

  FetchSpeeds(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Whether so much of some content was asked of its registry that the time says how fast it is.
   */
  static boolean measured(long bytes, long fromRegistry) {
    return fromRegistry > 0 && 2 * fromRegistry >= bytes;
  }

  /** Takes what groups measured for a cache of which nobody knows it. */
  void learn(String cache) {
    jdbc.update(
        """
        update image_cache_revision r
        set fetch_millis = greatest(0,
              extract(epoch from (m.pull ->> 'finishedAt')::timestamptz
                                 - (m.pull ->> 'startedAt')::timestamptz) * 1000)::int8,
            fetched_bytes = (m.pull ->> 'registryBytes')::int8
        from image_cache_revision u
             join image_cache c on c.id = u.cache_id
             cross join lateral (
               select p.pull
               from (select g.state from container_group g
                     where g.account_id = c.account_id and g.region = c.region
                       and g.deleted_at is null
                     order by g.id desc limit %d) g
                    cross join lateral jsonb_array_elements(g.state -> 'pulls') p (pull)
               where p.pull ->> 'image' = any(u.images) and p.pull ->> 'finishedAt' is not null
                 and (p.pull ->> 'failures')::int4 = 0
                 and (p.pull ->> 'registryBytes')::int8 > 0
                 and 2 * (p.pull ->> 'registryBytes')::int8 >= (p.pull ->> 'totalBytes')::int8
               order by (p.pull ->> 'registryBytes')::int8 desc limit 1) m
        where u.cache_id = ? and u.fetched_bytes = 0
          and (r.cache_id, r.revision) = (u.cache_id, u.revision)
        """
            .formatted(MOST_GROUPS),
        cache);
  }

  /**
   * The same, at most once a minute for a cache: as long as nobody knows it, every group that is
   * made from the cache would have it looked for.
   */
  void learnNowAndThen(String cache) {
    if (lately.putIfAbsent(cache, true) == null) {
      learn(cache);
    }
  }
}
