package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CachePlans;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Decides which hosts hold which data: one holds what can be used, and each that has a group which
 * mounts it. What a group mounts stays as long as the group, whatever becomes of the cache.
 */
@Component
class DataCopyPlans implements CachePlans {

  /** As of image caches (contract section 13). */
  private static final Duration FAILED_KEPT = Duration.ofDays(1);

  private record Revision(
      boolean known, @Nullable String problem, boolean late, int copies, int held) {

    boolean isReady() {
      return known && problem == null && held > 0;
    }
  }

  private final JdbcTemplate jdbc;
  private final DataCacheStore store;
  private final DataCopyStore copies;
  private final DataCacheUses uses;
  private final DataCacheEvents events;
  private final TransactionTemplate transaction;
  private final CommitPoints points;
  private final Clock clock;

  DataCopyPlans(
      JdbcTemplate jdbc,
      DataCacheStore store,
      DataCopyStore copies,
      DataCacheUses uses,
      DataCacheEvents events,
      TransactionTemplate transaction,
      CommitPoints points,
      Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.copies = copies;
    this.uses = uses;
    this.events = events;
    this.transaction = transaction;
    this.points = points;
    this.clock = clock;
  }

  @Override
  public List<String> due(String after, int most) {
    return jdbc.query(
        """
        select id from (
          select c.id from data_cache c
          where c.deleting_at is not null or c.expires_at <= now()
            or c.status in ('Loading', 'Creating', 'Updating')
          union
          select u.cache_id %s and (%s or %s)) due
        where id > ? order by id limit ?
        """
            .formatted(DataCacheUses.UNSERVED, DataCacheUses.LACKS, DataCacheUses.HAS),
        (row, n) -> row.getString(1),
        after,
        most);
  }

  /** Those that no host holds, or that have revisions which may not be needed any more. */
  @Override
  public List<String> poor(String after, int most) {
    return jdbc.query(
        """
        select c.id from data_cache c
        where c.id > ? and c.revision > 0 and c.deleting_at is null
          and (not exists (
              select 1 from data_cache_copy k
              where k.cache_id = c.id and k.revision = c.revision and k.finished_at is null)
            or exists (
              select 1 from data_cache_revision r
              where r.cache_id = c.id and r.revision <> c.revision
                and r.revision is distinct from c.making))
        order by c.id limit ?
        """,
        (row, n) -> row.getString(1),
        after,
        most);
  }

  /**
   * Ends what hosts hold that are lost, being emptied or no more; one that is being emptied keeps
   * what its groups have. Uses of groups that are no more are forgotten.
   */
  @Override
  public void leaveHosts() {
    uses.look();
    copies.leaveHosts(DataCacheUses.USED);
  }

  @Override
  public void plan(String id) {
    points.reached("planDataCache", Side.BEFORE);
    transaction.executeWithoutResult(
        _ -> store.lockUnlessLocked(id).ifPresent(row -> plan(row, clock.instant())));
    points.reached("planDataCache", Side.AFTER);
  }

  private void plan(DataCacheRow row, Instant now) {
    Instant expires = row.expiresAt();
    Integer making = row.making();
    boolean over = row.deleting();
    if (!over && expires != null && !expires.isAfter(now)) {
      store.delete(row.id());
      over = true;
    }
    if (!over && row.revision() > 0) {
      var _ = copies.openOne(row, row.revision());
    }
    if (!over && row.status().isMaking() && making != null) {
      make(row, making, now);
    }
    copies.bringToGroups(row.id());
    uses.noteServed(row.id());
    letGo(row);
    if (over) {
      forgetIfGone(row);
    }
  }

  private void make(DataCacheRow row, int making, Instant now) {
    Revision revision = find(row, making);
    String problem = revision.problem();
    if (problem != null) {
      fail(row, making, problem, now);
    } else if (revision.isReady()) {
      use(row, now);
    } else if (revision.late()) {
      fail(row, making, "No host holds the data by the deadline.", now);
    } else if (copies.openOne(row, making) > 0) {
      events.normal(row.id(), "Scheduled", "A host is to have the data.", now);
    } else if (revision.copies() == 0) {
      events.warnEachMinute(row.id(), "FailedScheduling", "No host can hold the data now.", now);
    }
  }

  private Revision find(DataCacheRow row, int revision) {
    return jdbc.query(
            """
            select r.digest is not null as known, r.problem, r.deadline_at < now() as late,
                count(k.id) as copies, count(k.held_at) as held
            from data_cache_revision r
            left join data_cache_copy k on k.cache_id = r.cache_id and k.revision = r.revision
              and k.finished_at is null
            where r.cache_id = ? and r.revision = ?
            group by r.cache_id, r.revision
            """,
            (found, n) ->
                new Revision(
                    found.getBoolean("known"),
                    found.getString("problem"),
                    found.getBoolean("late"),
                    found.getInt("copies"),
                    found.getInt("held")),
            row.id(),
            revision)
        .getFirst();
  }

  /** The new revision takes the place of the one before. */
  private void use(DataCacheRow row, Instant now) {
    boolean first = row.revision() == 0;
    jdbc.update(
        """
        update data_cache
        set status = 'Available', revision = making, making = null, changed_at = now(),
            expires_at = case when revision > 0 then expires_at
                              else ?::timestamptz + make_interval(days => ?::int4) end
        where id = ?
        """,
        DataCacheStore.at(now),
        row.retentionDays(),
        row.id());
    events.normal(
        row.id(),
        first ? "Created" : "Updated",
        first ? "The data cache can be used." : "The data cache holds what it was changed to.",
        now);
  }

  private void fail(DataCacheRow row, int making, String problem, Instant now) {
    jdbc.update(
        "update data_cache_copy set finished_at = now() where cache_id = ? and revision = ? and"
            + " finished_at is null",
        row.id(),
        making);
    if (row.revision() == 0) {
      jdbc.update(
          "update data_cache set status = 'Failed', expires_at = ?, changed_at = now() where id = ?",
          DataCacheStore.at(now.plus(FAILED_KEPT)),
          row.id());
      events.warning(row.id(), "CreateFailed", problem, now);
    } else {
      jdbc.update(
          "update data_cache set status = 'UpdateFailed', making = null, changed_at = now() where"
              + " id = ?",
          row.id());
      events.warning(row.id(), "UpdateFailed", problem, now);
    }
  }

  /** Hosts let go of what neither the cache nor a group needs; then the revision is forgotten. */
  private void letGo(DataCacheRow row) {
    jdbc.update(
        """
        update data_cache_copy k set finished_at = now()
        where k.cache_id = ? and k.finished_at is null and not %s and not exists (
          select 1 from data_cache c
          where c.id = k.cache_id and c.deleting_at is null
            and (k.revision = c.revision or k.revision = c.making))
        """
            .formatted(DataCacheUses.USED),
        row.id());
    jdbc.update(
        """
        delete from data_cache_revision r using data_cache c
        where r.cache_id = ? and c.id = r.cache_id and c.deleting_at is null
          and r.revision <> c.revision and r.revision is distinct from c.making
          and not exists (
            select 1 from data_cache_use u where u.cache_id = r.cache_id and u.revision = r.revision)
          and not exists (
            select 1 from data_cache_copy k
            where k.cache_id = r.cache_id and k.revision = r.revision and k.finished_at is null)
        """,
        row.id());
  }

  private void forgetIfGone(DataCacheRow row) {
    boolean gone =
        jdbc.update(
                """
                delete from data_cache_revision r where r.cache_id = ?
                  and not exists (select 1 from data_cache_use u where u.cache_id = r.cache_id)
                  and not exists (
                    select 1 from data_cache_copy k
                    where k.cache_id = r.cache_id and k.cleared_at is null)
                """,
                row.id())
            > 0;
    if (gone) {
      jdbc.update("delete from data_cache where id = ?", row.id());
    }
  }
}
