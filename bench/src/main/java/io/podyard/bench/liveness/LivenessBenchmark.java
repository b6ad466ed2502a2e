package io.podyard.bench.liveness;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Database;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import io.podyard.bench.Waiting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What a server takes of the processors, with its database and its hosts, to know which of 10,000
 * hosts live, beside the same server with one host; and how many rows are written for it. By
 * default it looks for five minutes, within which each host is asked for all that it ever is.
 */
public final class LivenessBenchmark {

  private static final String HOST_SIZE = "16vCPU/64GiB";
  private static final double LIMIT = 0.10;
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration SETTLING = Duration.ofSeconds(40);

  private final PrintStream out = System.out;
  private final int hostCount = Settings.number("BENCH_HOSTS", 10_000);
  private final Duration each = Duration.ofSeconds(100L * Settings.number("BENCH_ROUNDS", 3));

  private LivenessBenchmark() {}

  /**
   * Of one processor, and of a second.
   *
   * @param rowsOfHosts rows of hosts, groups and reservations that were written
   * @param rows all rows that were written
   */
  private record Use(
      double server, double postgres, double hosts, double rowsOfHosts, double rows) {
    double all() {
      return server + postgres + hosts;
    }
  }

  public static void main(String[] args) throws SQLException {
    new LivenessBenchmark().run();
  }

  private void run() throws SQLException {
    out.printf("LIVENESS: what it costs to know which of %,d hosts live%n", hostCount);
    Machine.describe(out);
    Use one = measure(1);
    Use many = measure(hostCount);
    Table table =
        new Table(
            "hosts", "server", "PostgreSQL", "simulated hosts", "all", "host rows/s", "rows/s");
    row(table, 1, one);
    row(table, hostCount, many);
    table.print(out);
    double cost = many.all() - one.all();
    out.printf(
        "of one processor, seen for %d s; the hosts cost %s of one, limit %s, ratio %s%n",
        each.toSeconds(), figure(cost, 3), figure(LIMIT, 2), figure(cost / LIMIT, 2));
    Machine.describeLoad(out);
  }

  private static void row(Table table, int hosts, Use use) {
    table.row(
        Integer.toString(hosts),
        figure(use.server(), 3),
        figure(use.postgres(), 3),
        figure(use.hosts(), 3),
        figure(use.all(), 3),
        figure(use.rowsOfHosts(), 1),
        figure(use.rows(), 1));
  }

  private Use measure(int count) throws SQLException {
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, count, HOST_SIZE);
          Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          Connection database = server.database().connect()) {
        Waiting.until(
            "the registration of the hosts",
            LONGEST,
            Duration.ofMillis(200),
            () -> number(database, "select count(*) from host where state = 'READY'") == count);
        LockSupport.parkNanos(SETTLING.toNanos());
        long[] before = now(server, hosts, database);
        long start = System.nanoTime();
        LockSupport.parkNanos(each.toNanos());
        long[] after = now(server, hosts, database);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Use(
            (after[0] - before[0]) / 1e3 / seconds,
            (after[1] - before[1]) / 1e3 / seconds,
            (after[2] - before[2]) / 1e3 / seconds,
            (after[3] - before[3]) / seconds,
            (after[4] - before[4]) / seconds);
      }
    }
  }

  /** Processor time in milliseconds, and rows. */
  private static long[] now(Server server, SimulatedHosts hosts, Connection database)
      throws SQLException {
    String written =
        "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables";
    return new long[] {
      ProcessUse.alone(server.pid()).toMillis(),
      ProcessUse.withChildren(server.database().pid()).toMillis(),
      ProcessUse.withChildren(hosts.pid()).toMillis(),
      number(database, written + " where relname in ('host', 'container_group', 'reservation')"),
      number(database, written)
    };
  }

  private static long number(Connection database, String sql) throws SQLException {
    return Long.parseLong(Database.value(database, sql));
  }
}
