package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The end of flash copies (contract section 13): of the hosts that hold a revision as many as are
 * to keep it do; the others let go of it some time after those hold it, and never while a group
 * runs there that started from it. All of that is in the tables: what was decided is done by
 * whoever drives the host. Changes run inside the caller's transaction, under the lock of the
 * cache.
 */
@Component
class FlashCopies {

  /** Whether their time is over, of a revision {@code r}; the parameter is {@link #seconds}. */
  static final String OVER = "coalesce(r.standard_at <= now() - make_interval(secs => ?), false)";

  /** How many hosts are to hold a revision {@code r} now, with the same parameter. */
  static final String WANTED =
      "greatest(r.standard_copies, case when r.flash and not %s then r.flash_copies else 1 end)"
          .formatted(OVER);

  /**
   * Whether there is something to note or to end of a revision {@code r} that {@code k.copies}
   * hosts have and {@code w.wanted} are to have. Those that a group keeps are looked at again after
   * a minute.
   */
  static final String TO_DO =
      """
      r.flash and r.flash_copies > r.standard_copies
        and (r.standard_at is null
          or (k.copies > w.wanted
            and (r.flash_looked_at is null
              or r.flash_looked_at < now() - interval '1 minute')))\
      """;

  private static final double MILLIS_PER_SECOND = 1000;

  private final JdbcTemplate jdbc;
  private final CacheEvents events;
  private final double seconds;

  FlashCopies(JdbcTemplate jdbc, CacheEvents events, PodyardSettings settings) {
    this.jdbc = jdbc;
    this.events = events;
    this.seconds = settings.imageCaches().flashGrace().toMillis() / MILLIS_PER_SECOND;
  }

  /** How long they are held once the standard copies are. */
  double seconds() {
    return seconds;
  }

  /** From now on their time runs. */
  void noteStandard(String cache, int revision) {
    jdbc.update(
        "update image_cache_revision set standard_at = now() where cache_id = ? and revision = ?"
            + " and standard_at is null",
        cache,
        revision);
  }

  /**
   * Has hosts let go of a revision: first those that do not hold it yet, then those that take
   * nothing new, then those that hold it for the shortest time. One with a group that started from
   * it is left out.
   *
   * @param more so many have it beyond those that are to keep it
   */
  void end(String cache, int revision, int more, Instant now) {
    int ended =
        jdbc.update(
            """
            update image_cache_copy set finished_at = now() where id in (
              select k.id from image_cache_copy k left join host h on h.id = k.host_id
              where k.cache_id = ? and k.revision = ? and k.finished_at is null
                and (k.held_at is null or not exists (
                  select 1 from container_group g
                  where g.shard = k.shard and g.host_id = k.host_id and g.released_at is null
                    and g.kept #>> '{imageCache,use,snapshotId}'
                        = k.cache_id || '.' || k.revision))
              order by k.held_at is not null, coalesce(h.state = 'READY', false), k.held_at desc,
                k.id
              limit ?)
            """,
            cache,
            revision,
            more);
    if (ended > 0) {
      events.normal(
          cache,
          "FlashReleased",
          "The standard copies are held; other hosts let go of the image cache.",
          now);
    }
    if (ended < more) {
      jdbc.update(
          "update image_cache_revision set flash_looked_at = now() where cache_id = ? and revision"
              + " = ?",
          cache,
          revision);
    }
  }
}
