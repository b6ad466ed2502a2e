package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two servers on one database and the same hosts: one stands still or dies, the other goes on. */
@EnabledIfSystemProperty(named = "podyard.long", matches = "true")
class TwoProcessesTest {

  /** The lease lives for four seconds and is looked at once a second. */
  /** Printed below; a lease lives 4 s, the rest is for machines that are busy otherwise. */
  private static final Duration LONGEST_TAKEOVER = Duration.ofSeconds(30);

  private static final Duration FREEZE = Duration.ofSeconds(10);
  private static final int CLIENTS = 4;
  private static final int MOST_ALIVE = 15;

  @Test
  void oneIsFrozenAndOneIsKilledAndTheOtherTakesOverEachTime() throws Exception {
    SplittableRandom random = Length.random(TwoProcessesTest.class);
    try (ServerPair pair = ServerPair.start("two", Map.of(), Map.of());
        Inspection inspection = pair.inspect()) {
      Told told = new Told();
      ServerProcess driving = pair.first();
      ServerProcess other = pair.second();
      for (int i = 0; i < Length.of(1, 6); i++) {
        try (Burst _ =
            Burst.start(other.client(), "f" + i, random.nextLong(), CLIENTS, MOST_ALIVE, told)) {
          aBurst(told);
          frozenAndBack(pair, driving, told, inspection);
          aBurst(told);
        }
        ServerProcess taken = driving;
        driving = other;
        other = taken;
        try (Burst _ =
            Burst.start(other.client(), "k" + i, random.nextLong(), CLIENTS, MOST_ALIVE, told)) {
          aBurst(told);
          killed(driving, told, inspection);
          aBurst(told);
        }
        driving.start();
        taken = driving;
        driving = other;
        other = taken;
      }
      Aftermath.mustBeClean(told, other.client(), inspection);
      System.out.printf("two processes: %s%n", told);
    }
  }

  private static void aBurst(Told told) {
    int before = told.groups();
    Waiting.until("a burst", () -> told.groups() > before + 15);
  }

  /**
   * Stands still for longer than its lease lives, and then goes on with what it was about to do.
   */
  private static void frozenAndBack(
      ServerPair pair, ServerProcess server, Told told, Inspection inspection) throws Exception {
    long epoch = ServerPair.epoch(inspection);
    int before = told.groups();
    long frozen = freezeInTransaction(pair, server, inspection);
    try {
      Duration takeover = ServerPair.untilTakenOver(inspection, epoch, frozen);
      assertThat(takeover).isLessThan(LONGEST_TAKEOVER);
      Waiting.until("the end of the freeze", () -> System.nanoTime() - frozen > FREEZE.toNanos());
      assertThat(told.groups()).as("groups made meanwhile").isGreaterThan(before);
      System.out.printf(
          "frozen: taken over after %d ms, %d groups made in %s%n",
          takeover.toMillis(), told.groups() - before, FREEZE);
    } finally {
      server.resume();
    }
  }

  /** Lets go and tries again until it stands still with a transaction open, and so with locks. */
  private static long freezeInTransaction(
      ServerPair pair, ServerProcess server, Inspection inspection) throws Exception {
    String name = pair.sessionName(server);
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (System.nanoTime() < end) {
      server.freeze();
      long frozen = System.nanoTime();
      Boolean open =
          inspection
              .jdbc()
              .queryForObject(
                  """
                  select count(*) > 0 from pg_stat_activity
                  where application_name = ? and state like 'idle in transaction%'
                  """,
                  Boolean.class, name);
      if (Boolean.TRUE.equals(open)) {
        return frozen;
      }
      server.resume();
      Waiting.during(Duration.ofMillis(20), server::isAlive);
    }
    throw new AssertionError("no transaction was open at any freeze");
  }

  /** Dies with groups half started; they are started by the other one. */
  private static void killed(ServerProcess server, Told told, Inspection inspection)
      throws Exception {
    long epoch = ServerPair.epoch(inspection);
    Map<ContainerGroupId, Set<String>> running = inspection.running();
    server.kill9();
    long killed = System.nanoTime();
    Set<ContainerGroupId> begun = told.steady();
    Duration takeover = ServerPair.untilTakenOver(inspection, epoch, killed);
    assertThat(takeover).isLessThan(LONGEST_TAKEOVER);
    begun.retainAll(told.steady());
    Waiting.until(
        "all that were begun to run",
        () -> {
          begun.retainAll(told.steady()); // some are deleted meanwhile
          return inspection.allAre(begun, "Running");
        });
    inspection.mustStillRun(running, told);
    System.out.printf(
        "killed: taken over after %d ms, %d groups running after %d ms%n",
        takeover.toMillis(), begun.size(), Duration.ofNanos(System.nanoTime() - killed).toMillis());
  }
}
