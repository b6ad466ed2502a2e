package io.podyard.bench.creates;

import static io.podyard.bench.Table.figure;

import io.podyard.api.PodyardClient;
import io.podyard.bench.CreateLoad;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
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
import java.util.Arrays;

/**
 * Signed, durable creates a second over 1,000 simulated hosts, beside the raw SQL rate of the same
 * rows in the same PostgreSQL. The server and its limit take turns.
 */
public final class CreateBenchmark {

  private static final String HOST_SIZE = "96vCPU/384GiB";
  private static final Duration WARM_UP = Duration.ofSeconds(Settings.number("BENCH_WARM_UP", 60));
  private static final Duration EACH = Duration.ofSeconds(5);

  /** More than are made in a round on a small machine. */
  private static final int PREPARED = 15_000;

  /** How many groups live when a round begins. */
  private static final int LIVING = 10_000;

  /** The server's creates go through one batch writer, which is one connection. */
  private static final int SAME_CONNECTIONS = 1;

  /** Several at once, for what the database takes when nothing waits for one commit. */
  private static final int MANY_CONNECTIONS = 8;

  private final PrintStream out = System.out;
  private final int hostCount = Settings.number("BENCH_HOSTS", 1_000);
  private final int clients = Settings.number("BENCH_CLIENTS", 64);
  private final int rounds = Settings.number("BENCH_ROUNDS", 5);
  private final Figures ratios = new Figures();
  private final Figures ratiosOfMany = new Figures();

  private long others;

  private CreateBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new CreateBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("CREATES: signed creates through the RPC door, durable, beside raw SQL");
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, hostCount, HOST_SIZE);
          Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          PodyardClient client = server.client();
          Connection database = server.database().connect()) {
        measure(hosts, server, client, database);
      }
    }
    Machine.describeLoad(out);
  }

  private void measure(
      SimulatedHosts hosts, Server server, PodyardClient client, Connection database)
      throws SQLException {
    out.printf(
        "%d hosts of %s, %d clients on this machine; %s%n",
        hosts.count(), hosts.each(), clients, Database.durability(database));
    CreateRow row = CreateRow.take(client, database);
    others = Groups.all(database);
    RawCreates raw = new RawCreates(RawDatabase.make(server.database()), row);
    CreateLoad load = new CreateLoad(server, clients);
    load.warmUp(WARM_UP, LIVING);
    double _ = raw.perSecond(SAME_CONNECTIONS, EACH);
    Duration _ = Groups.awaitSettled(database);
    Groups.awaitAtMost(others + LIVING, database);
    Table table =
        new Table(
            "round",
            "creates/s",
            "p50 ms",
            "p99 ms",
            "503",
            "running/s",
            "raw/s, 1 conn.",
            "ratio",
            "raw/s, " + MANY_CONNECTIONS + " conn.",
            "ratio");
    Processors processors = new Processors(server, hosts);
    for (int round = 1; round <= rounds; round++) {
      round(round, load, raw, database, table, processors);
    }
    table.print(out);
    out.printf(
        "median ratio: %s of raw SQL over as many connections as the server writes%n",
        figure(ratios.median(), 3));
    out.printf(
        "              %s of raw SQL over %d connections%n",
        figure(ratiosOfMany.median(), 3), MANY_CONNECTIONS);
    processors.print(out);
  }

  private void round(
      int round,
      CreateLoad load,
      RawCreates raw,
      Connection database,
      Table table,
      Processors processors)
      throws SQLException {
    load.prepare(PREPARED);
    long before = Groups.all(database);
    long start = System.nanoTime();
    processors.start();
    CreateLoad.Result result = load.during(EACH);
    processors.stop(result.created());
    long there = Groups.all(database) - before;
    if (there < result.created()) {
      throw new IllegalStateException(
          result.created() + " groups were acknowledged, but " + there + " are there");
    }
    Duration _ = Groups.awaitSettled(database);
    double runningPerSecond = result.created() / ((System.nanoTime() - start) / 1e9);
    load.keep(LIVING);
    Groups.awaitAtMost(others + LIVING, database);
    double limit = raw.perSecond(SAME_CONNECTIONS, EACH);
    double limitOfMany = raw.perSecond(MANY_CONNECTIONS, EACH);
    ratios.add(result.perSecond() / limit);
    ratiosOfMany.add(result.perSecond() / limitOfMany);
    table.row(
        Integer.toString(round),
        figure(result.perSecond(), 0),
        figure(result.millis().median(), 1),
        figure(result.millis().quantile(0.99), 1),
        Long.toString(result.refused()),
        figure(runningPerSecond, 0),
        figure(limit, 0),
        figure(result.perSecond() / limit, 3),
        figure(limitOfMany, 0),
        figure(result.perSecond() / limitOfMany, 3));
  }

  /** Who used the processors while groups were created. */
  private static final class Processors {

    private static final int SERVER = 0;
    private static final int COMPILERS = 1;
    private static final int CLIENTS = 4;

    private final long[] pids;
    private final String[] names = {
      "server", "  of it Java's compilers", "PostgreSQL", "simulated hosts", "clients"
    };
    private final Duration[] before = new Duration[names.length];
    private final Duration[] sum = new Duration[names.length];
    private long creates;

    Processors(Server server, SimulatedHosts hosts) {
      this.pids =
          new long[] {
            server.pid(),
            server.pid(),
            server.database().pid(),
            hosts.pid(),
            ProcessHandle.current().pid()
          };
      Arrays.fill(sum, Duration.ZERO);
    }

    private Duration now(int i) {
      return switch (i) {
        case SERVER, CLIENTS -> ProcessUse.alone(pids[i]);
        case COMPILERS -> ProcessUse.compilers(pids[i]);
        default -> ProcessUse.withChildren(pids[i]);
      };
    }

    void start() {
      Arrays.setAll(before, this::now);
    }

    void stop(long created) {
      for (int i = 0; i < names.length; i++) {
        sum[i] = sum[i].plus(now(i).minus(before[i]));
      }
      creates += created;
    }

    void print(PrintStream out) {
      out.println("processor time during the creates, what goes on behind them included:");
      Table table = new Table("", "microseconds a create");
      for (int i = 0; i < names.length; i++) {
        table.row("  " + names[i], figure(sum[i].toNanos() / 1e3 / Math.max(1, creates), 0));
      }
      table.print(out);
    }
  }
}
