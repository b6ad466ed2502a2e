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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The server dies while a host is given up, and while one is drained; the next one goes on. */
class HostLossKillTest {

  private static final int GROUPS = 6;

  @Test
  void whatAKilledProcessBeganWithAHostTheNextOneFinishes() throws Exception {
    try (ServerProcess server =
            ServerProcess.in("loss", Map.of("PODYARD_HOST_LOST_AFTER", "10s"))
                .start(Map.of("PODYARD_CRASH_AT", "hostLost:after:1"));
        Inspection inspection = Inspection.of(server.database(), server.socket());
        SimulatedHostsClient hosts = new SimulatedHostsClient(server.socket())) {
      List<ContainerGroupId> groups = create(server, GROUPS);
      Waiting.until("running groups", () -> inspection.allAre(groups, "Running"));
      String lost = hostOf(inspection, groups.getFirst());
      List<ContainerGroupId> there = on(inspection, groups, lost);
      hosts.configure(
          new FaultPlan(
              FaultPlan.NONE.latency(),
              List.of(),
              List.of(),
              List.of(),
              List.of(new FaultPlan.Outage(lost, 0, 0)),
              List.of()));
      assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
      assertThat(state(inspection, lost)).isEqualTo("LOST");
      assertThat(inspection.allAre(there, "Running")).as("nothing more than that").isTrue();

      server.launch(Map.of("PODYARD_CRASH_AT", "transition:before:1"));
      assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
      server.launch(Map.of("PODYARD_CRASH_AT", "transition:after:1"));
      assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
      server.start();
      Waiting.until("the end of the groups", () -> inspection.allAre(there, "Failed"));
      assertThat(
              inspection
                  .jdbc()
                  .queryForList(
                      "select group_id from reservation where host_id = ?", String.class, lost))
          .isEmpty();
      there.forEach(group -> assertThat(inspection.events(group, "HostLost")).isEqualTo(1));
      String content = server.judge();
      assertThat(content).contains("0 violations");

      drained(server, inspection);
      hosts.configure(FaultPlan.NONE);
      Waiting.until("its return", () -> state(inspection, lost).equals("READY"));
      inspection.mustBeContent();
      inspection.nothingWasBilledTwice();
      assertThat(server.errors()).allMatch(line -> line.contains(" is lost; its groups end"));
    }
  }

  private static void drained(ServerProcess server, Inspection inspection) throws Exception {
    List<ContainerGroupId> groups = create(server, 2);
    Waiting.until("running groups", () -> inspection.allAre(groups, "Running"));
    String host = hostOf(inspection, groups.getFirst());
    List<ContainerGroupId> there = on(inspection, groups, host);
    String draining =
        OperatorCalls.post(server, "/v1/hosts/" + host + "/drain", "{\"deadlineSeconds\": 2}");
    assertThat(draining).contains("Draining");
    server.kill9();
    assertThat(inspection.allAre(there, "Running")).isTrue();
    server.launch(Map.of("PODYARD_CRASH_AT", "beginStop:before:1"));
    assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
    server.start();
    Waiting.until("the end of the groups", () -> inspection.allAre(there, "Failed"));
    assertThat(
            inspection
                .jdbc()
                .queryForList(
                    "select distinct reason from container_group where host_id = ?"
                        + " and status = 'Failed'",
                    String.class,
                    host))
        .containsExactly("HostDrained");
    Waiting.until(
        "an empty host",
        () ->
            inspection
                .jdbc()
                .queryForList(
                    "select group_id from reservation where host_id = ?", String.class, host)
                .isEmpty());
    assertThat(state(inspection, host)).isEqualTo("DRAINING");
  }

  private static List<ContainerGroupId> create(ServerProcess server, int count) {
    List<ContainerGroupId> groups = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      groups.add(
          new ContainerGroupId(
              server
                  .client()
                  .call(
                      Action.CREATE_CONTAINER_GROUP,
                      Map.of(
                          "ContainerGroupName",
                          "loss",
                          "Container.1.Name",
                          "app",
                          "Container.1.Image",
                          "podyard/app:1"),
                      CreateContainerGroupResponse.class)
                  .containerGroupId()));
    }
    return groups;
  }

  private static String hostOf(Inspection inspection, ContainerGroupId group) {
    return String.valueOf(
        inspection
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group.value()));
  }

  private static List<ContainerGroupId> on(
      Inspection inspection, List<ContainerGroupId> groups, String host) {
    return groups.stream().filter(group -> hostOf(inspection, group).equals(host)).toList();
  }

  private static String state(Inspection inspection, String host) {
    return String.valueOf(
        inspection
            .jdbc()
            .queryForObject("select state from host where id = ?", String.class, host));
  }
}
