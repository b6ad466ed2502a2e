package io.podyard.bench.placement;

import io.podyard.bench.Figures;
import io.podyard.bench.Machine;
import io.podyard.bench.Settings;
import io.podyard.bench.Table;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Decisions a second on one thread, by the index and by a plain scan, by how full the fleet is. */
public final class PlacementBenchmark {

  private static final TimeValue WARM_UP = TimeValue.seconds(1);
  private static final TimeValue MEASURED = TimeValue.seconds(1);

  /** What is compared: one row of the table. */
  private record Setting(Decisions.Kind kind, String percent, String method) {}

  /** How much faster an empty fleet is than a full one. */
  private record Flatness(Decisions.Kind kind, String method) {}

  /** The rounds' figures of a row. */
  private record Row(Figures perSecond, Figures bytes, Figures refusedPercent) {

    Row() {
      this(new Figures(), new Figures(), new Figures());
    }
  }

  private PlacementBenchmark() {}

  public static void main(String[] args) throws RunnerException {
    int rounds = Settings.number("BENCH_ROUNDS", 5);
    System.out.println("placement: decisions a second on one thread, beside a plain scan");
    Machine.describe(System.out);
    System.out.println(
        "A decision is pick, reserve and the release of what was placed longest ago, or of the same"
            + " (undone); refusals count.");
    Map<Setting, Row> rows = new LinkedHashMap<>();
    Map<Flatness, Figures> flatness = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      // JMH goes from empty to full and by turns through index and scan, in forks of their own.
      Map<Setting, Double> speeds = new LinkedHashMap<>();
      for (RunResult result : run()) {
        speeds.put(setting(result), note(result, rows));
      }
      for (Decisions.Kind kind : Decisions.Kind.values()) {
        for (String method : List.of("index", "indexUndone")) {
          double empty =
              speeds.getOrDefault(new Setting(kind, Decisions.EMPTY, method), Double.NaN);
          double full = speeds.getOrDefault(new Setting(kind, Decisions.FULL, method), Double.NaN);
          flatness
              .computeIfAbsent(new Flatness(kind, method), any -> new Figures())
              .add(empty / full);
        }
      }
      System.out.printf(Locale.ROOT, "round %d of %d done%n", round, rounds);
    }
    print(rows, flatness);
    Machine.describeLoad(System.out);
  }

  private static Collection<RunResult> run() throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(Decisions.class.getName())
                .forks(1)
                .warmupIterations(3)
                .warmupTime(WARM_UP)
                .measurementIterations(3)
                .measurementTime(MEASURED)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(
                    "-XX:+UseSerialGC", "-Xmx512m", "--sun-misc-unsafe-memory-access=allow")
                .verbosity(VerboseMode.SILENT)
                .build())
        .run();
  }

  private static Setting setting(RunResult result) {
    String name = result.getParams().getBenchmark();
    return new Setting(
        Decisions.Kind.valueOf(result.getParams().getParam("kind")),
        result.getParams().getParam("percent"),
        name.substring(name.lastIndexOf('.') + 1));
  }

  private static double note(RunResult result, Map<Setting, Row> rows) {
    Row row = rows.computeIfAbsent(setting(result), any -> new Row());
    double perSecond = result.getPrimaryResult().getScore();
    row.perSecond().add(perSecond);
    row.bytes().add(secondary(result, "gc.alloc.rate.norm"));
    double placed = secondary(result, "placed");
    double refused = secondary(result, "refused");
    row.refusedPercent().add(100 * refused / (placed + refused));
    return perSecond;
  }

  private static double secondary(RunResult result, String name) {
    for (Map.Entry<String, Result> entry : result.getSecondaryResults().entrySet()) {
      if (entry.getKey().endsWith(name)) {
        return entry.getValue().getScore();
      }
    }
    return Double.NaN;
  }

  private static void print(Map<Setting, Row> rows, Map<Flatness, Figures> flatness) {
    Table table = new Table("median", "full (%)", "by", "decisions/s", "B/op", "refused (%)");
    for (Decisions.Kind kind : Decisions.Kind.values()) {
      rows.forEach(
          (setting, row) -> {
            if (setting.kind() == kind) {
              table.row(
                  kind.name(),
                  setting.percent(),
                  setting.method(),
                  Table.figure(row.perSecond().median(), 0),
                  Table.figure(row.bytes().median(), 0),
                  Table.figure(row.refusedPercent().median(), 2));
            }
          });
    }
    table.print(System.out);
    flatness.forEach(
        (of, ratios) ->
            System.out.printf(
                Locale.ROOT,
                "%s by %s, empty over 90 %% full: %.2f%n",
                of.kind(),
                of.method(),
                ratios.median()));
  }
}
