package io.podyard.bench.replicas;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.CreateLoad;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  /** How many groups of each server's clients live when they are measured. */
  private static final int LIVING_EACH = 5_000;

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
    warmUp(first, database);
    Table table =
        new Table(
            "round",
            "one at " + CORES_EACH + " core",
            "two",
            "gain",
            "one, all cores",
            "two",
            "gain");
    for (int round = 1; round <= rounds; round++) {
      List<Replica> one = List.of(first);
      awaitSharing(1, database);
      double oneHeld = perSecond(one, CORES_EACH, database);
      double oneFree = perSecond(one, null, database);
      double twoHeld;
      double twoFree;
      try (Replica second = Replica.start(data, beside, clients)) {
        List<Replica> two = List.of(first, second);
        warmUp(second, database);
        awaitSharing(2, database);
        twoHeld = perSecond(two, CORES_EACH, database);
        twoFree = perSecond(two, null, database);
        second.load().keep(0);
      }
      gainHeld.add(twoHeld / oneHeld);
      gainFree.add(twoFree / oneFree);
      table.row(
          Integer.toString(round),
          figure(oneHeld, 0),
          figure(twoHeld, 0),
          figure(twoHeld / oneHeld, 2),
          figure(oneFree, 0),
          figure(twoFree, 0),
          figure(twoFree / oneFree, 2));
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

  private static void warmUp(Replica replica, Connection database) throws SQLException {
    replica.load().warmUp(WARM_UP, LIVING_EACH);
    Duration _ = Groups.awaitSettled(database);
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
    if (cores != null) {
      replicas.forEach(replica -> replica.quota().hold(cores));
    }
    double sum = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CreateLoad.Result>> results = new ArrayList<>();
      for (Replica replica : replicas) {
        results.add(threads.submit(() -> replica.load().during(EACH)));
      }
      for (Future<CreateLoad.Result> each : results) {
        sum += each.get().perSecond();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a load failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      replicas.forEach(replica -> replica.quota().free());
    }
    Duration _ = Groups.awaitSettled(database);
    replicas.forEach(replica -> replica.load().keep(LIVING_EACH));
    Groups.awaitAtMost((long) LIVING_EACH * replicas.size(), database);
    return sum;
  }
}
