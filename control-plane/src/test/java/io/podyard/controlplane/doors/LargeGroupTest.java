package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A group that needs a whole host, among many small ones that keep coming. */
class LargeGroupTest {

  private static final Map<String, String> SMALL =
      Groups.shell("sleep 3600", "Cpu=2", "Memory=8", "TerminationGracePeriodSeconds=0");

  @Test
  void aHostIsKeptForItAndTheSmallOnesGoOnElsewhere() throws Exception {
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "8vCPU/32GiB")
                .with("podyard.keep-host-after", "2s"))) {
      Groups groups = Groups.ofNewAccount(server);
      Groups others = Groups.ofNewAccount(server);
      Deque<String> small = new ArrayDeque<>();
      for (int i = 0; i < 8; i++) {
        small.add(others.create(SMALL));
      }
      small.forEach(id -> others.untilStatus(id, "Running"));
      String large = groups.create(Groups.shell("sleep 3600", "Cpu=8", "Memory=32"));
      Waiting.until("a kept host", () -> kept(server).size() == 1);
      ListedHost host = kept(server).getFirst();
      assertThat(host.keptFor()).hasToString(large);
      assertThat(host.keptUntil()).isNotNull();

      // What becomes free there stays free; whoever waits is told why.
      String gone = onHost(server, host, small);
      small.remove(gone);
      others.delete(gone);
      Waiting.until("its room", () -> kept(server).getFirst().groups() == 3);
      String waiting = others.create(SMALL);
      Waiting.until(
          "the reason", () -> message(server, waiting).contains("1 kept for a larger request"));
      small.add(waiting);

      // The others take turns on the other host, while those on the kept one end.
      int wentOn = 0;
      for (int i = 0; i < 3; i++) {
        String elsewhere = onHost(server, other(server, host), small);
        small.remove(elsewhere);
        others.delete(elsewhere);
        small.add(others.create(SMALL));
        Waiting.until("a place elsewhere", () -> waiting(server) <= 2);
        wentOn++;
        assertThat(groups.get(large).status()).isEqualTo("Scheduling");
        String ended = onHost(server, host, small);
        small.remove(ended);
        others.delete(ended);
      }
      assertThat(wentOn).isEqualTo(3);
      groups.untilStatus(large, "Running");
      assertThat(hostOf(server, large)).isEqualTo(host.id().value());
      Waiting.until("an end of the keeping", () -> kept(server).isEmpty());

      // Nothing is left of it: room that comes back goes to the small ones.
      groups.delete(large);
      small.forEach(id -> others.untilStatus(id, "Running"));
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    }
  }

  @Test
  void aHostIsGivenBackWhenTheGroupIsDeletedOrItsTimeIsOver() throws Exception {
    try (TestServer server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "8vCPU/32GiB")
                .with("podyard.keep-host-after", "1s")
                .with("podyard.scheduling-deadline", "20s"))) {
      Groups groups = Groups.ofNewAccount(server);
      String first = groups.create(SMALL);
      groups.untilStatus(first, "Running");
      String deleted = groups.create(Groups.shell("sleep 3600", "Cpu=8", "Memory=32"));
      Waiting.until("a kept host", () -> kept(server).size() == 1);
      String behind = groups.create(SMALL);
      assertThat(groups.get(behind).status()).isEqualTo("Scheduling");
      groups.delete(deleted);
      groups.untilStatus(behind, "Running");

      String late = groups.create(Groups.shell("sleep 3600", "Cpu=8", "Memory=32"));
      Waiting.until("a kept host", () -> kept(server).size() == 1);
      String patient = groups.create(SMALL);
      groups.untilStatus(late, "ScheduleFailed");
      groups.untilStatus(patient, "Running");
    }
  }

  private static List<ListedHost> kept(TestServer server) {
    return server.bean(HostListing.class).page(null, 10).stream()
        .filter(host -> host.keptFor() != null)
        .toList();
  }

  private static ListedHost other(TestServer server, ListedHost host) {
    return server.bean(HostListing.class).page(null, 10).stream()
        .filter(each -> !each.id().equals(host.id()))
        .findFirst()
        .orElseThrow();
  }

  /** One of the groups that is on a host. */
  private static String onHost(TestServer server, ListedHost host, Deque<String> groups) {
    return groups.stream()
        .filter(id -> host.id().value().equals(hostOf(server, id)))
        .findFirst()
        .orElseThrow();
  }

  private static String hostOf(TestServer server, String group) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select coalesce(host_id, '') from container_group where id = ?",
                String.class,
                group));
  }

  private static int waiting(TestServer server) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select count(*) from container_group where host_id is null", Integer.class));
  }

  private static String message(TestServer server, String group) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select message from container_group where id = ?", String.class, group));
  }
}
