package io.podyard.controlplane.placement;

import io.podyard.model.Size;
import org.springframework.jdbc.core.JdbcTemplate;

/** Hosts {@code h1}, {@code h2}, ... of one zone, pool and shard. */
public final class TestHosts {

  private TestHosts() {}

  public static void add(JdbcTemplate jdbc, int hosts, Size size) {
    jdbc.update("insert into zone (region, id) values ('r', 'r-a') on conflict do nothing");
    jdbc.update(
        "insert into pool (id, region, runtime) values ('p', 'r', 'simulated') on conflict do"
            + " nothing");
    jdbc.update("insert into shard_lease (shard) values (0) on conflict do nothing");
    addMore(jdbc, 1, hosts, size);
  }

  /** Adds those from one number to another to the same zone, pool and shard. */
  public static void addMore(JdbcTemplate jdbc, int from, int to, Size size) {
    for (int i = from; i <= to; i++) {
      jdbc.update(
          """
          insert into host (id, pool_id, region, zone, shard, state, allocatable_milli_cpu,
                            allocatable_memory_mib, reported_milli_cpu, reported_memory_mib, engine)
          values (?, 'p', 'r', 'r-a', 0, 'READY', ?, ?, ?, ?, 'test')
          """,
          "h" + i,
          size.cpu().value(),
          size.memory().value(),
          size.cpu().value(),
          size.memory().value());
    }
  }
}
