package io.podyard.bench.describe;

import static io.podyard.bench.Table.figure;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.SmallGroup;
import io.podyard.bench.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Signed DescribeContainerGroups of a page of 20 among 100,000 live and 1,000,000 ended groups of
 * one account, the first page and one in the middle, beside the same rows by plain JDBC. The two
 * take turns.
 */
public final class DescribeBenchmark {

  private static final int PAGE = 20;
  private static final int WARM_UP = 1_000;
  private static final double LIMIT = 2;

  private final PrintStream out = System.out;
  private final int live = Settings.number("BENCH_GROUPS", 100_000);
  private final int ended = Settings.number("BENCH_ENDED", 1_000_000);
  private final int rounds = Settings.number("BENCH_ROUNDS", 2_000);

  private DescribeBenchmark() {}

  public static void main(String[] args) throws SQLException {
    new DescribeBenchmark().run();
  }

  private void run() throws SQLException {
    out.println("DESCRIBE: a page of 20 groups through the RPC door, beside the same rows by SQL");
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          PodyardClient client = server.client();
          Connection database = server.database().connect()) {
        String like = fill(client, database);
        measure(server, client, database, like);
      }
    }
    Machine.describeLoad(out);
  }

  /** Answers the id of the one group that is real. */
  private String fill(PodyardClient client, Connection database) throws SQLException {
    String like =
        Objects.requireNonNull(
            client
                .call(
                    Action.CREATE_CONTAINER_GROUP,
                    SmallGroup.request(),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Duration _ = Groups.awaitSettled(database);
    ManyGroups many = new ManyGroups(database);
    many.takeLeases();
    many.live(like, live);
    many.ended(like, ended);
    many.settle();
    return like;
  }

  private void measure(Server server, PodyardClient client, Connection database, String like)
      throws SQLException {
    String account = of(database, "account_id", like);
    String region = of(database, "region", like);
    out.printf(
        "%,d live and %,d ended groups of one account, %,d pairs of each kind%n",
        live, ended, rounds);
    String deep = tokenAfter(client, live / 2);
    String deepId = lastBefore(client, deep);
    Table table =
        new Table("milliseconds", "Describe p50", "p99", "SQL p50", "p99", "ratio of p50");
    double worst = 0;
    try (RawPage raw = new RawPage(database, account, region, PAGE)) {
      worst = Math.max(worst, pairs("first page", server, client, null, raw, "zzzz", table));
      worst =
          Math.max(worst, pairs("page in the middle", server, client, deep, raw, deepId, table));
    }
    table.print(out);
    out.printf("a page costs %s times its rows (limit %s)%n", figure(worst, 2), figure(LIMIT, 0));
  }

  private double pairs(
      String name,
      Server server,
      PodyardClient client,
      @Nullable String token,
      RawPage raw,
      String after,
      Table table)
      throws SQLException {
    for (int i = 0; i < WARM_UP; i++) {
      int _ = page(client, token).containerGroups().size();
      int _ = raw.read(after);
    }
    Figures asked = new Figures();
    Figures read = new Figures();
    Duration before = ProcessUse.alone(server.pid());
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      if (page(client, token).containerGroups().size() != PAGE) {
        throw new IllegalStateException("not a whole page");
      }
      long middle = System.nanoTime();
      int _ = raw.read(after);
      asked.add((middle - start) / 1e6);
      read.add((System.nanoTime() - middle) / 1e6);
    }
    Duration used = ProcessUse.alone(server.pid()).minus(before);
    double ratio = asked.median() / read.median();
    table.row(
        name + ", server's processor time " + figure(used.toNanos() / 1e6 / rounds, 2),
        figure(asked.median(), 2),
        figure(asked.quantile(0.99), 2),
        figure(read.median(), 2),
        figure(read.quantile(0.99), 2),
        figure(ratio, 2));
    return ratio;
  }

  /** Of an answer what the benchmark looks at; the raw side makes nothing of its rows either. */
  private record Page(List<Group> containerGroups, String nextToken) {}

  private record Group(String containerGroupId) {}

  private static Page page(PodyardClient client, @Nullable String token) {
    return client.call(
        Action.DESCRIBE_CONTAINER_GROUPS,
        DescribeContainerGroupsRequest.builder().limit(PAGE).nextToken(token).build(),
        Page.class);
  }

  /** Goes through the pages, as a client does that wants them all. */
  private static String tokenAfter(PodyardClient client, int groups) {
    @Nullable String token = null;
    for (int seen = 0; seen < groups; seen += PAGE) {
      token = page(client, token).nextToken();
    }
    return Objects.requireNonNull(token);
  }

  /** The id that sorts right after the first group of the page. */
  private static String lastBefore(PodyardClient client, String token) {
    return page(client, token).containerGroups().getFirst().containerGroupId() + "!";
  }

  private static String of(Connection database, String column, String id) throws SQLException {
    return Database.value(
        database, "select %s from container_group where id = '%s'".formatted(column, id));
  }
}
