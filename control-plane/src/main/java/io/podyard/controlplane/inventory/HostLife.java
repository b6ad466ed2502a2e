package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Whether hosts take new groups. What says so is read under the lock of a host's row when a group
 * is bound, so from the answer on nothing new is placed on a host that was cordoned. Only facts are
 * written here; the database makes the state of them.
 */
@Component
public class HostLife {

  private static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  /** The reason of a cordon that is declared. */
  private static final String DECLARED = "declared so";

  /** The reason of a cordon that only a host's leaving has made. */
  private static final String LEAVING = "it is not declared any more";

  private final JdbcTemplate jdbc;

  public HostLife(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Places nothing new on a host; what is there goes on. A second time only the reason is renewed,
   * and a drain goes on.
   *
   * @return false if there is no such host
   */
  public boolean cordon(HostId host, @Nullable String reason) {
    return jdbc.update(
            "update host set cordoned_at = coalesce(cordoned_at, now()), cordon_reason = ?"
                + " where id = ?",
            reason,
            host.value())
        == 1;
  }

  /**
   * Takes a cordon and a drain away; without one there is nothing to do. Groups that are being
   * stopped for the drain end all the same.
   *
   * @return false if there is no such host
   */
  public boolean uncordon(HostId host) {
    return jdbc.update(
            "update host set cordoned_at = null, cordon_reason = null where id = ?", host.value())
        == 1;
  }

  /**
   * Wants a host empty: nothing new is placed there, nothing is moved, and what is left at the
   * deadline is ended by whoever drives the host. A second time deadline and reason are renewed.
   *
   * @param within how long until the deadline, counted by the database
   * @return false if there is no such host
   */
  public boolean drain(HostId host, Duration within, @Nullable String reason) {
    return jdbc.update(
            """
            update host
            set cordoned_at = coalesce(cordoned_at, now()),
                draining_since = coalesce(draining_since, now()),
                drain_deadline_at = now() + make_interval(secs => ?), drain_reason = ?
            where id = ?
            """,
            within.toSeconds(),
            reason,
            host.value())
        == 1;
  }

  /**
   * Drains a host because the inventory file says so: once, however often that is read and by
   * however many processes. Other words are another drain, whose deadline counts from now. Without
   * words the drain ends that they began, and its cordon with it; one that was begun or renewed
   * otherwise goes on, and so does a cordon that was there before.
   */
  void drainAsDeclared(HostId host, @Nullable HostDrain drain) {
    if (drain == null) {
      jdbc.update(
          """
          update host
          set cordoned_at = case when cordoned_at = draining_since and cordon_reason is null
                                 then null else cordoned_at end,
              draining_since = null, drain_deadline_at = null, drain_reason = null
          where id = ? and drain_deadline_at = declared_drain_until
          """,
          host.value());
      forgetDeclaredDrain(host);
    } else {
      jdbc.update(
          """
          update host
          set cordoned_at = coalesce(cordoned_at, now()),
              draining_since = coalesce(draining_since, now()),
              drain_deadline_at = now() + make_interval(secs => ?), drain_reason = ?,
              declared_drain = ?, declared_drain_until = now() + make_interval(secs => ?)
          where id = ? and declared_drain is distinct from ?
          """,
          drain.within().toSeconds(),
          drain.reason(),
          drain.words(),
          drain.within().toSeconds(),
          host.value(),
          drain.words());
    }
  }

  private void forgetDeclaredDrain(HostId host) {
    jdbc.update(
        """
        update host set declared_drain = null, declared_drain_until = null
        where id = ? and declared_drain is not null
        """,
        host.value());
  }

  /** Cordons a host or opens it because it is declared so. */
  void cordonAsDeclared(HostId host, boolean cordoned) {
    boolean _ = cordoned ? cordon(host, DECLARED) : uncordon(host);
  }

  /**
   * Does what the inventory file says of a cordon: once, however often that is read and by however
   * many processes, so that what is done otherwise stays until the file says something else.
   * Without a word the cordon ends that the file made.
   *
   * @param cordoned null if nothing is said
   */
  void cordonAsInFile(HostId host, @Nullable Boolean cordoned) {
    boolean changed =
        jdbc.update(
                """
                update host set declared_cordon = ?::bool
                where id = ? and declared_cordon is distinct from ?::bool
                """,
                cordoned,
                host.value(),
                cordoned)
            == 1;
    if (cordoned == null) {
      uncordonDeclared(host);
    } else if (changed) {
      cordonAsDeclared(host, cordoned);
    }
  }

  /** Takes away the cordon of a host that was declared cordoned and is not any more. */
  private void uncordonDeclared(HostId host) {
    jdbc.update(
        """
        update host set cordoned_at = null, cordon_reason = null
        where id = ? and cordon_reason = ? and draining_since is null
        """,
        host.value(),
        DECLARED);
  }

  /** Lets a host go: places nothing new there. A cordon or drain that it has stays as it is. */
  void leave(HostId host) {
    jdbc.update(
        """
        update host
        set leaving_since = coalesce(leaving_since, now()),
            cordon_reason = case when cordoned_at is null then ? else cordon_reason end,
            cordoned_at = coalesce(cordoned_at, now())
        where id = ?
        """,
        LEAVING,
        host.value());
  }

  /** Takes away the cordon that {@link #leave} made; a drain that was begun since goes on. */
  void stay(HostId host) {
    jdbc.update(
        """
        update host
        set cordoned_at = case when draining_since is not null then cordoned_at end,
            cordon_reason = null
        where id = ? and cordon_reason = ?
        """,
        host.value(),
        LEAVING);
  }

  /** Whether a host is drained and its deadline is over. */
  public boolean isToBeEmptied(HostId host) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select exists (select 1 from host where id = ? and drain_deadline_at <= now())",
            Boolean.class,
            host.value()));
  }

  /** Those hosts of shards that take no new groups. */
  public List<HostTrouble> troubles(Collection<Integer> shards) {
    return jdbc.query(
        """
        select id, shard, unreachable_since, lost_at, coalesce(drain_deadline_at <= now(), false)
        from host where state <> 'READY' and shard = any(?::int4[]) order by id
        """,
        statement ->
            statement.setArray(
                1, statement.getConnection().createArrayOf("int4", shards.toArray())),
        (row, n) ->
            new HostTrouble(
                new HostId(row.getString(1)),
                row.getInt(2),
                instant(row, 3),
                instant(row, 4),
                row.getBoolean(5)));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /**
   * Notes that a host does not answer; void unless the shard is held under the epoch.
   *
   * @param since the first call that it did not answer
   */
  public boolean fellSilent(HostId host, int shard, long epoch, Instant since) {
    return jdbc.update(
            OF_HOLDER
                + "update host set unreachable_since = ? where id = ? and"
                + " unreachable_since is null and shard in (select shard from held)",
            shard,
            epoch,
            since.atOffset(ZoneOffset.UTC),
            host.value())
        == 1;
  }

  /**
   * Notes that a host answers again; void unless the shard is held under the epoch. A lost one
   * stays lost until {@link #cleaned}.
   */
  public boolean answersAgain(HostId host, int shard, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + "update host set unreachable_since = null where id = ? and"
                + " unreachable_since is not null and shard in (select shard from held)",
            shard,
            epoch,
            host.value())
        == 1;
  }

  /** Whether no group has a right to be on a host. */
  public boolean holdsNothing(HostId host) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "select not exists (select 1 from reservation where host_id = ?)",
            Boolean.class,
            host.value()));
  }

  /**
   * Takes a lost host back: it answers, and after its last group was ended it told that it has
   * nothing any more. Void unless the shard is held under the epoch. A cordon or drain stays.
   */
  public boolean cleaned(HostId host, int shard, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + """
                update host set lost_at = null, unreachable_since = null
                where id = ? and lost_at is not null and shard in (select shard from held)
                  and not exists (select 1 from reservation r where r.host_id = host.id)
                """,
            shard,
            epoch,
            host.value())
        == 1;
  }
}
