package io.podyard.bench.memory;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.CreateLoad;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Resident memory of a server with 10,000 groups Running on 1,000 simulated hosts, beside the same
 * server before it had any. PostgreSQL and the hosts are processes of their own and not counted.
 */
public final class MemoryBenchmark {

  private static final int HOSTS = 1_000;
  private static final String HOST_SIZE = "16vCPU/64GiB";
  private static final double LIMIT_MIB = 600;
  private static final Duration QUIET = Duration.ofSeconds(40);
  private static final int CLASSES = 12;

  private final PrintStream out = System.out;
  private final int groups = Settings.number("BENCH_GROUPS", 10_000);
  private final int clients = Settings.number("BENCH_CLIENTS", 16);

  private MemoryBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new MemoryBenchmark().run();
  }

  private void run() throws SQLException {
    out.printf("MEMORY: a server with %,d groups Running, without PostgreSQL and hosts%n", groups);
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, HOSTS, HOST_SIZE)) {
        JavaProcess.Live empty = empty(data);
        try (Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
            Connection database = server.database().connect()) {
          out.println("java " + JavaProcess.options(server.pid()));
          measure(server, hosts, database, empty);
        }
      }
    }
    Machine.describeLoad(out);
  }

  /** Of a server of its own: a collection before the load would change what the load does. */
  private static JavaProcess.Live empty(Path data) {
    try (Server server = Server.start(data, SimulatedHosts.FOR_SERVER)) {
      return JavaProcess.live(server.pid(), 0);
    }
  }

  private void measure(
      Server server, SimulatedHosts hosts, Connection database, JavaProcess.Live empty)
      throws SQLException {
    long pid = server.pid();
    Table table = new Table("", "resident MiB", "of the limit", "live objects MiB");
    row(table, "ready, no groups", ProcessUse.residentMib(pid), empty.mib());
    CreateLoad.Result created = new CreateLoad(server, clients).exactly(groups);
    row(table, "all groups created", ProcessUse.residentMib(pid), Double.NaN);
    Duration _ = Groups.awaitSettled(database);
    if (Groups.in("Running", database) != groups) {
      throw new IllegalStateException("not all groups run");
    }
    double running = ProcessUse.residentMib(pid);
    row(table, "all groups Running", running, Double.NaN);
    // Settled groups are looked at twice a minute; that belongs to having them.
    LockSupport.parkNanos(QUIET.toNanos());
    double later = ProcessUse.residentMib(pid);
    JavaProcess.Live full = JavaProcess.live(pid, CLASSES);
    row(table, QUIET.toSeconds() + " s later", later, full.mib());
    row(table, "after a full collection", ProcessUse.residentMib(pid), full.mib());
    table.print(out);
    double most = Math.max(running, later);
    out.printf(
        "resident with %,d groups: %s MiB, limit %s MiB, ratio %s; the collector's leavings"
            + " aside, a group keeps %s KiB%n",
        groups,
        figure(most, 0),
        figure(LIMIT_MIB, 0),
        figure(most / LIMIT_MIB, 2),
        figure((full.mib() - empty.mib()) * 1024 / groups, 1));
    out.printf(
        "created at %s/s; the %d hosts' process: %s MiB%n",
        figure(created.perSecond(), 0), HOSTS, figure(ProcessUse.residentMib(hosts.pid()), 0));
    out.println("what is alive, largest first:");
    full.largest().forEach(line -> out.println("  " + line));
  }

  private static void row(Table table, String name, double resident, double live) {
    table.row("  " + name, figure(resident, 0), figure(resident / LIMIT_MIB, 2), figure(live, 1));
  }
}
