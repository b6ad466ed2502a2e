package io.podyard.bench.firstanswer;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Command;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From {@code ./podyard server} on a built tree to 200 on the readiness address, on a data folder
 * that is there and on a new one, beside the start of PostgreSQL alone and of a Java that says
 * hello. The simulated hosts, a process of their own, are started by the server each time.
 */
public final class FirstAnswerBenchmark {

  private static final double LIMIT_SECONDS = 6;
  private static final double NEW_LIMIT_SECONDS = 12;

  private final PrintStream out = System.out;
  private final int rounds = Settings.number("BENCH_ROUNDS", 5);
  private final Figures again = new Figures();
  private final Figures fresh = new Figures();
  private final Figures freshest = new Figures();
  private final Figures postgres = new Figures();
  private final Figures freshPostgres = new Figures();
  private final Figures hello = new Figures();

  private FirstAnswerBenchmark() {}

  public static void main(String[] args) {
    new FirstAnswerBenchmark().run();
  }

  private void run() {
    out.println("FIRST ANSWER: ./podyard server to 200 on /actuator/health/readiness");
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      Path cache = folder.path().resolve("cache");
      // Builds what is missing, unpacks PostgreSQL and fills the data folder.
      double _ = start(data, cache);
      PostgresAlone alone = new PostgresAlone(cache, folder.path().resolve("alone"));
      alone.initialise();
      for (int round = 0; round < rounds; round++) {
        again.add(start(data, cache));
        postgres.add(alone.startAndConnect().toNanos() / 1e9);
        hello.add(hello());
      }
      for (int round = 0; round < rounds; round++) {
        Path next = folder.path().resolve("new-" + round);
        fresh.add(start(next.resolve("data"), cache));
        freshest.add(start(next.resolve("data-too"), next.resolve("cache-too")));
        freshPostgres.add(newPostgres(cache, next.resolve("alone")));
        Folder.delete(next);
      }
    }
    print();
    Machine.describeLoad(out);
  }

  /** Seconds from the call of the script to the first 200. */
  private static double start(Path data, Path cache) {
    Map<String, String> settings = new HashMap<>(SimulatedHosts.FOR_SERVER);
    settings.put("XDG_CACHE_HOME", cache.toString());
    try {
      Files.createDirectories(cache);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long start = System.nanoTime();
    try (Server server = Server.launch(data, settings)) {
      server.awaitReady();
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static double newPostgres(Path cache, Path folder) {
    PostgresAlone alone = new PostgresAlone(cache, folder);
    long start = System.nanoTime();
    alone.initialise();
    double initialised = (System.nanoTime() - start) / 1e9;
    return initialised + alone.startAndConnect().toNanos() / 1e9;
  }

  private static double hello() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            Settings.classes().toString(),
            Hello.class.getName());
    long start = System.nanoTime();
    String _ = Command.output(command);
    return (System.nanoTime() - start) / 1e9;
  }

  private void print() {
    out.printf("%d rounds; seconds%n", rounds);
    Table table = new Table("", "median", "longest", "limit", "of the limit");
    row(table, "Podyard, data folder there", again, LIMIT_SECONDS);
    row(table, "Podyard, new data folder", fresh, NEW_LIMIT_SECONDS);
    row(table, "Podyard, new data folder, PostgreSQL to unpack", freshest, Double.NaN);
    row(table, "PostgreSQL alone, data there", postgres, Double.NaN);
    row(table, "PostgreSQL alone, new data", freshPostgres, Double.NaN);
    row(table, "Java that says hello", hello, Double.NaN);
    table.print(out);
    out.printf(
        "over PostgreSQL and hello: %s with the data there, %s with new data%n",
        figure(again.median() / (postgres.median() + hello.median()), 1),
        figure(fresh.median() / (freshPostgres.median() + hello.median()), 1));
  }

  private static void row(Table table, String name, Figures figures, double limit) {
    table.row(
        "  " + name,
        figure(figures.median(), 2),
        figure(figures.quantile(1), 2),
        figure(limit, 0),
        figure(figures.median() / limit, 2));
  }
}
