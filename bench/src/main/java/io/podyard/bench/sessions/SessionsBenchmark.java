package io.podyard.bench.sessions;

import static io.podyard.bench.Table.figure;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.bench.Folder;
import io.podyard.bench.Groups;
import io.podyard.bench.Machine;
import io.podyard.bench.ProcessUse;
import io.podyard.bench.Server;
import io.podyard.bench.Settings;
import io.podyard.bench.SimulatedHosts;
import io.podyard.bench.Table;
import io.podyard.bench.Waiting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * Resident memory of a server with 200 sessions and followed logs open at once, half of each,
 * beside the same server with a few: what each of them costs, also while all talk and some do not
 * read.
 */
public final class SessionsBenchmark {

  private static final double LIMIT_MIB = 100;
  private static final int FEW = 5;
  private static final int STALLED = 20;
  private static final int ROUNDS = 50;
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final PrintStream out = System.out;
  private final int sessions = Settings.number("BENCH_SESSIONS", 200);

  private SessionsBenchmark() {}

  public static void main(String[] args) throws Exception {
    new SessionsBenchmark().run();
  }

  private void run() throws IOException, InterruptedException, SQLException {
    out.printf("SESSIONS: %d commands and followed logs at once%n", sessions);
    Machine.describe(out);
    try (Folder folder = Folder.make()) {
      Path data = folder.path().resolve("data");
      try (SimulatedHosts _ = SimulatedHosts.start(data, 3, "16vCPU/64GiB");
          Server server = Server.start(data, SimulatedHosts.FOR_SERVER);
          PodyardClient client = server.client();
          Connection database = server.database().connect()) {
        String group = group(client, database);
        measure(server, client, group);
      }
    }
    Machine.describeLoad(out);
  }

  private static String group(PodyardClient client, Connection database) throws SQLException {
    CreateContainerGroupResponse created =
        client.call(
            Action.CREATE_CONTAINER_GROUP,
            Map.of(
                "ContainerGroupName",
                "sessions",
                "Cpu",
                "0.25",
                "Memory",
                "0.5",
                "Container.1.Name",
                "main",
                "Container.1.Image",
                "bench/shell:1",
                "Container.1.Command.1",
                "sh",
                "Container.1.Arg.1",
                "-c",
                "Container.1.Arg.2",
                "echo ready; sleep infinity"),
            CreateContainerGroupResponse.class);
    Duration _ = Groups.awaitSettled(database);
    return String.valueOf(created.containerGroupId());
  }

  private void measure(Server server, PodyardClient client, String group)
      throws IOException, InterruptedException {
    Table table = new Table("", "resident MiB", "more than before", "of the limit");
    // A few of each first: what the server loads for them once is none of the others' cost.
    try (Talks few = talks(server, client, group)) {
      open(few, FEW, FEW, 0);
    }
    double before = ProcessUse.residentMib(server.pid());
    row(table, "a few were open", before, before);
    double most;
    try (Talks talks = talks(server, client, group)) {
      int half = sessions / 2;
      open(talks, half - STALLED, half, STALLED);
      most = ProcessUse.residentMib(server.pid());
      row(table, "all are open and have talked", most, before);
    }
    table.print(out);
    out.printf(
        "%d sessions and followed logs, %d of them never read: %s MiB more, limit %s MiB, ratio"
            + " %s%n",
        sessions,
        STALLED,
        figure(most - before, 0),
        figure(LIMIT_MIB, 0),
        figure((most - before) / LIMIT_MIB, 2));
  }

  private static Talks talks(Server server, PodyardClient client, String group) {
    return new Talks(server.endpoint(), client, server.login(), group);
  }

  /** Opens them and has every one that reads hear what it says, over and over. */
  private static void open(Talks talks, int reading, int following, int stalled)
      throws IOException, InterruptedException {
    for (int i = 0; i < reading; i++) {
      talks.open("cat");
    }
    for (int i = 0; i < following; i++) {
      talks.follow();
    }
    long said = 0;
    for (int round = 0; round < ROUNDS; round++) {
      said += talks.say();
      long wanted = said;
      Waiting.until(
          "all have heard what they said", LONGEST, BETWEEN_LOOKS, () -> talks.heard() >= wanted);
      if (round == 0) {
        for (int i = 0; i < stalled; i++) {
          talks.stall("yes");
        }
      }
    }
  }

  private static void row(Table table, String name, double resident, double before) {
    table.row(
        "  " + name,
        figure(resident, 0),
        figure(resident - before, 0),
        figure((resident - before) / LIMIT_MIB, 2));
  }
}
