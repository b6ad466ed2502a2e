package io.podyard.bench.closes;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Closes of usage intervals a second, a hundred a transaction: the meter's own statement on its own
 * tables, beside single updates of the same rows by their key on tables without its triggers. The
 * two take turns.
 */
public final class ClosesBenchmark {

  private static final String METER = "bench_meter";
  private static final String RAW = "bench_raw";
  private static final int AT_ONCE = 100;
  private static final double GOAL = 10_000;

  private final PrintStream out = System.out;
  private final int intervals = Settings.number("BENCH_INTERVALS", 20_000);
  private final int rounds = Settings.number("BENCH_ROUNDS", 5);

  private ClosesBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new ClosesBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("CLOSES: usage intervals closed a second, beside raw SQL of the same rows");
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (Server server = Server.start(data, SimulatedHosts.FOR_SERVER)) {
        Database database = server.database();
        database.add(METER);
        database.add(RAW);
        try (Connection meter = database.connect(METER);
            Connection raw = database.connect(RAW)) {
          out.println(Database.durability(meter));
          measure(new Intervals(meter, intervals), new Intervals(raw, intervals));
        }
      }
    }
    Machine.describeLoad(out);
  }

  private void measure(Intervals meter, Intervals raw) throws SQLException {
    raw.dropTriggers();
    out.printf("%,d intervals a round, %d a transaction, %d rounds%n", intervals, AT_ONCE, rounds);
    Figures now = new Figures();
    Figures late = new Figures();
    Figures single = new Figures();
    for (int i = -1; i < rounds; i++) {
      double closed = meter.closeByMeter(AT_ONCE, "now()");
      double closedLate = meter.closeByMeter(AT_ONCE, "now() - interval '2 hours'");
      double bare = raw.closeByKey(AT_ONCE);
      // The first one warms up.
      if (i >= 0) {
        now.add(closed);
        late.add(closedLate);
        single.add(bare);
      }
    }
    new Table("closes a second", "median", "least", "share of raw SQL")
        .row("as the meter does", figure(now.median(), 0), least(now), share(now, single))
        .row("the same, two hours late", figure(late.median(), 0), least(late), share(late, single))
        .row("raw SQL", figure(single.median(), 0), least(single), share(single, single))
        .print(out);
    out.printf("%s closes a second (goal %s)%n", figure(now.median(), 0), figure(GOAL, 0));
  }

  private static String least(Figures figures) {
    return figure(figures.quantile(0), 0);
  }

  private static String share(Figures figures, Figures limit) {
    return figure(figures.median() / limit.median(), 2);
  }
}
