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

  private static final int MOST_AT_ONCE = 500;

  /** Whether a group {@code g} is there, or may start yet. */
  private static final String NEEDS =
      "(g.final_at is null or (g.host_id is not null and g.released_at is null))";

  /**
   * Whether a use {@code u} counts: that of a group, or of one that may just be written, which
   * takes a few seconds at most.
   */
  private static final String COUNTS =
      """
      (exists (select 1 from container_group g where g.id = u.group_id and %s)
       or (u.created_at > now() - interval '20 seconds'
           and not exists (select 1 from container_group g where g.id = u.group_id)))\
      """
          .formatted(NEEDS);

  /** Whether a group on the host of a copy {@code k} needs it, or may come there. */
  private static final String USED =
      """
      exists (
        select 1 from data_cache_use u left join container_group g on g.id = u.group_id
        where u.cache_id = k.cache_id and u.revision = k.revision and %s
          and (g.host_id is null or g.host_id = k.host_id))\
      """
          .formatted(COUNTS);

  /** Uses {@code u} by groups on a host {@code h} that holds nothing of it, nor did just now. */
  private static final String UNSERVED =
      """
      from data_cache_use u
      join container_group g on g.id = u.group_id and %s
      join host h on h.id = g.host_id
      join data_cache_revision r on r.cache_id = u.cache_id and r.revision = u.revision
        and r.digest is not null
      where not exists (
        select 1 from data_cache_copy o
        where o.cache_id = u.cache_id and o.revision = u.revision and o.host_id = h.id
          and (o.cleared_at is null or o.finished_at > now() - interval '10 seconds'))
      """
          .formatted(NEEDS);

  private record Revision(
      boolean known, @Nullable String problem, boolean late, int copies, int held) {

    boolean isReady() {
      return known && problem == null && held > 0;
    }
  }

  private final JdbcTemplate jdbc;
  private final DataCacheStore store;
  private final DataCacheEvents events;
  private final TransactionTemplate transaction;
  private final CommitPoints points;
  private final Clock clock;

  DataCopyPlans(
      JdbcTemplate jdbc,
      DataCacheStore store,
      DataCacheEvents events,
      TransactionTemplate transaction,
      CommitPoints points,
      Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.events = events;
    this.transaction = transaction;
    this.points = points;
    this.clock = clock;
  }

  @Override
  public List<String> due() {
    return jdbc.query(
        """
        select id from (
          select c.id from data_cache c
          where c.deleting_at is not null or c.expires_at <= now()
            or c.status in ('Loading', 'Creating', 'Updating')
          union
          select u.cache_id %s) due
        order by id limit %d
        """
            .formatted(UNSERVED, MOST_AT_ONCE),
        (row, n) -> row.getString(1));
  }

  /** Those that no host holds, or that have revisions which may not be needed any more. */
  @Override
  public List<String> poor() {
    return jdbc.query(
        """
        select c.id from data_cache c
        where c.revision > 0 and c.deleting_at is null
          and (not exists (
              select 1 from data_cache_copy k
              where k.cache_id = c.id and k.revision = c.revision and k.finished_at is null)
            or exists (
              select 1 from data_cache_revision r
              where r.cache_id = c.id and r.revision <> c.revision
                and r.revision is distinct from c.making))
        order by c.id limit %d
        """
            .formatted(MOST_AT_ONCE),
        (row, n) -> row.getString(1));
  }

  /**
   * Ends what hosts hold that are lost, being emptied or no more; one that is being emptied keeps
   * what its groups have. Uses of groups that are no more are forgotten.
   */
  @Override
  public void leaveHosts() {
    jdbc.update(
        """
        update data_cache c set last_matched_at = u.at
        from (select cache_id, max(created_at) as at from data_cache_use group by cache_id) u
        where u.cache_id = c.id and (c.last_matched_at is null or c.last_matched_at < u.at)
        """);
    jdbc.update("delete from data_cache_use u where not %s".formatted(COUNTS));
    jdbc.update(
        """
        update data_cache_copy k
        set finished_at = coalesce(k.finished_at, now()),
            cleared_at = case when o.state is null then now() end
        from (select f.id, h.state from data_cache_copy f left join host h on h.id = f.host_id
              where f.cleared_at is null
                and (h.id is null or (f.finished_at is null and h.state in ('LOST', 'DRAINING'))))
             as o
        where k.id = o.id and k.cleared_at is null and not (o.state = 'DRAINING' and %s)
        """
            .formatted(USED));
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
      var _ = openOne(row, row.revision());
    }
    if (!over && row.status().isMaking() && making != null) {
      make(row, making, now);
    }
    bringToGroups(row);
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
    } else if (openOne(row, making) > 0) {
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

  /**
   * Has a host hold a revision that none does: one that takes something new, and of those the one
   * that holds least. One that failed to, or let go of it, is left alone for a while.
   *
   * @return how many hosts there were
   */
  private int openOne(DataCacheRow row, int revision) {
    return jdbc.update(
        """
        insert into data_cache_copy (id, cache_id, revision, host_id, shard)
        select ?::text || '.' || ?::int4 || '@' || h.id, ?, ?, h.id, h.shard from host h
        where h.region = ? and h.state = 'READY'
          and not exists (
            select 1 from data_cache_copy k
            where k.cache_id = ? and k.revision = ? and k.finished_at is null)
          and not exists (
            select 1 from data_cache_copy o
            where o.cache_id = ? and o.revision = ? and o.host_id = h.id
              and (o.cleared_at is null or o.finished_at > now() - interval '5 minutes'))
        order by (select count(*) from data_cache_copy q
                  where q.host_id = h.id and q.cleared_at is null), h.id
        limit 1
        """
            + ANEW,
        row.id(),
        revision,
        row.id(),
        revision,
        row.region().value(),
        row.id(),
        revision,
        row.id(),
        revision);
  }

  /** For a copy that was there once. */
  private static final String ANEW =
      """
      on conflict (id) do update
      set held_at = null, tries = 0, next_try_at = now(), bytes_done = 0, bytes_total = 0,
          bytes_from_source = 0, created_at = now(), finished_at = null, cleared_at = null
      """;

  /** Hosts of groups that mount it get it, and are tried again soon: a group waits for them. */
  private void bringToGroups(DataCacheRow row) {
    jdbc.update(
        """
        insert into data_cache_copy (id, cache_id, revision, host_id, shard)
        select distinct u.cache_id || '.' || u.revision || '@' || h.id, u.cache_id, u.revision,
            h.id, h.shard
        %s and u.cache_id = ?
        """
                .formatted(UNSERVED)
            + ANEW,
        row.id());
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
            .formatted(USED),
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
