package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CachePlans;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides which hosts hold which caches and what follows of it for a cache. Level-triggered: a plan
 * looks at what is in the tables, under the lock of the cache's row, and writes the next step; any
 * process may do it at any time, and one that dies has done nothing.
 */
@Component
class CopyPlans implements CachePlans {

  /** Contract section 13. */
  private static final Duration FAILED_KEPT = Duration.ofDays(1);

  /**
   * A revision that is used or made.
   *
   * @param flashCopies of which those beyond the standard ones are there for a while
   * @param flashNoted whether that while has begun
   * @param flashOver whether it has ended
   * @param known whether a host has all of it, so that it is known what it is
   * @param problem why it cannot be made, null if it can
   * @param copies that are wanted now
   * @param held of those
   * @param hosts that have one or could have one
   */
  private record Revision(
      int standard,
      boolean flash,
      int flashCopies,
      boolean flashNoted,
      boolean flashOver,
      boolean known,
      @Nullable String problem,
      boolean late,
      int copies,
      int held,
      int hosts) {

    int wanted() {
      return flash && !flashOver ? Math.max(standard, flashCopies) : standard;
    }

    /** The first host says what the names stand for, so it goes alone. */
    int wantedNow() {
      boolean flashFirst = flash && !flashOver && held < flashCopies;
      return !known ? 1 : flashFirst ? flashCopies : wanted();
    }

    boolean hasMoreForAWhile() {
      return flash && flashCopies > standard;
    }

    boolean isStandardHeld() {
      return held >= Math.max(1, Math.min(standard, hosts));
    }

    boolean isReady() {
      return known && problem == null && (flash ? held >= 1 : isStandardHeld());
    }
  }

  private final JdbcTemplate jdbc;
  private final ImageCacheStore store;
  private final CopyStore copies;
  private final FlashCopies flash;
  private final CacheEvents events;
  private final TransactionTemplate transaction;
  private final CommitPoints points;
  private final Clock clock;

  CopyPlans(
      JdbcTemplate jdbc,
      ImageCacheStore store,
      CopyStore copies,
      FlashCopies flash,
      CacheEvents events,
      TransactionTemplate transaction,
      CommitPoints points,
      Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.copies = copies;
    this.flash = flash;
    this.events = events;
    this.transaction = transaction;
    this.points = points;
    this.clock = clock;
  }

  /** Caches of which something may be to be done. */
  @Override
  public List<String> due(String after, int most) {
    return jdbc.query(
        """
        select c.id from image_cache c
        where c.id > ? and (c.deleting_at is not null or c.expires_at <= now()
          or c.status in ('Preparing', 'Creating', 'Updating'))
        order by c.id limit ?
        """,
        (row, n) -> row.getString(1),
        after,
        most);
  }

  /** Usable caches that fewer hosts hold than should, or more after the time of flash copies. */
  @Override
  public List<String> poor(String after, int most) {
    return jdbc.query(
        """
        select c.id from image_cache c
        join image_cache_revision r on r.cache_id = c.id and r.revision = c.revision
        cross join lateral (
          select count(*) as copies from image_cache_copy o
          where o.cache_id = c.id and o.revision = c.revision and o.finished_at is null) k
        cross join lateral (select %s as wanted) w
        where c.id > ? and c.deleting_at is null and c.status in ('Ready', 'UpdateFailed')
          and (k.copies < w.wanted or (%s))
        order by c.id limit ?
        """
            .formatted(FlashCopies.WANTED, FlashCopies.TO_DO),
        (row, n) -> row.getString(1),
        flash.seconds(),
        after,
        most);
  }

  @Override
  public void leaveHosts() {
    copies.leaveHosts("false");
  }

  /** Takes the next step with a cache, unless somebody else is at it. */
  @Override
  public void plan(String id) {
    points.reached("planImageCache", Side.BEFORE);
    transaction.executeWithoutResult(
        _ -> store.lockUnlessLocked(id).ifPresent(row -> plan(row, clock.instant())));
    points.reached("planImageCache", Side.AFTER);
  }

  private void plan(ImageCacheRow row, Instant now) {
    if (row.deleting()) {
      forgetIfGone(row);
      return;
    }
    Instant expires = row.expiresAt();
    if (expires != null && !expires.isAfter(now)) {
      store.delete(row.id());
      return;
    }
    Integer making = row.making();
    if (row.status().isMaking() && making != null) {
      make(row, making, now);
    } else if (row.revision() > 0) {
      find(row, row.revision()).ifPresent(used -> keep(row, used, now));
    }
  }

  /** As many hosts as should hold what is used. */
  private void keep(ImageCacheRow row, Revision used, Instant now) {
    if (used.hasMoreForAWhile() && !used.flashNoted() && used.isStandardHeld()) {
      flash.noteStandard(row.id(), row.revision());
    }
    int more = used.wantedNow() - used.copies();
    if (more > 0) {
      int _ = open(row, row.revision(), more);
    } else if (more < 0 && used.flashOver()) {
      flash.end(row.id(), row.revision(), -more, now);
    }
  }

  private void forgetIfGone(ImageCacheRow row) {
    jdbc.update(
        """
        delete from image_cache c where c.id = ? and not exists (
          select 1 from image_cache_copy k where k.cache_id = c.id and k.cleared_at is null)
        """,
        row.id());
  }

  private void make(ImageCacheRow row, int making, Instant now) {
    Revision revision = find(row, making).orElseThrow();
    String problem = revision.problem();
    if (problem != null) {
      fail(row, making, problem, now);
    } else if (revision.isReady()) {
      use(row, making, now);
    } else if (revision.late()) {
      fail(row, making, "Not enough hosts hold the images by the deadline.", now);
    } else {
      int opened = open(row, making, revision.wantedNow() - revision.copies());
      if (opened == 0 && revision.copies() == 0) {
        events.warnEachMinute(
            row.id(), "FailedScheduling", "No host can hold the images now.", now);
      } else if (row.status() == ImageCacheStatus.PREPARING) {
        status(row, ImageCacheStatus.CREATING);
        events.normal(row.id(), "Creating", "The images are fetched.", now);
      }
    }
  }

  /** The new revision takes the place of the one before, whose hosts let go of it. */
  private void use(ImageCacheRow row, int making, Instant now) {
    Integer days = row.retentionDays();
    boolean first = row.revision() == 0;
    jdbc.update(
        """
        update image_cache
        set status = 'Ready', revision = making, making = null, changed_at = now(),
            expires_at = case when revision > 0 then expires_at
                              else ?::timestamptz + make_interval(days => ?::int4) end
        where id = ?
        """,
        ImageCacheStore.at(now),
        days,
        row.id());
    if (!first) {
      store.endCopies(row.id(), row.revision());
    }
    forgetRevisionsBut(row, making);
    events.normal(
        row.id(),
        first ? "Created" : "Updated",
        first ? "The image cache is ready." : "The image cache holds what it was changed to.",
        now);
  }

  private void fail(ImageCacheRow row, int making, String problem, Instant now) {
    store.endCopies(row.id(), making);
    if (row.revision() == 0) {
      jdbc.update(
          "update image_cache set status = 'Failed', expires_at = ?, changed_at = now() where id ="
              + " ?",
          ImageCacheStore.at(now.plus(FAILED_KEPT)),
          row.id());
      events.warning(row.id(), "CreateFailed", problem, now);
    } else {
      jdbc.update(
          "update image_cache set status = 'UpdateFailed', making = null, changed_at = now() where"
              + " id = ?",
          row.id());
      forgetRevisionsBut(row, row.revision());
      events.warning(row.id(), "UpdateFailed", problem, now);
    }
  }

  private void forgetRevisionsBut(ImageCacheRow row, int kept) {
    jdbc.update(
        "delete from image_cache_revision where cache_id = ? and revision <> ?", row.id(), kept);
  }

  private void status(ImageCacheRow row, ImageCacheStatus status) {
    jdbc.update(
        "update image_cache set status = ?, changed_at = now() where id = ?",
        status.wireName(),
        row.id());
  }

  private Optional<Revision> find(ImageCacheRow row, int revision) {
    return jdbc
        .query(
            """
            select r.standard_copies, r.flash, r.flash_copies,
                r.standard_at is not null as flash_noted, %s as flash_over,
                r.bytes is not null as known, r.problem, r.deadline_at < now() as late,
                count(k.id) as copies, count(k.held_at) as held,
                (select count(*) from host h
                 where %s and not exists (
                   select 1 from image_cache_copy o
                   where o.cache_id = r.cache_id and o.revision = r.revision
                     and o.host_id = h.id and o.finished_at is null)) as others
            from image_cache_revision r
            left join image_cache_copy k on k.cache_id = r.cache_id and k.revision = r.revision
              and k.finished_at is null
            where r.cache_id = ? and r.revision = ?
            group by r.cache_id, r.revision
            """
                .formatted(FlashCopies.OVER, CAN_HOLD),
            (found, n) ->
                new Revision(
                    found.getInt("standard_copies"),
                    found.getBoolean("flash"),
                    found.getInt("flash_copies"),
                    found.getBoolean("flash_noted"),
                    found.getBoolean("flash_over"),
                    found.getBoolean("known"),
                    found.getString("problem"),
                    found.getBoolean("late"),
                    found.getInt("copies"),
                    found.getInt("held"),
                    found.getInt("copies") + found.getInt("others")),
            flash.seconds(),
            row.region().value(),
            row.zone(),
            row.zone(),
            row.zone(),
            row.id(),
            revision)
        .stream()
        .findFirst();
  }

  /** Hosts of the region that take something new; of the zone, if that has any hosts. */
  private static final String CAN_HOLD =
      """
      h.region = ? and h.state = 'READY' and (?::text is null or h.zone = ? or not exists (
        select 1 from host z where z.region = h.region and z.zone = ?))\
      """;

  /**
   * Has some more hosts hold a revision: first those that hold another one, which will be alike,
   * then those that hold least. One that failed to, or let go of it, is left alone for a while.
   *
   * @return how many hosts there were
   */
  private int open(ImageCacheRow row, int revision, int more) {
    if (more <= 0) {
      return 0;
    }
    String key = ImageCacheIds.key(row.id(), revision);
    return jdbc.update(
        """
        insert into image_cache_copy as k (id, cache_id, revision, host_id, shard)
        select ? || '@' || h.id, ?, ?, h.id, h.shard from host h
        where %s and not exists (
          select 1 from image_cache_copy o
          where o.cache_id = ? and o.revision = ? and o.host_id = h.id
            and (o.cleared_at is null or o.finished_at > now() - interval '5 minutes'))
        order by not exists (
            select 1 from image_cache_copy p
            where p.cache_id = ? and p.host_id = h.id and p.held_at is not null
              and p.cleared_at is null),
          (select count(*) from image_cache_copy q
           where q.host_id = h.id and q.cleared_at is null), h.id
        limit ?
        on conflict (id) do update
        set held_at = null, tries = 0, next_try_at = now(), bytes_done = 0, bytes_total = 0,
            bytes_from_registry = 0, created_at = now(), finished_at = null, cleared_at = null
        """
            .formatted(CAN_HOLD),
        Objects.requireNonNull(key),
        row.id(),
        revision,
        row.region().value(),
        row.zone(),
        row.zone(),
        row.zone(),
        row.id(),
        revision,
        row.id(),
        more);
  }
}
