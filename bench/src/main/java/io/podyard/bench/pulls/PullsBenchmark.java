package io.podyard.bench.pulls;

import static io.podyard.bench.Table.figure;

import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.PodyardGroup;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SmallGroup;
import io.podyard.bench.Table;
import io.podyard.bench.Waiting;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * From a create to Running of a group whose image of 100 MB is nowhere yet, in the content store
 * alone, in an image cache of its host, or on its host anyway, with what the registry sends for
 * each. Then of fifty groups of one image at once.
 */
public final class PullsBenchmark implements AutoCloseable {

  private static final int HOSTS = 5;
  private static final int BYTES_PER_SECOND = 10_000_000;
  private static final int LAYERS = 4;
  private static final int LAYER_BYTES = 25_000_000;
  private static final int WARM_UP_LAYER_BYTES = 1_000_000;
  private static final int PAIRS = 3;
  private static final int MANY = 50;
  private static final double MOST_OF_CACHED = 1.1;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** Where the image is when a group is created. */
  private enum Way {
    COLD("nowhere"),
    STORED("in the content store"),
    CACHED("in an image cache of the host"),
    THERE("on the host");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  /** What was seen of one way. */
  private record Seen(Figures millis, Figures bytes, Figures requests) {
    Seen() {
      this(new Figures(), new Figures(), new Figures());
    }
  }

  private final PrintStream out = System.out;
  private final int rounds = Settings.number("BENCH_ROUNDS", 5);
  private final Map<Way, Seen> seen = new EnumMap<>(Way.class);
  private final Figures manyCold = new Figures();
  private final Figures manyThere = new Figures();
  private final Figures manyBytes = new Figures();
  private final Figures manyReads = new Figures();
  private final Figures manyHosts = new Figures();
  private final PullHosts hosts;
  private final LimitedRegistry registry;
  private final PodyardClient client;
  private final Connection database;

  private PullsBenchmark(
      PullHosts hosts, LimitedRegistry registry, PodyardClient client, Connection database) {
    this.hosts = hosts;
    this.registry = registry;
    this.client = client;
    this.database = database;
    for (Way way : Way.values()) {
      seen.put(way, new Seen());
    }
  }

  public static void main(String[] args) throws SQLException {
    PrintStream out = System.out;
    out.println(
        "PULLS: create to Running of an image of 100 MB from a registry of 10 MB/s, by where the"
            + " image is");
    Machine.describe(out);
    if (!"root".equals(System.getProperty("user.name"))) {
      System.err.println(
          "pulls starts Docker daemons in network namespaces of their own, which takes root");
      System.exit(1);
    }
    try (Folder folder = Folder.make();
        PullHosts hosts = PullHosts.start(folder.path(), HOSTS);
        LimitedRegistry registry = LimitedRegistry.start(BYTES_PER_SECOND);
        Server server = server(folder.path(), hosts);
        PodyardClient client = server.client();
        Connection database = server.database().connect();
        PullsBenchmark benchmark = new PullsBenchmark(hosts, registry, client, database)) {
      out.printf(
          "%d engines in network namespaces of their own, such as %s; %s%n",
          HOSTS, hosts.engine(0).describe(), Database.durability(database));
      hosts.awaitReady(database);
      benchmark.run();
    }
    Machine.describeLoad(out);
  }

  private static Server server(Path folder, PullHosts hosts) {
    return Server.start(
        folder.resolve("data"),
        Map.of(
            "PODYARD_RUNTIME",
            "none",
            "PODYARD_INVENTORY",
            hosts.declare(folder.resolve("inventory.yaml")).toString()));
  }

  private void run() throws SQLException {
    // One group runs on each host all the time, so the account's network is there.
    for (int host = 0; host < hosts.count(); host++) {
      PodyardGroup _ =
          PodyardGroup.start(client, request(SmallGroup.IMAGE, hosts.zone(host), null));
    }
    for (int i = 0; i < hosts.count(); i++) {
      round("warm-up-" + i, i, WARM_UP_LAYER_BYTES, false);
    }
    for (int i = 0; i < rounds; i++) {
      round("one-" + i, i, LAYER_BYTES, true);
      many("many-" + i);
    }
    print();
  }

  /** Deletes all groups, so that nothing of them stays in the machine's control groups. */
  @Override
  public void close() throws SQLException {
    String ids =
        Database.value(
            database,
            "select coalesce(string_agg(id, ','), '') from container_group"
                + " where deleted_at is null");
    delete(ids.isEmpty() ? List.of() : List.of(ids.split(",", -1)));
  }

  private void delete(List<String> ids) {
    ids.forEach(id -> PodyardGroup.delete(client, id));
    ids.forEach(hosts::awaitEnd);
  }

  /** Every way once with an image that nobody has seen, the last two in turns. */
  private void round(String name, int number, int layerBytes, boolean counts) {
    MadeImage image = MadeImage.of("bench/" + name, LAYERS, layerBytes);
    String fullName = registry.add(image);
    int first = number % HOSTS;
    int second = (number + 1) % HOSTS;
    int third = (number + 2) % HOSTS;
    start(Way.COLD, first, request(fullName, hosts.zone(first), null), counts);
    start(Way.STORED, second, request(fullName, hosts.zone(second), null), counts);
    HostCache cache = HostCache.make(client, fullName, registry.host(), hosts.zone(third));
    for (int pair = 0; pair < PAIRS; pair++) {
      boolean cachedFirst = (number + pair) % 2 == 0;
      if (cachedFirst) {
        start(Way.CACHED, third, request(fullName, hosts.zone(third), cache), counts);
      }
      start(Way.THERE, first, request(fullName, hosts.zone(first), null), counts);
      if (!cachedFirst) {
        start(Way.CACHED, third, request(fullName, hosts.zone(third), cache), counts);
      }
    }
    cache.delete(client);
    registry.remove(image);
  }

  private void start(Way way, int host, CreateContainerGroupRequest request, boolean counts) {
    LimitedRegistry.Sent before = registry.sent();
    PodyardGroup group = PodyardGroup.start(client, request);
    LimitedRegistry.Sent sent = registry.sent().since(before);
    group.delete(client, hosts.engine(host));
    if (counts) {
      Seen all = seen(way);
      all.millis().add(group.runningMillis());
      all.bytes().add((double) sent.bytes());
      all.requests().add((double) sent.requests());
    }
  }

  private Seen seen(Way way) {
    return Objects.requireNonNull(seen.get(way));
  }

  /** Fifty groups at once of an image that nobody has seen, and again when all hosts have it. */
  private void many(String name) throws SQLException {
    MadeImage image = MadeImage.of("bench/" + name, LAYERS, LAYER_BYTES);
    String fullName = registry.add(image);
    LimitedRegistry.Sent before = registry.sent();
    manyCold.add(startMany(fullName));
    manyBytes.add((double) registry.sent().since(before).bytes());
    manyReads.add(registry.mostReads(image));
    manyThere.add(startMany(fullName));
    registry.remove(image);
  }

  /** Answers how many seconds it took until the last was Running. */
  private double startMany(String image) throws SQLException {
    long running = Groups.in("Running", database);
    long start = System.nanoTime();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      ids.add(PodyardGroup.create(client, request(image, null, null)));
    }
    Waiting.until(
        "the start of " + MANY + " groups",
        LONGEST,
        Duration.ofMillis(50),
        () -> Groups.in("Running", database) == running + MANY);
    double seconds = (System.nanoTime() - start) / 1e9;
    manyHosts.add(
        Double.parseDouble(
            Database.value(
                database,
                "select count(distinct host_id) from container_group where id in ('"
                    + String.join("','", ids)
                    + "')")));
    delete(ids);
    return seconds;
  }

  /**
   * A group of one container that sleeps.
   *
   * @param zone null for any
   * @param cache that it is to start from; null for none
   */
  private CreateContainerGroupRequest request(
      String image, @Nullable String zone, @Nullable HostCache cache) {
    return CreateContainerGroupRequest.builder()
        .containerGroupName("bench")
        .clientToken(UUID.randomUUID().toString())
        .cpu(new BigDecimal("0.25"))
        .memory(new BigDecimal("0.5"))
        .zoneId(zone)
        .imageSnapshotId(cache == null ? null : cache.id())
        .plainHttpRegistry(registry.host())
        .container(
            List.of(
                ContainerRequest.builder()
                    .name("one")
                    .image(image)
                    .imagePullPolicy("IfNotPresent")
                    .build()))
        .build();
  }

  private void print() {
    out.printf(
        "%d rounds after %d to warm up, a new image each; medians, of the registry the most%n",
        rounds, hosts.count());
    double there = seen(Way.THERE).millis().median();
    Table table =
        new Table(
            "  the image is",
            "starts",
            "p50 ms",
            "max ms",
            "over on the host",
            "MB from the registry",
            "requests");
    for (Way way : Way.values()) {
      Seen all = seen(way);
      table.row(
          "  " + way.words,
          Integer.toString(all.millis().values().size()),
          figure(all.millis().median(), 0),
          figure(all.millis().quantile(1), 0),
          figure(all.millis().median() / there, 2),
          figure(all.bytes().quantile(1) / 1e6, 1),
          figure(all.requests().quantile(1), 0));
    }
    table.print(out);
    Seen cached = seen(Way.CACHED);
    out.printf(
        "from a cache a start takes %s times one with the image on the host (goal at most %s), and"
            + " %s bytes from the registry (goal 0)%n",
        figure(cached.millis().median() / there, 2),
        figure(MOST_OF_CACHED, 2),
        figure(cached.bytes().quantile(1), 0));
    out.printf(
        "%d groups of one image on %s hosts: %s s, %s s when all have the image; %s MB from"
            + " the registry, each blob at most %s times (goal 1)%n",
        MANY,
        figure(manyHosts.quantile(0), 0),
        figure(manyCold.median(), 1),
        figure(manyThere.median(), 1),
        figure(manyBytes.quantile(1) / 1e6, 1),
        figure(manyReads.quantile(1), 2));
  }
}
