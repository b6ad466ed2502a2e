package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two servers on one database and the same hosts: one stands still or dies, the other goes on. */
class TwoProcessesTest {

  private static final int CLIENTS = 4;
  private static final int MOST_ALIVE = 15;
  private static final int SOME_GROUPS = 15;

  /** A server that stands still, and since when, by {@code nanoTime}. */
  private record Frozen(ServerProcess server, long since) {}

  @Test
  void oneIsFrozenAndOneIsKilledAndTheOtherTakesOverEachTime() throws Exception {
    SplittableRandom random = Length.random(TwoProcessesTest.class);
    int rounds = Length.of(1, 6);
    try (ServerPair pair = ServerPair.start("two");
        Inspection inspection = pair.inspect()) {
      Told told = new Told();
      somethingThatStays(pair, told, inspection);
      for (int i = 1; i <= rounds; i++) {
        ServerProcess freezing = pair.driving(inspection);
        try (Burst _ = burst(pair.other(freezing), "f" + i, random, told)) {
          aBurst(told);
          frozenAndBack(pair, freezeInTransaction(pair, freezing, inspection), told, inspection);
          aBurst(told);
        }
        ServerProcess dying = pair.driving(inspection);
        try (Burst _ = burst(pair.other(dying), "k" + i, random, told)) {
          aBurst(told);
          pair.makeDrive(dying, inspection);
          killed(pair, dying, told, inspection);
          aBurst(told);
        }
        if (i < rounds) {
          dying.start();
        }
      }
      Aftermath.mustBeClean(told, pair.driving(inspection).client(), inspection);
      System.out.printf("two processes: %s%n", told);
    }
  }

  /** Groups that no client deletes. */
  private static void somethingThatStays(ServerPair pair, Told told, Inspection inspection) {
    List<String> tokens =
        IntStream.range(0, 20)
            .mapToObj(i -> "stays-" + i)
            .filter(GroupKinds::runsOn)
            .limit(3)
            .toList();
    for (String token : tokens) {
      told.asked(token);
      CreateContainerGroupResponse response =
          pair.ask(
              Action.CREATE_CONTAINER_GROUP,
              GroupKinds.simulated().parameters(token),
              CreateContainerGroupResponse.class);
      told.created(token, new ContainerGroupId(response.containerGroupId()));
    }
    awaitRunning(told.steady(), told, inspection);
  }

  private static Burst burst(
      ServerProcess server, String prefix, SplittableRandom random, Told told) {
    return Burst.start(server.client(), prefix, random.nextLong(), CLIENTS, MOST_ALIVE, told);
  }

  private static void aBurst(Told told) {
    int before = told.groups();
    Waiting.until("a burst", () -> told.groups() > before + SOME_GROUPS);
  }

  /** Lets go and tries again until the driver stands still with a transaction open. */
  private static Frozen freezeInTransaction(
      ServerPair pair, ServerProcess server, Inspection inspection) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < end) {
      pair.makeDrive(server, inspection);
      server.freeze();
      long since = System.nanoTime();
      if (hasTransactionOpen(pair.sessionName(server), inspection)
          && pair.drives(server, inspection)) {
        return new Frozen(server, since);
      }
      server.resume();
      Waiting.during(Duration.ofMillis(20), server::isAlive);
    }
    throw new AssertionError("no transaction was open at any freeze");
  }

  private static boolean hasTransactionOpen(String sessions, Inspection inspection) {
    return Boolean.TRUE.equals(
        inspection
            .jdbc()
            .queryForObject(
                """
                select count(*) > 0 from pg_stat_activity
                where application_name = ? and state like 'idle in transaction%'
                """,
                Boolean.class, sessions));
  }

  /**
   * Stands still until the other one has taken over and has done some work, and then goes on with
   * what it was about to do.
   */
  private static void frozenAndBack(
      ServerPair pair, Frozen frozen, Told told, Inspection inspection) throws Exception {
    try {
      Duration takeover = pair.untilDrives(pair.other(frozen.server()), inspection, frozen.since());
      int before = told.groups();
      Waiting.until("new groups", () -> told.groups() > before + SOME_GROUPS);
      Set<ContainerGroupId> made = told.steady();
      awaitRunning(made, told, inspection);
      assertThat(frozen.server().isFrozen()).isTrue();
      System.out.printf(
          "frozen: taken over after %d ms, %d groups running after %d ms%n",
          takeover.toMillis(), made.size(), millisSince(frozen.since()));
    } finally {
      frozen.server().resume();
    }
    Waiting.until("the thaw", frozen.server()::isReady);
  }

  /** Dies with groups half started; they are started by the other one. */
  private static void killed(
      ServerPair pair, ServerProcess server, Told told, Inspection inspection) throws Exception {
    Map<ContainerGroupId, Set<String>> running = inspection.awaitRunning(1, told);
    server.kill9();
    long killed = System.nanoTime();
    Set<ContainerGroupId> begun = told.steady();
    Duration takeover = pair.untilDrives(pair.other(server), inspection, killed);
    awaitRunning(begun, told, inspection);
    inspection.mustStillRun(running, told);
    System.out.printf(
        "killed: taken over after %d ms, %d groups running after %d ms%n",
        takeover.toMillis(), begun.size(), millisSince(killed));
  }

  /** Waits until all of the groups run; those that clients delete meanwhile need not. */
  private static void awaitRunning(Set<ContainerGroupId> groups, Told told, Inspection inspection) {
    Waiting.until(
        "all that were begun to run",
        () -> {
          groups.retainAll(told.steady());
          return inspection.allAre(groups, "Running");
        });
    groups.retainAll(told.steady());
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
