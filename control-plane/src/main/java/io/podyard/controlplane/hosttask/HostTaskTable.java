package io.podyard.controlplane.hosttask;

import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the tables of all kinds of tasks have in common. */
public final class HostTaskTable {

  private static final int BATCH = 500;

  private final JdbcTemplate jdbc;
  private final String name;

  /**
   * @param name of a table with the columns id, shard, host_id, finished_at and cleared_at
   */
  public HostTaskTable(JdbcTemplate jdbc, String name) {
    this.jdbc = jdbc;
    this.name = name;
  }

  /** Those of the tasks that still have a right to what is on the host. */
  Set<String> alive(HostId host, Collection<String> tasks) {
    return new HashSet<>(
        jdbc.query(
            "select id from "
                + name
                + " where id = any(?::text[]) and host_id = ? and cleared_at is null",
            statement -> {
              statement.setArray(
                  1, statement.getConnection().createArrayOf("text", tasks.toArray()));
              statement.setString(2, host.value());
            },
            (row, n) -> row.getString(1)));
  }

  /**
   * Hosts of shards that may still keep something, by the tasks on them: those with one that is not
   * cleared, or finished not long ago.
   */
  Set<HostId> hostsWithTasks(Collection<Integer> shards, Duration recent) {
    return new HashSet<>(
        jdbc.query(
            """
            select host_id from %1$s where cleared_at is null and shard = any(?::int4[])
            union
            select host_id from %1$s
            where finished_at > now() - make_interval(secs => ?) and shard = any(?::int4[])
            """
                .formatted(name),
            (row, n) -> new HostId(row.getString(1)),
            shards.toArray(Integer[]::new),
            recent.toSeconds(),
            shards.toArray(Integer[]::new)));
  }

  /** Deletes what has been over for so long; others that do the same do not wait. */
  void forget(Duration kept) {
    int deleted;
    do {
      deleted =
          jdbc.update(
              """
              delete from %1$s where id in (
                select id from %1$s where finished_at < now() - make_interval(secs => ?)
                order by finished_at limit ? for update skip locked)
              """
                  .formatted(name),
              kept.toSeconds(),
              BATCH);
    } while (deleted == BATCH);
  }
}
