package io.podyard.bench.waiting;

import static io.podyard.bench.Table.figure;

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
import io.podyard.bench.Waiting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * 10,000 groups wait because all of 1,000 hosts are cordoned; then all hosts take groups again. How
 * long until each group has its host, and what waiting costs meanwhile.
 */
public final class WaitingBenchmark {

  private static final int HOSTS = 1_000;
  private static final String HOST_SIZE = "16vCPU/64GiB";
  private static final double LIMIT_SECONDS = 5;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final PrintStream out = System.out;
  private final int groups = Settings.number("BENCH_GROUPS", 10_000);
  private final int clients = Settings.number("BENCH_CLIENTS", 64);
  private final int rounds = Settings.number("BENCH_ROUNDS", 3);

  private WaitingBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new WaitingBenchmark().run();
  }

  private void run() throws SQLException {
    out.printf("WAITING: %,d groups wait for a host, and then there is capacity%n", groups);
    Machine.describe(out);
    Map<String, String> settings = new HashMap<>(SimulatedHosts.FOR_SERVER);
    settings.put("PODYARD_SCHEDULING_DEADLINE", "2h");
    // Hosts are kept for none of them: what is measured is the common case.
    settings.put("PODYARD_KEEP_HOST_AFTER", "2h");
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, HOSTS, HOST_SIZE);
          Server server = Server.start(data, settings);
          Connection database = server.database().connect()) {
        out.printf(
            "%d hosts of %s; %s%n", hosts.count(), hosts.each(), Database.durability(database));
        measure(server, database);
      }
    }
    Machine.describeLoad(out);
  }

  private void measure(Server server, Connection database) throws SQLException {
    Table table =
        new Table(
            "round",
            "first bound s",
            "half s",
            "all bound s",
            "bound/s",
            "all Running s",
            "waiting cpu");
    Figures all = new Figures();
    CreateLoad load = new CreateLoad(server, clients);
    for (int round = 1; round <= rounds; round++) {
      cordon(database);
      CreateLoad.Result _ = load.exactly(groups);
      if (waiting(database) != groups) {
        throw new IllegalStateException("only " + waiting(database) + " groups wait");
      }
      double cpu = processorShare(server);
      uncordon(database);
      long start = System.nanoTime();
      double first = secondsUntil(database, start, groups - 1);
      double half = secondsUntil(database, start, groups / 2);
      double bound = secondsUntil(database, start, 0);
      all.add(bound);
      Duration _ = Groups.awaitSettled(database);
      table.row(
          Integer.toString(round),
          figure(first, 2),
          figure(half, 2),
          figure(bound, 2),
          figure(groups / bound, 0),
          figure(seconds(start), 1),
          figure(cpu, 2));
    }
    table.print(out);
    out.printf(
        "all bound after %s s at the median, limit %s s, ratio %s%n",
        figure(all.median(), 2), figure(LIMIT_SECONDS, 0), figure(all.median() / LIMIT_SECONDS, 2));
    if (Groups.in("Running", database) != (long) groups * rounds) {
      throw new IllegalStateException("not all groups run");
    }
  }

  /** Of one processor, while nothing but waiting goes on. */
  private static double processorShare(Server server) {
    // What is said of those that came last is still to be written.
    LockSupport.parkNanos(QUIET.toNanos());
    Duration before = ProcessUse.alone(server.pid());
    LockSupport.parkNanos(QUIET.toNanos());
    return (double) ProcessUse.alone(server.pid()).minus(before).toMillis() / QUIET.toMillis();
  }

  private static double secondsUntil(Connection database, long start, long left)
      throws SQLException {
    Waiting.until("binding", LONGEST, Duration.ofMillis(20), () -> waiting(database) <= left);
    return seconds(start);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static long waiting(Connection database) throws SQLException {
    return Long.parseLong(
        Database.value(
            database,
            "select count(*) from container_group where host_id is null and status ="
                + " 'Scheduling'"));
  }

  private static void cordon(Connection database) throws SQLException {
    execute(
        database, "update host set state = 'CORDONED', cordoned_at = now() where state = 'READY'");
    // Whoever has an older picture of the hosts is refused by their rows.
    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
  }

  private static void uncordon(Connection database) throws SQLException {
    execute(
        database, "update host set state = 'READY', cordoned_at = null where state = 'CORDONED'");
  }

  private static void execute(Connection database, String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
