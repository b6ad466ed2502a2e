package io.podyard.bench.pace;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.CreateLoad;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How long creates take that come 200 a second, whoever is answered when, while 10,000 groups live.
 * An answer means that the group has its host, committed; that all have one is looked for.
 */
public final class PaceBenchmark {

  private static final int HOSTS = 1_000;
  private static final String HOST_SIZE = "96vCPU/384GiB";
  private static final double LIMIT_MILLIS = 100;
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final Duration WARM_UP = Duration.ofSeconds(Settings.number("BENCH_WARM_UP", 60));

  private final PrintStream out = System.out;
  private final int groups = Settings.number("BENCH_GROUPS", 10_000);
  private final int perSecond = Settings.number("BENCH_PACE", 200);
  private final int rounds = Settings.number("BENCH_ROUNDS", 5);

  private PaceBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new PaceBenchmark().run();
  }

  private void run() throws SQLException {
    out.printf("PACE: %d creates a second with %,d live groups%n", perSecond, groups);
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, HOSTS, HOST_SIZE);
          Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          Connection database = server.database().connect()) {
        out.printf(
            "%d hosts of %s; %s%n", hosts.count(), hosts.each(), Database.durability(database));
        measure(server, database);
      }
    }
    Machine.describeLoad(out);
  }

  private void measure(Server server, Connection database) throws SQLException {
    CreateLoad load = new CreateLoad(server, Settings.number("BENCH_CLIENTS", 64));
    CreateLoad.Result _ = load.exactly(groups);
    Duration _ = Groups.awaitSettled(database);
    CreateLoad.Result _ = load.atPace(perSecond, WARM_UP);
    Table table = new Table("round", "creates", "503", "p50 ms", "p99 ms", "longest ms");
    Figures all = new Figures();
    for (int round = 1; round <= rounds; round++) {
      CreateLoad.Result result = load.atPace(perSecond, EACH);
      long without =
          Long.parseLong(
              Database.value(
                  database, "select count(*) from container_group where host_id is null"));
      if (without > 0) {
        throw new IllegalStateException(without + " groups were answered without a host");
      }
      all.add(result.millis().quantile(0.99));
      table.row(
          Integer.toString(round),
          Long.toString(result.created()),
          Long.toString(result.refused()),
          figure(result.millis().median(), 1),
          figure(result.millis().quantile(0.99), 1),
          figure(result.millis().quantile(1), 1));
    }
    table.print(out);
    out.printf(
        "create to bound, p99: %s ms at the median of the rounds, limit %s ms, ratio %s%n",
        figure(all.median(), 1), figure(LIMIT_MILLIS, 0), figure(all.median() / LIMIT_MILLIS, 2));
  }
}
