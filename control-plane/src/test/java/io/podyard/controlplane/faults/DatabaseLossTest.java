package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.postgres.LocalPostgres;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/**
 * PostgreSQL is killed, or hangs, and comes back: refusals meanwhile, no lies, and nothing dies
 * with it.
 */
class DatabaseLossTest {

  /**
   * The server answers after 2.8 s at the latest, because clients of the contract give up after
   * three. What is measured here has the way to the client and back in it, on a machine that is
   * busy with the server, the database and other tests: 2.2 s more are for that. It is less than
   * two such waits one after the other, so it is seen if they add up.
   */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private static final int CLIENTS = 4;
  private static final int MOST_ALIVE = 25;

  @Test
  void theEmbeddedDatabaseIsKilledAgainAndAgainAndComesBackByItself() throws Exception {
    SplittableRandom random = Length.random(DatabaseLossTest.class);
    int losses = Length.of(3, 20);
    try (ServerProcess server = ServerProcess.in("dbloss", Map.of()).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      Told told = new Told();
      try (Burst _ =
          Burst.start(server.client(), "d", random.nextLong(), CLIENTS, MOST_ALIVE, told)) {
        for (int i = 0; i < losses; i++) {
          int before = told.groups();
          Waiting.until("a burst", () -> told.groups() > before + 20);
          Waiting.during(Duration.ofMillis(random.nextInt(500)), server::isAlive);
          Map<ContainerGroupId, Set<String>> running = inspection.awaitRunning(5, told);
          ServerProcess.signal("KILL", postmaster(server.folder().resolve("postgres")));
          inspection.mustStillRun(running, told);
        }
        int before = told.groups();
        Waiting.until("a burst after the last loss", () -> told.groups() > before + 20);
      }
      Aftermath.mustBeClean(told, server.client(), inspection);
      inspection.mustBeDurable();
      assertThat(told.slowest()).isLessThan(LONGEST_ANSWER);
      System.out.printf("%d losses of the database: %s%n", losses, told);
    }
  }

  @Test
  void whileTheDatabaseIsGoneCallsAreRefusedInTimeAndMadeGoodAfterwards() throws Exception {
    Path folder = Path.of("target", "faults", "outage-pg").toAbsolutePath();
    FileSystemUtils.deleteRecursively(folder);
    LocalPostgres postgres = LocalPostgres.open(folder);
    try (ServerProcess server =
        ServerProcess.in(
            "outage",
            Map.of(
                "SPRING_DATASOURCE_URL", postgres.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", postgres.userName(),
                "SPRING_DATASOURCE_PASSWORD", postgres.password()))) {
      server.start();
      PodyardClient client = server.client(Duration.ofSeconds(20));
      String made = create(client, "before-the-outage");
      try (Inspection inspection = Inspection.of(postgres.access(), server.socket())) {
        Waiting.until(() -> inspection.withStatus("Running").size() == 1);
        Map<ContainerGroupId, Set<String>> running = inspection.running();

        ServerProcess.signal("KILL", postgres.pid());
        // Its sessions end by themselves a moment later.
        Waiting.until("unreadiness", () -> !server.isReady());
        for (int i = 0; i < Length.of(4, 20); i++) {
          refused(() -> create(client, "in-the-outage"));
          refused(() -> describe(client));
        }
        assertThat(server.isReady()).isFalse();
        assertThat(inspection.running()).isEqualTo(running);

        postgres.close();
        postgres = LocalPostgres.open(folder);
        Waiting.until("readiness", server::isReady);
        assertThat(createAtLast(client, "before-the-outage")).isEqualTo(made);
        long hanging = hangSessionOfLeases(inspection);
        String repeated = createAtLast(client, "in-the-outage");
        Waiting.until(() -> inspection.withStatus("Running").size() == 2);
        assertThat(describe(client)).containsExactlyInAnyOrder(made, repeated);
        assertThat(inspection.running()).containsAllEntriesOf(running);
        ServerProcess.signal("CONT", hanging);
        inspection.mustBeContent();
        inspection.nothingWasRestarted();

        Collection<Long> sessions = hang(postgres);
        try {
          for (int i = 0; i < Length.of(4, 20); i++) {
            refused(() -> create(client, "in-the-hang"));
            refused(() -> describe(client));
          }
        } finally {
          for (long pid : sessions) {
            // One that was just ending is gone once the first process can take note of it.
            boolean _ = ServerProcess.reaches("CONT", pid);
          }
        }
        assertThat(createAtLast(client, "before-the-outage")).isEqualTo(made);
        String last = createAtLast(client, "in-the-hang");
        Waiting.until(() -> inspection.withStatus("Running").size() == 3);
        assertThat(describe(client)).containsExactlyInAnyOrder(made, repeated, last);
        inspection.mustBeContent();
        inspection.nothingWasRestarted();
      }
    } finally {
      postgres.close();
      FileSystemUtils.deleteRecursively(folder);
    }
  }

  /**
   * Makes the database session hang that renews the leases: its server must not wait for it for
   * ever.
   *
   * @return its pid
   */
  private static long hangSessionOfLeases(Inspection inspection) throws Exception {
    String idle =
        """
        select pid from pg_stat_activity
        where application_name = 'podyard-lease' and state = 'idle'
        """;
    while (true) {
      Long session =
          inspection.jdbc().query(idle, (row, n) -> row.getLong(1)).stream()
              .findFirst()
              .orElse(-1L);
      if (session > 0) {
        ServerProcess.signal("STOP", session);
        if (inspection.jdbc().query(idle, (row, n) -> row.getLong(1)).contains(session)) {
          return session;
        }
        // In the middle of a statement it would hold locks, and that is another story.
        ServerProcess.signal("CONT", session);
      }
    }
  }

  /**
   * Makes all of it stand still: connections stay, new ones are accepted, and nothing answers.
   *
   * @return the pids that have to go on
   */
  private static Collection<Long> hang(LocalPostgres postgres) throws Exception {
    ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
    Collection<Long> stopped = new LinkedHashSet<>();
    // The first process first: then there are no new ones.
    ServerProcess.signal("STOP", postmaster.pid());
    stopped.add(postmaster.pid());
    for (ProcessHandle child : postmaster.children().toList()) {
      if (child.isAlive()) {
        ServerProcess.signal("STOP", child.pid());
        stopped.add(child.pid());
      }
    }
    return stopped;
  }

  private static long postmaster(Path folder) throws Exception {
    return Long.parseLong(
        Files.readAllLines(folder.resolve("data").resolve("postmaster.pid")).getFirst().strip());
  }

  /** Refused as the contract has it, and before its clients give up. */
  private static void refused(ThrowingCallable call) {
    long asked = System.nanoTime();
    assertThatThrownBy(call)
        .asInstanceOf(type(PodyardCallException.class))
        .satisfies(
            refusal -> {
              assertThat(refusal.httpStatus()).isEqualTo(503);
              assertThat(refusal.errorCode()).contains(ErrorCode.SERVICE_UNAVAILABLE);
              assertThat(refusal.requestId()).isNotEmpty();
            });
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(LONGEST_ANSWER);
  }

  /** As clients should, which repeat what was refused for now. */
  private static String createAtLast(PodyardClient client, String token) {
    AtomicReference<String> made = new AtomicReference<>();
    Waiting.until(
        "an answer",
        () -> {
          try {
            made.set(create(client, token));
            return true;
          } catch (PodyardCallException e) {
            if (e.httpStatus() != 503) {
              throw e;
            }
            return false;
          }
        });
    return made.get();
  }

  private static String create(PodyardClient client, String token) {
    return client
        .call(
            Action.CREATE_CONTAINER_GROUP,
            Map.of(
                "ClientToken",
                token,
                "ContainerGroupName",
                token,
                "Container.1.Name",
                "app",
                "Container.1.Image",
                "podyard/app:1"),
            CreateContainerGroupResponse.class)
        .containerGroupId();
  }

  private static List<String> describe(PodyardClient client) {
    return client
        .call(Action.DESCRIBE_CONTAINER_GROUPS, Map.of(), DescribeContainerGroupsResponse.class)
        .containerGroups()
        .stream()
        .map(group -> String.valueOf(group.containerGroupId()))
        .toList();
  }
}
