package io.podyard.bench.replicas;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.CreateLoad;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import io.podyard.bench.Waiting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Creates a second by two servers on one database beside those by one, each held to a share of one
 * processor so that the servers are what limits, and with all the processors of the machine.
 */
public final class ReplicasBenchmark {

  private static final int HOSTS = 1_000;
  private static final String HOST_SIZE = "96vCPU/384GiB";
  private static final double CORES_EACH = 0.3;
  private static final double LEAST_GAIN_HELD = 1.6;
  private static final double LEAST_GAIN_FREE = 0.9;
  private static final Duration WARM_UP = Duration.ofSeconds(Settings.number("BENCH_WARM_UP", 60));
  private static final Duration LONGEST_WARM_UP = WARM_UP.plusMinutes(4);
  private static final Duration WARM_UP_STEP = Duration.ofSeconds(20);

  /** What Java's compilers may take of one processor in a server that is warm. */
  private static final double COMPILERS_AT_REST = 0.02;

  /** How many groups live when servers are measured, whether they are one or two. */
  private static final int LIVING = 5_000;

  private static final Duration EACH = Duration.ofSeconds(8);
  private static final Duration LONGEST_SHARING = Duration.ofMinutes(2);

  private final PrintStream out = System.out;
  private final int clients = Settings.number("BENCH_CLIENTS", 64);
  private final int rounds = Settings.number("BENCH_ROUNDS", 3);
  private final Figures gainHeld = new Figures();
  private final Figures gainFree = new Figures();

  private ReplicasBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new ReplicasBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("REPLICAS: creates by two servers on one database, beside those by one");
    Machine.describe(out);
    Map<String, String> settings = new HashMap<>(SimulatedHosts.FOR_SERVER);
    settings.put("PODYARD_SECRETS_KEY", key());
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts hosts = SimulatedHosts.start(data, HOSTS, HOST_SIZE);
          Replica first = Replica.start(data, settings, clients);
          Connection database = first.server().database().connect()) {
        out.printf(
            "%d hosts of %s, %d clients of each server; %s%n",
            hosts.count(), hosts.each(), clients, Database.durability(database));
        measure(first, folder.path().resolve("second"), settings, database);
      }
    }
    Machine.describeLoad(out);
  }

  private static String key() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void measure(Replica first, Path data, Map<String, String> settings, Connection database)
      throws SQLException {
    Map<String, String> beside = new HashMap<>(settings);
    Database shared = first.server().database();
    beside.put("SPRING_DATASOURCE_URL", shared.url(shared.user()));
    beside.put("SPRING_DATASOURCE_USERNAME", shared.user());
    beside.put("SPRING_DATASOURCE_PASSWORD", shared.password());
    beside.put(
        "PODYARD_SIMULATED_SOCKET",
        first.server().data().resolve("simulated-hosts.sock").toString());
    warmUp(List.of(first), database);
    Table table =
        new Table(
            "round",
            "one at " + CORES_EACH + " core",
            "two",
            "gain",
            "one, all cores",
            "two",
            "gain");
    PerSecond before = perSecond(List.of(first), database);
    for (int round = 1; round <= rounds; round++) {
      PerSecond two;
      try (Replica second = Replica.start(data, beside, clients)) {
        List<Replica> both = List.of(first, second);
        warmUp(both, database);
        two = perSecond(both, database);
        second.load().keep(0);
      }
      PerSecond after = perSecond(List.of(first), database);
      // The first gets faster as long as it runs, and the database larger.
      PerSecond one = before.mean(after);
      gainHeld.add(two.held() / one.held());
      gainFree.add(two.free() / one.free());
      table.row(
          Integer.toString(round),
          figure(one.held(), 0),
          figure(two.held(), 0),
          figure(two.held() / one.held(), 2),
          figure(one.free(), 0),
          figure(two.free(), 0),
          figure(two.free() / one.free(), 2));
      before = after;
    }
    table.print(out);
    out.printf(
        "median gain: %s where each has %s core, at least %s is wanted; %s with all cores, at least"
            + " %s%n",
        figure(gainHeld.median(), 2),
        figure(CORES_EACH, 1),
        figure(LEAST_GAIN_HELD, 1),
        figure(gainFree.median(), 2),
        figure(LEAST_GAIN_FREE, 1));
  }

  /**
   * Creates a second.
   *
   * @param held with a share of a processor for each server
   * @param free with all processors
   */
  private record PerSecond(double held, double free) {
    PerSecond mean(PerSecond other) {
      return new PerSecond((held + other.held) / 2, (free + other.free) / 2);
    }
  }

  /** Until the compilers of all servers rest, which would be in the way of the others too. */
  private static void warmUp(List<Replica> replicas, Connection database) throws SQLException {
    awaitSharing(replicas.size(), database);
    int each = LIVING / replicas.size();
    long start = System.nanoTime();
    double compilers;
    Duration so;
    do {
      long step = System.nanoTime();
      Duration before = compilers(replicas);
      List<CreateLoad> _ =
          byAll(
              replicas,
              load -> {
                load.warmUp(WARM_UP_STEP, each);
                return load;
              });
      Duration spent = compilers(replicas).minus(before);
      compilers = (double) spent.toNanos() / (System.nanoTime() - step);
      so = Duration.ofNanos(System.nanoTime() - start);
    } while (so.compareTo(WARM_UP) < 0
        || (compilers > COMPILERS_AT_REST * replicas.size() && so.compareTo(LONGEST_WARM_UP) < 0));
  }

  private static PerSecond perSecond(List<Replica> replicas, Connection database)
      throws SQLException {
    awaitSharing(replicas.size(), database);
    return new PerSecond(
        perSecond(replicas, CORES_EACH, database), perSecond(replicas, null, database));
  }

  /** As many groups live, whoever made them. */
  private static void keepLiving(List<Replica> replicas, Connection database) throws SQLException {
    replicas.forEach(replica -> replica.load().live(LIVING / replicas.size()));
    Duration _ = Groups.awaitSettled(database);
    Groups.awaitAtMost(LIVING, database);
  }

  /** Waits until so many processes have shards, and nobody's has run out. */
  private static void awaitSharing(int processes, Connection database) throws SQLException {
    Waiting.until(
        "the sharing of shards",
        LONGEST_SHARING,
        Duration.ofMillis(200),
        () ->
            Database.value(
                    database,
                    "select case when bool_and(expires_at > clock_timestamp())"
                        + " then count(distinct holder) else 0 end from shard_lease")
                .equals(Integer.toString(processes)));
  }

  /**
   * Creates by the clients of all replicas at the same time.
   *
   * @param cores that each replica is held to; null for no limit
   */
  private static double perSecond(
      List<Replica> replicas, @Nullable Double cores, Connection database) throws SQLException {
    keepLiving(replicas, database);
    if (cores != null) {
      replicas.forEach(replica -> replica.quota().hold(cores));
    }
    try {
      return byAll(replicas, load -> load.during(EACH)).stream()
          .mapToDouble(CreateLoad.Result::perSecond)
          .sum();
    } finally {
      replicas.forEach(replica -> replica.quota().free());
    }
  }

  /** Has the clients of all replicas work at the same time. */
  private static <T> List<T> byAll(List<Replica> replicas, Function<CreateLoad, T> work) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<T>> results =
          replicas.stream()
              .map(
                  replica ->
                      CompletableFuture.supplyAsync(() -> work.apply(replica.load()), threads))
              .toList();
      return results.stream().map(CompletableFuture::join).toList();
    }
  }

  private static Duration compilers(List<Replica> replicas) {
    return replicas.stream()
        .map(replica -> ProcessUse.compilers(replica.server().pid()))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
