package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.simulated.FaultPlan;
import io.podyard.runtime.simulated.SimulatedHostsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Two servers drive about five of ten hosts each. Where more than three of the ten vanish within a
 * minute there is an alarm, though each server sees only some of them vanish, and not at the same
 * time.
 */
class SharedMassLossTest {

  private static final int HOSTS = 10;
  private static final int LOST_AFTER_SECONDS = 12;

  /** How much later the hosts of the second server vanish than those of the first. */
  private static final int BETWEEN_SECONDS = 1;

  private static final Duration LONG_AFTER = Duration.ofSeconds(LOST_AFTER_SECONDS + 5);

  @Test
  void neitherOfTwoServersDeclaresHostsLostWhenEachSeesAPartOfThemVanish() throws Exception {
    try (ServerPair pair =
            ServerPair.start(
                "massloss",
                Map.of(
                    "PODYARD_SHARDS",
                    Integer.toString(HOSTS),
                    "PODYARD_SIMULATED_HOSTS",
                    Integer.toString(HOSTS),
                    "PODYARD_SIMULATED_HOST_SIZE",
                    "8vCPU/16GiB",
                    "PODYARD_HOST_LOST_AFTER",
                    LOST_AFTER_SECONDS + "s"));
        Inspection inspection = pair.inspect();
        SimulatedHostsClient hosts = new SimulatedHostsClient(pair.first().socket())) {
      ServerProcess first = pair.first();
      ServerProcess second = pair.other(first);
      List<ContainerGroupId> groups = fill(pair, inspection);

      // Two each, which is 20 % of all hosts for each server and 40 % for both.
      alarm(pair, inspection, hosts, 2);
      Waiting.during(LONG_AFTER, () -> states(inspection, "LOST").isEmpty());

      // 60 %; and one of the servers is killed.
      Set<String> gone = alarm(pair, inspection, hosts, 3);
      second.kill9();
      Waiting.until("a takeover", () -> pair.drives(first, inspection));
      Waiting.during(LONG_AFTER, () -> states(inspection, "UNREACHABLE").equals(gone));
      assertThat(OperatorCalls.get(first, "/v1/hosts")).contains("6 of 10 hosts");
      assertThat(inspection.allAre(groups, "Running")).isTrue();
      backAgain(first, inspection, hosts);
      assertThat(inspection.allAre(groups, "Running")).isTrue();

      // Two hosts are not too many.
      Set<String> lost = Set.of("sim-0001", "sim-0002");
      vanish(hosts, lost, Set.of());
      Waiting.until("a loss", () -> states(inspection, "LOST").equals(lost));
      Waiting.until("the end of their groups", () -> inspection.withStatus("Failed").size() == 2);
      assertThat(alarming(inspection)).isZero();
      inspection.mustBeContent();
      backAgain(first, inspection, hosts);
      assertThat(inspection.withStatus("Running")).hasSize(HOSTS - lost.size());
      inspection.mustBeContent();
      inspection.nothingWasRestarted();
      inspection.nothingWasBilledTwice();
      inspection.deleteAll(first.client());
      inspection.mustBeContent();
    }
  }

  /** One group on each host, for each is as large as a host. */
  private static List<ContainerGroupId> fill(ServerPair pair, Inspection inspection) {
    List<ContainerGroupId> groups = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      Map<String, String> parameters =
          Map.of(
              "ClientToken", "massloss-" + i,
              "ContainerGroupName", "massloss-" + i,
              "Cpu", "8",
              "Memory", "16",
              "TerminationGracePeriodSeconds", "2",
              "Container.1.Name", "app",
              "Container.1.Image", "podyard/app:1");
      CreateContainerGroupResponse made =
          pair.ask(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class);
      groups.add(new ContainerGroupId(made.containerGroupId()));
    }
    Waiting.until("a group on each host", () -> inspection.allAre(groups, "Running"));
    return groups;
  }

  /**
   * Has as many hosts of each server vanish, those of the second one later.
   *
   * @return which, when there is an alarm because of them at both servers
   */
  private static Set<String> alarm(
      ServerPair pair, Inspection inspection, SimulatedHostsClient hosts, int ofEach)
      throws Exception {
    List<ServerProcess> servers = List.of(pair.first(), pair.other(pair.first()));
    List<String> ofFirst = driven(servers.getFirst(), inspection).subList(0, ofEach);
    List<String> ofSecond = driven(servers.getLast(), inspection).subList(0, ofEach);
    long since = System.nanoTime();
    vanish(hosts, ofFirst, ofSecond);
    Set<String> gone = new HashSet<>(ofFirst);
    gone.addAll(ofSecond);
    Waiting.until("an alarm", () -> alarming(inspection) == gone.size());
    System.out.printf("%d hosts: alarm after %d ms%n", gone.size(), millisSince(since));
    for (ServerProcess server : servers) {
      assertThat(OperatorCalls.get(server, "/v1/hosts"))
          .contains("%d of %d hosts".formatted(gone.size(), HOSTS));
      Waiting.until(
          "the metric of " + server.endpoint(), () -> metric(server).equals(gone.size() + ".0"));
    }
    return gone;
  }

  private static void vanish(
      SimulatedHostsClient hosts, Collection<String> now, Collection<String> later)
      throws Exception {
    List<FaultPlan.Outage> outages = new ArrayList<>();
    now.forEach(host -> outages.add(new FaultPlan.Outage(host, 0, 0)));
    later.forEach(host -> outages.add(new FaultPlan.Outage(host, BETWEEN_SECONDS, 0)));
    hosts.configure(
        new FaultPlan(
            FaultPlan.NONE.latency(), List.of(), List.of(), List.of(), outages, List.of()));
  }

  /** The hosts that a server drives, when each of the two has its share of the shards. */
  private static List<String> driven(ServerProcess server, Inspection inspection) {
    List<String> driven = new ArrayList<>();
    Waiting.until(
        "a share of the hosts",
        () -> {
          driven.clear();
          driven.addAll(
              inspection
                  .jdbc()
                  .queryForList(
                      """
                      select h.id from host h join shard_lease l on l.shard = h.shard
                      where l.holder like ? and l.expires_at > clock_timestamp() order by h.id
                      """,
                      String.class,
                      server.pid() + "-%"));
          return driven.size() >= 3 && driven.size() <= HOSTS - 3;
        });
    return driven;
  }

  private static void backAgain(
      ServerProcess server, Inspection inspection, SimulatedHostsClient hosts) throws Exception {
    hosts.configure(FaultPlan.NONE);
    Waiting.until("all hosts", () -> states(inspection, "READY").size() == HOSTS);
    assertThat(alarming(inspection)).isZero();
    Waiting.until("the end of the metric", () -> metric(server).equals("0.0"));
  }

  private static Set<String> states(Inspection inspection, String state) {
    return Set.copyOf(
        inspection.jdbc().queryForList("select id from host where state = ?", String.class, state));
  }

  private static int alarming(Inspection inspection) {
    Integer count =
        inspection
            .jdbc()
            .queryForObject(
                "select count(*) from host where alarmed_at is not null", Integer.class);
    return count == null ? 0 : count;
  }

  /** How many hosts the alarm of a server is about, as its metrics say. */
  private static String metric(ServerProcess server) {
    try {
      return OperatorCalls.get(server, "/actuator/prometheus")
          .lines()
          .filter(line -> line.startsWith("podyard_hosts") && line.contains("alarming"))
          .map(line -> line.substring(line.lastIndexOf(' ') + 1))
          .findFirst()
          .orElse("none");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
