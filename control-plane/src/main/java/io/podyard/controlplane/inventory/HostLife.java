package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Whether hosts take new groups. What says so is read under the lock of a host's row when a group
 * is bound, so from the answer on nothing new is placed on a host that was cordoned.
 */
@Component
public class HostLife {

  private static final String OF_HOLDER =
      "with held as (select shard from shard_lease where shard = ? and epoch = ? for key share) ";

  private final JdbcTemplate jdbc;

  public HostLife(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Places nothing new on a host; what is there goes on. A second time only the reason is renewed.
   *
   * @return false if there is no such host
   */
  public boolean cordon(HostId host, @Nullable String reason) {
    return jdbc.update(
            """
            update host
            set cordoned_at = coalesce(cordoned_at, now()), cordon_reason = ?,
                state = case when unreachable_since is null then 'CORDONED' else state end
            where id = ?
            """,
            reason,
            host.value())
        == 1;
  }

  /**
   * Takes a cordon away; without one there is nothing to do.
   *
   * @return false if there is no such host
   */
  public boolean uncordon(HostId host) {
    return jdbc.update(
            """
            update host
            set cordoned_at = null, cordon_reason = null,
                state = case when unreachable_since is null then 'READY' else state end
            where id = ?
            """,
            host.value())
        == 1;
  }

  /** Those hosts of shards that are noted not to answer. */
  public Set<HostId> unreachable(Collection<Integer> shards) {
    return new HashSet<>(
        jdbc.query(
            "select id from host where unreachable_since is not null and shard = any(?::int4[])",
            statement ->
                statement.setArray(
                    1, statement.getConnection().createArrayOf("int4", shards.toArray())),
            (row, n) -> new HostId(row.getString(1))));
  }

  /**
   * Notes that a host does not answer; void unless the shard is held under the epoch.
   *
   * @param since the first call that it did not answer
   */
  public boolean fellSilent(HostId host, int shard, long epoch, Instant since) {
    return jdbc.update(
            OF_HOLDER
                + "update host set unreachable_since = ?, state = 'UNREACHABLE' where id = ? and"
                + " unreachable_since is null and shard in (select shard from held)",
            shard,
            epoch,
            since.atOffset(ZoneOffset.UTC),
            host.value())
        == 1;
  }

  /** Notes that a host answers again; void unless the shard is held under the epoch. */
  public boolean answersAgain(HostId host, int shard, long epoch) {
    return jdbc.update(
            OF_HOLDER
                + "update host set unreachable_since = null, state = case when cordoned_at is null"
                + " then 'READY' else 'CORDONED' end where id = ? and unreachable_since is not null"
                + " and shard in (select shard from held)",
            shard,
            epoch,
            host.value())
        == 1;
  }
}
