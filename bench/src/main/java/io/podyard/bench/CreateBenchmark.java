package io.podyard.bench;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Signed creates a second against a running server, beside the raw SQL rate of the same rows on the
 * same PostgreSQL, in pairs; prints each pair and the median ratio.
 */
public final class CreateBenchmark {

  private static final int PAIRS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration EACH = Duration.ofSeconds(10);

  private CreateBenchmark() {}

  public static void main(String[] args) throws SQLException {
    if (args.length != 7) {
      System.err.println(
          "usage: CreateBenchmark <endpoint> <key> <secret> <clients> <jdbc url> <user>"
              + " <password>");
      System.exit(2);
    }
    CreateThroughput door = new CreateThroughput(URI.create(args[0]), args[1], args[2]);
    int clients = Integer.parseInt(args[3]);
    RawCreates raw = new RawCreates(args[4], args[5], args[6]);
    CreateThroughput.Result warm = door.run(clients, WARM_UP);
    print("warm-up: %.0f creates/s%n", warm.perSecond());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      CreateThroughput.Result result = door.run(clients, EACH);
      double limit = raw.perSecond(EACH);
      ratios.add(result.perSecond() / limit);
      print(
          "%d clients: %.0f creates/s (p50 %.1f ms, p99 %.1f ms, %d refused); raw SQL %.0f/s; ratio"
              + " %.3f%n",
          clients,
          result.perSecond(),
          result.p50Ms(),
          result.p99Ms(),
          result.refused(),
          limit,
          result.perSecond() / limit);
    }
    ratios.sort(Double::compare);
    print("median ratio %.3f%n", ratios.get(PAIRS / 2));
  }

  private static void print(String format, Object... arguments) {
    System.out.print(String.format(Locale.ROOT, format, arguments));
  }
}
