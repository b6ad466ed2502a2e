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
