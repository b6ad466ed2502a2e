package io.podyard.controlplane.sighting;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What a driver leaves to the next one: until when all groups of a shard were known to be where
 * they are stored to be. One row for a shard.
 */
@Component
public class ProofsOfLife {

  private final JdbcTemplate jdbc;

  public ProofsOfLife(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The newest proof of a shard; empty if there never was one. */
  Optional<Instant> last(int shard) {
    return jdbc
        .query(
            "select seen_at from proof_of_life where shard = ?",
            (row, n) -> row.getObject(1, OffsetDateTime.class).toInstant(),
            shard)
        .stream()
        .findFirst();
  }

  /** Stores a proof, unless the shard is driven by somebody else meanwhile or has a newer one. */
  void store(int shard, long epoch, Instant seenAt) {
    jdbc.update(
        """
        insert into proof_of_life (shard, seen_at)
        select shard, ?::timestamptz from shard_lease where shard = ? and epoch = ?
        on conflict (shard) do update set seen_at = excluded.seen_at
        where proof_of_life.seen_at < excluded.seen_at
        """,
        seenAt.atOffset(ZoneOffset.UTC),
        shard,
        epoch);
  }
}
