package io.podyard.bench.bill;

import static io.podyard.bench.Table.figure;

import io.podyard.bench.Database;
import io.podyard.bench.Figures;
import io.podyard.bench.Folder;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bill of a month of 1,000,000 lines: added up by a tag through the REST door, beside the same
 * sums by plain SQL, the two taking turns; and downloaded as a file, with what memory the server
 * takes for it.
 */
public final class BillBenchmark {

  private static final double GOAL_SECONDS = 2;
  private static final int WARM_UP = 3;
  private static final long BETWEEN_LOOKS = 10_000_000;
  private static final Pattern SUM =
      Pattern.compile("\\{\"value\":\"([^\"]*)\",\"amount\":\"([^\"]*)\"}");

  private final PrintStream out = System.out;
  private final int lines = Settings.number("BENCH_LINES", 1_000_000);
  private final int rounds = Settings.number("BENCH_ROUNDS", 9);
  private final HttpClient http = HttpClient.newHttpClient();

  private BillBenchmark() {}

  public static void main(String[] args) throws Exception {
    new BillBenchmark().run();
  }

  private void run() throws SQLException, IOException, InterruptedException {
    out.println("BILL: a month added up by a tag, beside the same sums by SQL; and downloaded");
    Machine.describe(out);
    try (Folder folder = Folder.make();
        Server server = Server.start(folder.path().resolve("data"), SimulatedHosts.FOR_SERVER);
        Connection database = server.database().connect()) {
      ManyLines many =
          new ManyLines(
              database, Database.value(database, "select id from account order by id limit 1"));
      int groups = many.fill(lines);
      String count = Database.value(database, "select count(*) from charge_line");
      out.printf("%s lines of %,d groups, %d pairs%n", count, groups, rounds);
      sums(server, many);
      for (String what : List.of("lines", "focus")) {
        download(server, what);
      }
    }
    Machine.describeLoad(out);
  }

  private void sums(Server server, ManyLines many)
      throws SQLException, IOException, InterruptedException {
    Figures asked = new Figures();
    Figures read = new Figures();
    for (int i = -WARM_UP; i < rounds; i++) {
      long start = System.nanoTime();
      String answer =
          new String(
              get(server, "?groupBy=tag:team").body().readAllBytes(), StandardCharsets.UTF_8);
      long middle = System.nanoTime();
      List<String> raw = many.sums();
      long end = System.nanoTime();
      if (!raw.equals(sums(answer))) {
        throw new IllegalStateException("other sums than by SQL: " + answer);
      }
      if (i >= 0) {
        asked.add((middle - start) / 1e9);
        read.add((end - middle) / 1e9);
      }
    }
    new Table("seconds", "bill p50", "worst", "SQL p50", "worst", "ratio of p50")
        .row(
            "by tag",
            figure(asked.median(), 2),
            figure(asked.quantile(1), 2),
            figure(read.median(), 2),
            figure(read.quantile(1), 2),
            figure(asked.median() / read.median(), 2))
        .print(out);
    out.printf(
        "the bill by tag takes %s s (goal %s s)%n",
        figure(asked.median(), 2), figure(GOAL_SECONDS, 0));
  }

  private static List<String> sums(String answer) {
    List<String> sums = new ArrayList<>();
    Matcher found = SUM.matcher(answer);
    while (found.find()) {
      sums.add(found.group(1) + "=" + found.group(2));
    }
    return sums;
  }

  private void download(Server server, String what) throws IOException, InterruptedException {
    double before = ProcessUse.residentMib(server.pid());
    double most = before;
    long bytes = 0;
    long looked = 0;
    long rows = 0;
    long start = System.nanoTime();
    HttpResponse<InputStream> answer = get(server, "/" + what);
    byte[] buffer = new byte[1 << 20];
    try (InputStream body = answer.body()) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        bytes += read;
        for (int i = 0; i < read; i++) {
          rows += buffer[i] == '\n' ? 1 : 0;
        }
        if (bytes - looked >= BETWEEN_LOOKS) {
          looked = bytes;
          most = Math.max(most, ProcessUse.residentMib(server.pid()));
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(
        "%s: %,d rows, %s MB in %s s, %s rows/s; the server's memory grew by %s MiB%n",
        what,
        rows,
        figure(bytes / 1e6, 0),
        figure(seconds, 1),
        figure(rows / seconds, 0),
        figure(most - before, 0));
  }

  private HttpResponse<InputStream> get(Server server, String rest)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(
            server.request("/v1/bills/" + ManyLines.MONTH + rest),
            HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          "answered "
              + answer.statusCode()
              + ": "
              + new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }
    return answer;
  }
}
