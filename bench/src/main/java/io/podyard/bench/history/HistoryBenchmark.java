package io.podyard.bench.history;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done every hour and second with 10,000,000 intervals of others in the tables, of which
 * 100,000 are open, beside the same without them: the time it takes, and the rows of intervals that
 * it reads.
 */
public final class HistoryBenchmark {

  /** One of them, done for the {@code n}-th time; in milliseconds. */
  private interface Step {
    double measure(int n) throws SQLException, IOException, InterruptedException;
  }

  private record Measured(Figures millis, double rowsRead) {}

  private final PrintStream out = System.out;
  private final int intervals = Settings.number("BENCH_INTERVALS", 10_000_000);
  private final int rounds = Settings.number("BENCH_ROUNDS", 9);
  private final HttpClient http = HttpClient.newHttpClient();

  /** Of groups that are closed, so that none has the id of another. */
  private int closes;

  private HistoryBenchmark() {}

  public static void main(String[] args) throws Exception {
    new HistoryBenchmark().run();
  }

  private void run() throws SQLException, IOException, InterruptedException {
    out.println("HISTORY: with many intervals of others, beside the same without");
    Machine.describe(out);
    try (Folder folder = Folder.make();
        Server server = Server.start(folder.path().resolve("data"), SimulatedHosts.FOR_SERVER);
        Connection database = server.database().connect()) {
      ClosedHistory history =
          new ClosedHistory(
              database, Database.value(database, "select id from account order by id limit 1"));
      history.fillOwn();
      long fewIntervals = history.intervals();
      Map<String, Measured> few = measure(server, history);
      long start = System.nanoTime();
      history.fillOthers(intervals);
      out.printf(
          "%,d intervals at first, then %,d, filled in %s s; %d rounds%n",
          fewIntervals, history.intervals(), figure((System.nanoTime() - start) / 1e9, 0), rounds);
      String hour = history.presentHour();
      print(few, measure(server, history));
      if (!history.presentHour().equals(hour)) {
        out.println("an hour passed meanwhile and was settled for the others too: run it again");
      }
    }
    Machine.describeLoad(out);
  }

  private Map<String, Measured> measure(Server server, ClosedHistory history)
      throws SQLException, IOException, InterruptedException {
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(180);
    Map<String, Step> steps = new LinkedHashMap<>();
    steps.put("settle an hour of 100 groups", n -> history.settle());
    steps.put("close 100 intervals", n -> history.close(closes++));
    steps.put("costs of this month", n -> get(server, "/v1/costs"));
    steps.put(
        "usage of a day half a year ago",
        n ->
            get(
                server,
                "/v1/usage?limit=1&from=%sT00:00:00Z&to=%sT00:00:00Z"
                    .formatted(day, day.plusDays(1))));
    Map<String, Measured> measured = new LinkedHashMap<>();
    for (Map.Entry<String, Step> step : steps.entrySet()) {
      // The first one warms up.
      double _ = step.getValue().measure(-1);
      long before = history.rowsRead();
      Figures millis = new Figures();
      for (int i = 0; i < rounds; i++) {
        millis.add(step.getValue().measure(i));
      }
      double read = (double) (history.rowsRead() - before) / rounds;
      measured.put(step.getKey(), new Measured(millis, read));
    }
    return measured;
  }

  private void print(Map<String, Measured> few, Map<String, Measured> many) {
    Table table = new Table("ms", "few p50", "many p50", "ratio", "rows read: few", "many");
    List<String> more = new ArrayList<>();
    few.forEach(
        (what, before) -> {
          Measured after = many.get(what);
          if (after == null) {
            throw new IllegalStateException("not measured: " + what);
          }
          table.row(
              what,
              figure(before.millis().median(), 1),
              figure(after.millis().median(), 1),
              figure(after.millis().median() / before.millis().median(), 2),
              figure(before.rowsRead(), 0),
              figure(after.rowsRead(), 0));
          if (after.rowsRead() > 2 * before.rowsRead() + 1_000) {
            more.add(what);
          }
        });
    table.print(out);
    out.println(
        more.isEmpty()
            ? "nothing reads more rows for what others used"
            : "reads more rows for what others used: " + String.join(", ", more));
  }

  private double get(Server server, String path) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> answer =
        http.send(server.request(path), HttpResponse.BodyHandlers.ofString());
    double millis = (System.nanoTime() - start) / 1e6;
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("answered " + answer.statusCode() + ": " + answer.body());
    }
    return millis;
  }
}
