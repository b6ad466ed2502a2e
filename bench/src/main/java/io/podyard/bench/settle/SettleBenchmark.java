package io.podyard.bench.settle;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Database;
import io.podyard.bench.Folder;
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

/**
 * One hour of 1,000,000 intervals of one account, settled by a server from the mark that says so to
 * the commit, then once more when nothing has changed, beside raw SQL that puts the same lines into
 * a table of the same form.
 */
public final class SettleBenchmark {

  private static final double GOAL_SECONDS = 60;
  private static final double GOAL_MIB = 600;

  private final PrintStream out = System.out;
  private final int intervals = Settings.number("BENCH_INTERVALS", 1_000_000);

  private SettleBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new SettleBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("SETTLE: one hour of many intervals settled, beside raw SQL of the same rows");
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          Connection database = server.database().connect()) {
        out.println(Database.durability(database));
        LargeHour hour = new LargeHour(database, intervals);
        hour.fill();
        measure(server, hour);
      }
    }
    Machine.describeLoad(out);
  }

  private void measure(Server server, LargeHour hour) throws SQLException {
    Duration before = ProcessUse.alone(server.pid());
    double first = hour.settle();
    double processor = ProcessUse.alone(server.pid()).minus(before).toMillis() / 1e3;
    long lines = hour.lines();
    double again = hour.settle();
    double peak = ProcessUse.peakMib(server.pid());
    if (hour.lines() != lines) {
      throw new IllegalStateException("lines were added for nothing");
    }
    double raw = hour.copyLines();
    out.printf("%,d intervals of one account and hour, %,d lines%n", intervals, lines);
    new Table("", "seconds", "times raw SQL")
        .row("settled", figure(first, 1), figure(first / raw, 2))
        .row("settled again, nothing new", figure(again, 1), figure(again / raw, 2))
        .row("raw SQL, the same lines", figure(raw, 1), "1.00")
        .print(out);
    out.printf(
        "settled in %s s (goal %s), of a processor %s s; the server took %s MiB at most (goal %s)%n",
        figure(first, 1),
        figure(GOAL_SECONDS, 0),
        figure(processor, 1),
        figure(peak, 0),
        figure(GOAL_MIB, 0));
  }
}
