package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CacheCopy;
import io.podyard.controlplane.cache.CopyTable;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.runtime.HeldData;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The rows of what hosts hold of data caches. */
@Component
class DataCopyStore extends CopyTable {

  /** For a copy that was there once, with how often it was tried in vain so far. */
  private static final String ANEW =
      """
      on conflict (id) do update
      set held_at = null, tries = %s, next_try_at = now(), bytes_done = 0, bytes_total = 0,
          bytes_from_source = 0, created_at = now(), finished_at = null, cleared_at = null
      """;

  /** What never came to a host is not tried as often again. */
  private static final String TRIES_SO_FAR =
      "case when data_cache_copy.held_at is null then data_cache_copy.tries else 0 end";

  /**
   * What a copy is made of.
   *
   * @param source sealed
   * @param known what it has to be, null if nobody knows yet
   */
  record Order(String source, int sizeGib, @Nullable HeldData known) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final CommitPoints points;

  DataCopyStore(JdbcTemplate jdbc, TransactionTemplate transaction, CommitPoints points) {
    super(jdbc, transaction, points, new Names("data_cache", "bytes_from_source", "clearData"));
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.points = points;
  }

  /**
   * Has a host hold a revision that none does: one that takes something new, and of those the one
   * that holds least. One that failed to, or let go of it, is left alone for a while.
   *
   * @return how many hosts there were
   */
  int openOne(DataCacheRow row, int revision) {
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
            + ANEW.formatted("0"),
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

  /**
   * Hosts of groups that mount a cache get it, and are tried again soon: a group waits for them.
   */
  void bringToGroups(String cache) {
    jdbc.update(
        """
        insert into data_cache_copy (id, cache_id, revision, host_id, shard)
        select distinct u.cache_id || '.' || u.revision || '@' || h.id, u.cache_id, u.revision,
            h.id, h.shard
        %s and %s and u.cache_id = ?
        """
                .formatted(DataCacheUses.UNSERVED, DataCacheUses.LACKS)
            + ANEW.formatted(TRIES_SO_FAR),
        cache);
  }

  /** Notes that a host did not take it once more, and is not to have it for now. */
  void giveUp(CacheCopy copy, long epoch) {
    jdbc.update(
        OF_HOLDER
            + "update data_cache_copy set tries = tries + 1, finished_at = now() where id = ? and"
            + " finished_at is null"
            + IF_HELD,
        copy.shard(),
        epoch,
        copy.id());
  }

  /** Empty if its revision is gone. */
  Optional<Order> order(CacheCopy copy) {
    return jdbc
        .query(
            "select * from data_cache_revision where cache_id = ? and revision = ?",
            (row, n) -> {
              HeldData content = DataCacheRows.content(row, "");
              return new Order(
                  row.getString("source"),
                  row.getInt("size_gib"),
                  content == null ? DataCacheRows.content(row, "expected_") : content);
            },
            copy.cache(),
            copy.revision())
        .stream()
        .findFirst();
  }

  /**
   * Notes that a host holds a revision. The first one says what that is, unless it is a copy; what
   * others hold has to be the same.
   *
   * @param took how long that was
   * @return whether it is so now; false if it is not wanted any more, not ours to say, or not what
   *     it has to be
   */
  boolean held(CacheCopy copy, HeldData data, Duration took, Instant now, long epoch) {
    points.reached("heldData", Side.BEFORE);
    Boolean held = transaction.execute(_ -> heldLocked(copy, data, took, now, epoch));
    points.reached("heldData", Side.AFTER);
    return Boolean.TRUE.equals(held);
  }

  private boolean heldLocked(
      CacheCopy copy, HeldData data, Duration took, Instant now, long epoch) {
    // Always the cache first: whoever plans its copies holds it as well.
    var _ =
        jdbc.query(
            "select id from data_cache where id = ? for no key update",
            (row, n) -> row.getString(1),
            copy.cache());
    Optional<Order> order = order(copy);
    if (order.isEmpty()) {
      return false;
    }
    HeldData known = order.get().known();
    if ((known != null && !known.digest().equals(data.digest()))
        || !noteHeld(copy, data.bytes(), now, epoch)) {
      return false;
    }
    jdbc.update(
        """
        update data_cache_revision set digest = ?, bytes = ?, entries = ?, fetch_millis = ?
        where cache_id = ? and revision = ? and digest is null
        """,
        data.digest(),
        data.bytes(),
        data.entries(),
        took.toMillis(),
        copy.cache(),
        copy.revision());
    return true;
  }
}
