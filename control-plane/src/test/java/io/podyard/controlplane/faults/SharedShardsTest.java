package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two servers share the shards of many hosts, through the death and the sleep of one. */
class SharedShardsTest {

  private static final int GROUPS = 12;

  /** A lease, and what a slow machine adds to it. */
  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  @Test
  void theyShareEvenlyAndTakeOverFromOneAnother() throws Exception {
    try (ServerPair pair =
            ServerPair.start(
                "shards", Map.of("PODYARD_SHARDS", "6", "PODYARD_SIMULATED_HOSTS", "24"));
        Inspection inspection = pair.inspect()) {
      ServerProcess first = pair.first();
      ServerProcess second = pair.other(first);
      Waiting.until("a fair split", () -> share(first, inspection) == 3 && isHeld(inspection));
      assertThat(share(second, inspection)).isEqualTo(3);
      Set<ContainerGroupId> groups = create(pair, "split");
      Waiting.until("all to run", () -> inspection.allAre(groups, "Running"));
      Map<ContainerGroupId, Set<String>> running = new TreeMap<>(inspection.running());

      long killed = System.nanoTime();
      second.kill9();
      Waiting.until("a takeover", () -> share(first, inspection) == 6);
      Duration takeover = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf("killed: taken over after %d ms%n", takeover.toMillis());
      assertThat(takeover).isLessThan(TAKEOVER);
      groups.addAll(create(pair, "alone"));
      Waiting.until("all to run", () -> inspection.allAre(groups, "Running"));
      assertThat(inspection.running()).containsAllEntriesOf(running);

      ServerProcess _ = second.start();
      long started = System.nanoTime();
      Waiting.until("the newcomer's share", () -> share(second, inspection) == 3);
      System.out.printf("newcomer: has its share %d ms after it is ready%n", millis(started));
      Waiting.until("a fair split", () -> share(first, inspection) == 3 && isHeld(inspection));

      first.freeze();
      long frozen = System.nanoTime();
      Waiting.until("a takeover", () -> share(second, inspection) == 6);
      System.out.printf("frozen: taken over after %d ms%n", millis(frozen));
      groups.addAll(created(second, "asleep"));
      Waiting.until("all to run", () -> inspection.allAre(groups, "Running"));
      assertThat(first.isFrozen()).isTrue();
      first.resume();
      Waiting.until("a fair split", () -> share(first, inspection) == 3 && isHeld(inspection));

      groups.addAll(create(pair, "awake"));
      Waiting.until("all to run", () -> inspection.allAre(groups, "Running"));
      inspection.mustBeContent();
      inspection.nothingWasRestarted();
      inspection.deleteAll(first.client());
      inspection.mustBeContent();
    }
  }

  private static long millis(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis();
  }

  /** Shards that a server holds and surely has still. */
  private static int share(ServerProcess server, Inspection inspection) {
    return count(
        inspection, "holder like ? and expires_at > clock_timestamp()", server.pid() + "-%");
  }

  /** Whether every shard is held by somebody. */
  private static boolean isHeld(Inspection inspection) {
    return count(inspection, "expires_at < clock_timestamp() and ? = ''", "") == 0;
  }

  private static int count(Inspection inspection, String where, String parameter) {
    Integer count =
        inspection
            .jdbc()
            .queryForObject(
                "select count(*) from shard_lease where " + where, Integer.class, parameter);
    return count == null ? 0 : count;
  }

  private static Set<ContainerGroupId> create(ServerPair pair, String prefix) {
    Set<ContainerGroupId> groups = new HashSet<>();
    for (Map<String, String> parameters : parameters(prefix)) {
      groups.add(
          new ContainerGroupId(
              pair.ask(
                      Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
                  .containerGroupId()));
    }
    return groups;
  }

  private static Set<ContainerGroupId> created(ServerProcess server, String prefix) {
    Set<ContainerGroupId> groups = new HashSet<>();
    for (Map<String, String> parameters : parameters(prefix)) {
      groups.add(
          new ContainerGroupId(
              server
                  .client()
                  .call(
                      Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
                  .containerGroupId()));
    }
    return groups;
  }

  /** Large ones, so that they are spread over the hosts. */
  private static List<Map<String, String>> parameters(String prefix) {
    return IntStream.range(0, GROUPS)
        .mapToObj(
            i ->
                Map.of(
                    "ClientToken", prefix + i,
                    "ContainerGroupName", prefix + i,
                    "Cpu", "16",
                    "Memory", "64",
                    "TerminationGracePeriodSeconds", "2",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1"))
        .toList();
  }
}
