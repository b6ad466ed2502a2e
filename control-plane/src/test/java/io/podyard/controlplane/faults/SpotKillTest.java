package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server dies at each step of a release, and two look at the same groups. */
class SpotKillTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PODYARD_SIMULATED_HOSTS",
          "1",
          "PODYARD_SIMULATED_HOST_SIZE",
          "8vCPU/32GiB",
          "PODYARD_SPOT_NOTICE",
          "5s");

  @Test
  void whereverTheServerDiesTheSameGroupGivesWayOnce() throws Exception {
    try (ServerProcess server =
            ServerProcess.in("spot", SETTINGS)
                .start(Map.of("PODYARD_CRASH_AT", "giveWay:before:1"));
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      ContainerGroupId spot = create(server, "4", true);
      ContainerGroupId other = create(server, "4", true);
      Waiting.until("running groups", () -> inspection.allAre(List.of(spot, other), "Running"));
      ContainerGroupId paying = create(server, "4", false);
      dies(server);
      assertThat(noticed(inspection)).isEmpty();

      server.launch(Map.of("PODYARD_CRASH_AT", "giveWay:after:1"));
      dies(server);
      List<String> noticed = noticed(inspection);
      assertThat(noticed).hasSize(1);
      for (String point :
          List.of(
              "beginStop:before:1",
              "beginStop:after:1",
              "transition:before:1",
              "transition:after:1",
              "bind:before:1")) {
        server.launch(Map.of("PODYARD_CRASH_AT", point));
        dies(server);
      }
      server.launch(Map.of("PODYARD_CRASH_AT", "bind:after:1"));
      dies(server);
      server.start();
      Waiting.until("the paying group", () -> inspection.allAre(List.of(paying), "Running"));
      ContainerGroupId gone = new ContainerGroupId(noticed.getFirst());
      ContainerGroupId stays = gone.equals(spot) ? other : spot;
      Waiting.until("the end", () -> inspection.allAre(List.of(gone), "Expired"));
      assertThat(noticed(inspection)).isEqualTo(noticed);
      assertThat(inspection.allAre(List.of(stays), "Running")).isTrue();
      assertThat(inspection.events(gone, "SpotToBeReleased")).isEqualTo(1);
      assertThat(inspection.events(gone, "SpotReleased")).isEqualTo(1);
      inspection.mustBeContent();
      inspection.nothingWasBilledTwice();
    }
  }

  @Test
  void twoServersAskTheSameGroupOnceAndTheOtherOneFinishesIt() throws Exception {
    try (ServerPair pair = ServerPair.start("spots", SETTINGS);
        Inspection inspection = pair.inspect()) {
      ServerProcess server = pair.first();
      List<ContainerGroupId> spot = List.of(create(server, "4", true), create(server, "4", true));
      Waiting.until("running groups", () -> inspection.allAre(spot, "Running"));
      ContainerGroupId paying = create(server, "4", false);
      Waiting.until("a notice", () -> !noticed(inspection).isEmpty());
      pair.driving(inspection).kill9();
      Waiting.until("the paying group", () -> inspection.allAre(List.of(paying), "Running"));
      List<String> noticed = noticed(inspection);
      assertThat(noticed).hasSize(1);
      ContainerGroupId gone = new ContainerGroupId(noticed.getFirst());
      Waiting.until("the end", () -> inspection.allAre(List.of(gone), "Expired"));
      assertThat(inspection.events(gone, "SpotToBeReleased")).isEqualTo(1);
      inspection.mustBeContent();
      inspection.nothingWasBilledTwice();
    }
  }

  private static void dies(ServerProcess server) throws Exception {
    assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
  }

  private static List<String> noticed(Inspection inspection) {
    return inspection
        .jdbc()
        .queryForList("select group_id from spot_group where noticed_at is not null", String.class);
  }

  private static ContainerGroupId create(ServerProcess server, String vcpu, boolean spot) {
    Map<String, String> parameters =
        new HashMap<>(
            Map.of(
                "ContainerGroupName",
                "spot",
                "Cpu",
                vcpu,
                "Memory",
                "16",
                "TerminationGracePeriodSeconds",
                "1",
                "Container.1.Name",
                "app",
                "Container.1.Image",
                "podyard/app:1"));
    if (spot) {
      parameters.put("SpotStrategy", "SpotAsPriceGo");
      parameters.put("SpotDuration", "0");
    }
    return new ContainerGroupId(
        server
            .client()
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }
}
