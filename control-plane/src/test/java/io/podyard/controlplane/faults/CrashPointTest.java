package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The server dies right before and right after each kind of commit and of engine call. */
class CrashPointTest {

  /** So small that groups have to wait for one another's capacity, and are bound later. */
  private static final Map<String, String> SMALL_HOSTS =
      Map.of("PODYARD_SIMULATED_HOST_SIZE", "4vCPU/16GiB");

  private static final int CLIENTS = 4;
  private static final int MOST_ALIVE = 20;

  /** Every writer and every engine call, on both sides. The first ones are the short form. */
  private static final List<String> POINTS =
      List.of(
          "create:after",
          "transition:before",
          "bind:after",
          "delete:before",
          "createContainer:after",
          "startContainer:before",
          "create:before",
          "transition:after",
          "bind:before",
          "delete:after",
          "createSandbox:before",
          "createSandbox:after",
          "beginPull:before",
          "beginPull:after",
          "createContainer:before",
          "startContainer:after",
          "beginStop:before",
          "beginStop:after",
          "removeContainer:before",
          "removeContainer:after",
          "removeSandbox:before",
          "removeSandbox:after");

  @Test
  void killedAtEachNamedPointItLosesDoublesAndRestartsNothing() throws Exception {
    SplittableRandom random = Length.random(CrashPointTest.class);
    List<String> points = POINTS.subList(0, Length.of(6, POINTS.size()));
    try (ServerProcess server = ServerProcess.in("points", SMALL_HOSTS).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      // In which some groups have addresses; enough for all that are alive, and used again and
      // again.
      inspection
          .jdbc()
          .update(
              """
              insert into vswitch (account_id, region, id, zone, cidr)
              select a.id, h.region, 'vsw-burst-' || n, h.zone, ('192.168.5' || n || '.0/27')::cidr
              from account a cross join (select * from host order by id limit 1) h
                   cross join generate_series(1, 2) n
              """);
      Told told = new Told();
      try (Burst _ =
          Burst.start(server.client(), "p", random.nextLong(), CLIENTS, MOST_ALIVE, told)) {
        Waiting.until("groups that wait for others", () -> told.groups() > 60);
        server.kill9();
        for (String point : points) {
          String occurrence = point + ":" + (1 + random.nextInt(4));
          // The clients go on asking, so sooner or later every point is reached.
          server.launch(Map.of("PODYARD_CRASH_AT", occurrence));
          assertThat(server.diedWithin(Duration.ofMinutes(2))).as(occurrence).isTrue();
        }
        server.start();
      }
      assertThat(
              inspection.jdbc().queryForList("select address from vswitch_address", String.class))
          .isNotEmpty();
      Aftermath.mustBeClean(told, server.client(), inspection);
      assertThat(server.errors()).isEmpty();
      System.out.printf("kills at %d points: %s%n", points.size(), told);
    }
  }
}
