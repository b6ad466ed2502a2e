package io.podyard.controlplane.cache;

import io.podyard.controlplane.hosttask.HostTaskTable;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.HostId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows of what hosts hold of caches. What a driver writes names the epoch of its shard and is
 * void under another one; the lease's row is locked against a takeover meanwhile.
 */
public class CopyTable {

  protected static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  protected static final String IF_HELD = " and shard in (select shard from held)";

  /**
   * How the tables are called.
   *
   * @param cache the table of caches; those of revisions and copies begin with its name
   * @param fetched the column of bytes that came from where the content is from
   * @param clearing the moment at which tests end the process
   */
  public record Names(String cache, String fetched, String clearing) {}

  private final JdbcTemplate jdbc;
  private final HostTaskTable table;
  private final TransactionTemplate transaction;
  private final CommitPoints points;
  private final Names names;

  protected CopyTable(
      JdbcTemplate jdbc, TransactionTemplate transaction, CommitPoints points, Names names) {
    this.jdbc = jdbc;
    this.table = new HostTaskTable(jdbc, names.cache() + "_copy");
    this.transaction = transaction;
    this.points = points;
    this.names = names;
  }

  HostTaskTable table() {
    return table;
  }

  private String sql(String text) {
    return text.replace("cache_copy", names.cache() + "_copy")
        .replace("cache_revision", names.cache() + "_revision")
        .replace("bytes_fetched", names.fetched());
  }

  /**
   * What is to be done on the hosts of shards, what is to be held before what is to be let go.
   *
   * @param perHost at most so many of each host
   */
  List<CacheCopy> toDo(Collection<Integer> shards, int perHost) {
    return jdbc.query(
        sql(
            """
            select * from (
              select *, row_number() over (
                  partition by host_id order by finished_at is not null, created_at, id) as place
              from cache_copy
              where shard = any(?::int4[]) and cleared_at is null
                and (held_at is null or finished_at is not null)
                and (finished_at is not null or next_try_at <= now())) ordered
            where place <= ? order by created_at, id
            """),
        statement -> {
          statement.setArray(1, statement.getConnection().createArrayOf("int4", shards.toArray()));
          statement.setInt(2, perHost);
        },
        (row, n) ->
            new CacheCopy(
                row.getString("id"),
                row.getString("cache_id"),
                row.getInt("revision"),
                new HostId(row.getString("host_id")),
                row.getInt("shard"),
                row.getInt("tries"),
                row.getObject("finished_at") != null));
  }

  /**
   * Notes how far it is.
   *
   * @return whether it is still wanted
   */
  boolean progress(CacheCopy copy, long done, long total, long fetched, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + sql(
                    "update cache_copy set bytes_done = ?, bytes_total = ?, bytes_fetched = ? where"
                        + " id = ? and finished_at is null")
                + IF_HELD,
            copy.shard(),
            epoch,
            done,
            total,
            fetched,
            copy.id())
        == 1;
  }

  /** How far the hosts of the revision are that is made, or of the one that is used. */
  public CopiedBytes copied(String cache) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            sql(
                """
                select coalesce(sum(bytes_done), 0),
                    case when bool_and(bytes_total > 0) then sum(bytes_total)::int8 end,
                    coalesce(
                      max(case when held_at is null then bytes_fetched else bytes_total end), 0)
                from cache_copy
                where cache_id = ? and finished_at is null and revision = (
                  select coalesce(making, revision) from %s where id = ?)
                """
                    .formatted(names.cache())),
            (row, n) ->
                new CopiedBytes(row.getLong(1), row.getObject(2, Long.class), row.getLong(3)),
            cache,
            cache));
  }

  /**
   * Notes that a host holds it, inside the caller's transaction.
   *
   * @return whether that is so now; false if it is not wanted any more, or not ours to say
   */
  protected boolean noteHeld(CacheCopy copy, long bytes, Instant now, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + sql(
                    "update cache_copy set held_at = ?, bytes_done = ?, bytes_total = ? where id ="
                        + " ? and finished_at is null")
                + IF_HELD,
            copy.shard(),
            epoch,
            now.atOffset(ZoneOffset.UTC),
            bytes,
            bytes,
            copy.id())
        == 1;
  }

  /**
   * Notes that it was tried in vain.
   *
   * @param problem of the whole revision if it cannot be made; empty if it is tried again
   */
  public void failed(CacheCopy copy, Duration pause, String problem, long epoch) {
    transaction.executeWithoutResult(
        _ -> {
          boolean ours =
              jdbc.update(
                      OF_HOLDER
                          + sql(
                              "update cache_copy set tries = tries + 1, next_try_at = now() +"
                                  + " make_interval(secs => ?) where id = ? and finished_at is"
                                  + " null")
                          + IF_HELD,
                      copy.shard(),
                      epoch,
                      pause.toMillis() / 1000.0,
                      copy.id())
                  == 1;
          if (ours && !problem.isEmpty()) {
            jdbc.update(
                sql(
                    "update cache_revision set problem = ? where cache_id = ? and revision = ? and"
                        + " bytes is null"),
                problem,
                copy.cache(),
                copy.revision());
            // One of several hosts that cannot get what another one has: it is tried elsewhere.
            jdbc.update(
                sql(
                    "update cache_copy set finished_at = now() where id = ? and exists (select 1"
                        + " from cache_revision where cache_id = ? and revision = ? and bytes is"
                        + " not null)"),
                copy.id(),
                copy.cache(),
                copy.revision());
          }
        });
  }

  /** Nothing wants it any more. */
  public void end(CacheCopy copy) {
    jdbc.update(
        sql("update cache_copy set finished_at = now() where id = ? and finished_at is null"),
        copy.id());
  }

  /** Notes that the host holds nothing of it any more. */
  public void cleared(CacheCopy copy, Instant now, long epoch) {
    points.reached(names.clearing(), Side.BEFORE);
    int _ =
        jdbc.update(
            OF_HOLDER
                + sql(
                    "update cache_copy set cleared_at = ? where id = ? and finished_at is not null")
                + IF_HELD,
            copy.shard(),
            epoch,
            now.atOffset(ZoneOffset.UTC),
            copy.id());
    points.reached(names.clearing(), Side.AFTER);
  }

  /** The hosts of shards that hold anything, as far as is known here. */
  Set<HostId> holders(Collection<Integer> shards) {
    return new HashSet<>(
        jdbc.query(
            sql(
                "select distinct host_id from cache_copy where shard = any(?::int4[]) and held_at"
                    + " is not null and finished_at is null and cleared_at is null"),
            statement ->
                statement.setArray(
                    1, statement.getConnection().createArrayOf("int4", shards.toArray())),
            (row, n) -> new HostId(row.getString(1))));
  }

  /**
   * Ends what hosts hold that are lost, being emptied, or no more. A host that is no more holds
   * nothing; one that is lost is cleared when it comes back. What others write just now has its
   * turn later.
   *
   * @param kept a condition on a copy {@code k}: a host that is being emptied keeps it
   */
  public void leaveHosts(String kept) {
    jdbc.update(
        sql("""
                with ended as (
                  select k.id, h.id is null as gone
                  from cache_copy k left join host h on h.id = k.host_id
                  where k.cleared_at is null
                    and (h.id is null
                         or (k.finished_at is null
                             and (h.state = 'LOST' or (h.state = 'DRAINING' and not %s))))
                  order by k.id for update of k skip locked)
                update cache_copy c
                set finished_at = coalesce(c.finished_at, now()),
                    cleared_at = case when ended.gone then now() end
                from ended where c.id = ended.id
                """)
            .formatted(kept));
  }

  /**
   * What a host was to hold and does not: it is to be made again. What others write just now is
   * looked at again with the host.
   *
   * @param found the keys that it does hold
   * @param before what was held by then, since a look at the host takes its time
   */
  int missing(HostId host, Collection<String> found, Instant before) {
    return jdbc.update(
        sql(
            """
            update cache_copy
            set held_at = null, tries = 0, next_try_at = now(), bytes_done = 0
            where id in (
              select id from cache_copy
              where host_id = ? and held_at < ? and finished_at is null
                and not (cache_id || '.' || revision = any(?::text[]))
              order by id for update skip locked)
            """),
        statement -> {
          statement.setString(1, host.value());
          statement.setObject(2, before.atOffset(ZoneOffset.UTC));
          statement.setArray(3, statement.getConnection().createArrayOf("text", found.toArray()));
        });
  }
}
