package io.podyard.bench.dockerstart;

import static io.podyard.bench.Table.figure;

import io.podyard.api.PodyardClient;
import io.podyard.bench.Database;
import io.podyard.bench.Engine;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.PodyardGroup;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SmallGroup;
import io.podyard.bench.Table;
import io.podyard.bench.dockerstart.StartSteps.Step;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a create to Running of a group of one container on a Docker Engine that has the image,
 * beside the same sandbox and container made by raw calls to that engine. The two take turns, each
 * pair in the other order than the one before. Another group of the account runs all the time, so
 * the account's network is there, for both.
 */
public final class DockerStartBenchmark {

  private static final int WARM_UP = 10;
  private static final int WARM_UP_LOOKS = 2_000;

  /** What Podyard may add, in milliseconds. */
  private static final double LIMIT = 150;

  private final PrintStream out = System.out;
  private final int rounds = Settings.number("BENCH_ROUNDS", 30);
  private final Figures podyard = new Figures();
  private final Figures stored = new Figures();
  private final Figures answered = new Figures();
  private final Figures raw = new Figures();
  private final Figures differences = new Figures();
  private final Figures serverTime = new Figures();
  private final Figures databaseTime = new Figures();
  private final List<Map<Step, Double>> podyardSteps = new ArrayList<>();
  private final List<Map<Step, Double>> rawSteps = new ArrayList<>();

  private DockerStartBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new DockerStartBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("DOCKER START: create to Running, image present, beside raw calls");
    Machine.describe(out);
    Engine engine = Engine.ofEnvironment();
    try {
      out.println(engine.describe());
    } catch (UncheckedIOException e) {
      System.err.println(
          "docker-start needs a Docker Engine, and none answers (DOCKER_HOST): " + e.getMessage());
      System.exit(1);
    }
    try (Folder folder = Folder.make();
        Server server =
            Server.start(folder.path().resolve("data"), Map.of("PODYARD_RUNTIME", "docker"));
        PodyardClient client = server.client();
        Connection database = server.database().connect()) {
      out.println(Database.durability(database));
      PodyardGroup first = PodyardGroup.start(client, SmallGroup.request());
      try {
        first.look(client, WARM_UP_LOOKS);
        measure(engine, server, client, database, first);
      } finally {
        first.delete(client, engine);
      }
      print();
      printHistograms(server);
      out.printf(
          "the account's first group, which made its network, ran after %s ms%n",
          figure(first.runningMillis(), 0));
    }
    Machine.describeLoad(out);
  }

  private void measure(
      Engine engine, Server server, PodyardClient client, Connection database, PodyardGroup like)
      throws SQLException {
    String name = "podyard-bench-" + ProcessHandle.current().pid();
    FoundGroup containers = FoundGroup.of(engine, like.id());
    try (GroupBound bound = GroupBound.like(containers.cgroup(engine), name)) {
      RawGroup calls = new RawGroup(engine, containers, name, bound.name());
      for (int i = -WARM_UP; i < rounds; i++) {
        double viaPodyard;
        double viaCalls;
        if (i % 2 == 0) {
          viaPodyard = podyard(engine, server, client, database, i >= 0);
          viaCalls = raw(calls, i, i >= 0);
        } else {
          viaCalls = raw(calls, i, i >= 0);
          viaPodyard = podyard(engine, server, client, database, i >= 0);
        }
        if (i >= 0) {
          differences.add(viaPodyard - viaCalls);
        }
      }
    }
  }

  private double podyard(
      Engine engine, Server server, PodyardClient client, Connection database, boolean counts)
      throws SQLException {
    long databasePid = server.database().pid();
    Duration serverBefore = ProcessUse.alone(server.pid());
    Duration databaseBefore = ProcessUse.withChildren(databasePid);
    PodyardGroup group = PodyardGroup.start(client, SmallGroup.request());
    try {
      if (counts) {
        serverTime.add(millis(ProcessUse.alone(server.pid()).minus(serverBefore)));
        databaseTime.add(millis(ProcessUse.withChildren(databasePid).minus(databaseBefore)));
        Map<Step, Double> steps =
            StartSteps.of(group.id(), group.sent(), group.seen(), engine, database);
        podyardSteps.add(steps);
        answered.add(group.answeredMillis());
        podyard.add(group.runningMillis());
        stored.add(steps.getOrDefault(Step.STORED, Double.NaN));
      }
    } finally {
      group.delete(client, engine);
    }
    return group.runningMillis();
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  private double raw(RawGroup calls, int number, boolean counts) {
    int positive = number + WARM_UP;
    RawGroup.Times times;
    try {
      times = calls.start(positive);
    } finally {
      calls.remove(positive);
    }
    double millis = times.containerStarted() / 1e6;
    if (counts) {
      raw.add(millis);
      Map<Step, Double> steps = new EnumMap<>(Step.class);
      steps.put(Step.SANDBOX_CREATED, times.sandboxCreated() / 1e6);
      steps.put(Step.SANDBOX_STARTED, times.sandboxStarted() / 1e6);
      steps.put(Step.CONTAINER_CREATED, times.containerCreated() / 1e6);
      steps.put(Step.CONTAINER_STARTED, millis);
      rawSteps.add(steps);
    }
    return millis;
  }

  private void print() {
    out.printf("%d pairs after %d to warm up; milliseconds%n", rounds, WARM_UP);
    Table table = new Table("", "p50", "p90", "min");
    row(
        table,
        "Podyard, seen Running by a client that looks every %d ms"
            .formatted(PodyardGroup.BETWEEN_LOOKS.toMillis()),
        podyard);
    row(table, "Podyard, Running stored", stored);
    row(table, "Podyard, create answered", answered);
    row(table, "raw calls", raw);
    row(table, "Podyard (seen) over raw, pair by pair", differences);
    table.print(out);
    double more = podyard.median() - raw.median();
    out.printf(
        "Podyard adds %s ms at the median (limit %s ms), ratio %s%n",
        figure(more, 0), figure(LIMIT, 0), figure(podyard.median() / raw.median(), 2));
    out.printf(
        "processor time a start, the looks of the client included: server %s ms, PostgreSQL %s"
            + " ms%n",
        figure(serverTime.mean(), 0), figure(databaseTime.mean(), 0));
    printSteps();
  }

  private static void row(Table table, String name, Figures figures) {
    table.row(
        "  " + name,
        figure(figures.median(), 0),
        figure(figures.quantile(0.9), 0),
        figure(figures.quantile(0), 0));
  }

  /** Where the time goes, as medians of each step's own length. */
  private void printSteps() {
    out.println("step by step, medians in milliseconds:");
    Table table = new Table("  step", "kind", "Podyard", "raw");
    @Nullable Step before = null;
    @Nullable Step rawBefore = null;
    for (Step step : Step.values()) {
      boolean inRaw = rawSteps.getFirst().containsKey(step);
      table.row(
          "  " + step.words(),
          step.kind(),
          figure(length(podyardSteps, before, step), 1),
          inRaw ? figure(length(rawSteps, rawBefore, step), 1) : "-");
      before = step;
      rawBefore = inRaw ? step : rawBefore;
    }
    Figures seeing = new Figures();
    for (int i = 0; i < podyardSteps.size(); i++) {
      seeing.add(podyard.values().get(i) - stored.values().get(i));
    }
    table.row("  until a client sees it", "client", figure(seeing.median(), 1), "-");
    table.print(out);
  }

  private static double length(List<Map<Step, Double>> runs, @Nullable Step from, Step to) {
    Figures lengths = new Figures();
    for (Map<Step, Double> run : runs) {
      double start = from == null ? 0 : run.getOrDefault(from, Double.NaN);
      lengths.add(run.getOrDefault(to, Double.NaN) - start);
    }
    return lengths.median();
  }

  /** The server's own histograms of the steps of a start, if it has any. */
  private void printHistograms(Server server) {
    List<String> lines = Histograms.means(server.endpoint());
    if (lines.isEmpty()) {
      out.println("the server's own metrics have no histogram of these steps");
    } else {
      out.println("the server's own histograms, warm-up included (count, mean in ms):");
      lines.forEach(line -> out.println("  " + line));
    }
  }
}
