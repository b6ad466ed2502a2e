package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import io.podyard.scheduler.HostKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Hosts whose rows were written since they were read last, so that a picture of very many of them
 * is kept fresh without reading all. Safe against late commits: what counts is the oldest
 * transaction that was under way at the last reading, and of rows which transaction wrote them.
 */
public final class HostChanges {

  /**
   * Where a reading goes on from.
   *
   * @param oldest the transaction from which on anything may not have been seen
   * @param hosts how many there were
   * @param pools what pools say of their hosts
   */
  public record Mark(long oldest, int hosts, String pools) {}

  /** Transactions are compared as PostgreSQL does it, whose numbers of 32 bits begin anew. */
  private static final String WRITTEN_SINCE =
      """
       where ((h.xmin::text::int8 - ?) & 4294967295) < 2147483648
          or h.kept_for is not null or h.id = any(?::text[])
      """;

  private final JdbcTemplate jdbc;
  private final Map<HostKind, HostKind> kinds = new ConcurrentHashMap<>();

  HostChanges(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** To be taken before what is read: what comes between is read again. */
  public Mark mark() {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            """
            select pg_snapshot_xmin(pg_current_snapshot())::text::int8, (select count(*) from host),
                   (select coalesce(string_agg(concat_ws(' ', id, runtime, compute_category), ' '
                                               order by id), '') from pool)
            """,
            (row, n) -> new Mark(row.getLong(1), row.getInt(2), row.getString(3))));
  }

  /**
   * The hosts that were written since, or may have been, and those that are named. Hosts that are
   * gone are not told of.
   */
  public List<KnownHost> since(Mark mark, Collection<HostId> others) {
    return jdbc.query(
        Inventory.KNOWN_HOSTS + WRITTEN_SINCE,
        new KnownHostRows(kinds),
        mark.oldest(),
        others.stream().map(HostId::value).toArray(String[]::new));
  }

  /** All hosts. */
  public List<KnownHost> all() {
    kinds.clear();
    return jdbc.query(Inventory.KNOWN_HOSTS + " order by h.id", new KnownHostRows(kinds));
  }
}
