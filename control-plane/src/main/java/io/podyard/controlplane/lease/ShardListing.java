package io.podyard.controlplane.lease;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The shards, for those who own the hosts. */
@Component
public class ShardListing {

  /**
   * A shard.
   *
   * @param holder the process that drives its hosts now, null if none does
   * @param epoch how many times it was taken so far
   * @param hosts how many hosts it has
   */
  public record ListedShard(int shard, @Nullable String holder, long epoch, int hosts) {}

  private final JdbcTemplate jdbc;

  public ShardListing(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** All that hosts were ever in, by number. */
  public List<ListedShard> shards() {
    return jdbc.query(
        """
        select l.shard, case when l.expires_at > clock_timestamp() then l.holder end, l.epoch,
               (select count(*) from host h where h.shard = l.shard)
        from shard_lease l order by l.shard
        """,
        (row, n) ->
            new ListedShard(row.getInt(1), row.getString(2), row.getLong(3), row.getInt(4)));
  }
}
