package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The server dies between the reservation of a GPU and the start of the container that sees it. */
class GpuKillTest {

  private static final List<String> POINTS =
      List.of("create:after", "createContainer:before", "createContainer:after");

  private static String create(ServerProcess server, String token) {
    return Objects.requireNonNull(
        server
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ClientToken", token,
                    "ContainerGroupName", "gpus",
                    "Cpu", "0.25",
                    "Memory", "0.5",
                    "TerminationGracePeriodSeconds", "1",
                    "Container.1.Name", "app",
                    "Container.1.Image", "podyard/app:1",
                    "Container.1.Gpu", "1"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static String seen(ServerProcess server, String id) {
    return String.valueOf(
            server
                .client()
                .call(
                    Action.EXEC_CONTAINER_COMMAND,
                    Map.of(
                        "ContainerGroupId", id,
                        "ContainerName", "app",
                        "Command", "[\"printenv\",\"NVIDIA_VISIBLE_DEVICES\"]",
                        "Sync", "true"),
                    ExecContainerCommandResponse.class)
                .syncResponse())
        .strip();
  }

  @Test
  void theContainerSeesWhatWasReservedAndNoDeviceIsGivenTwice() throws Exception {
    Map<String, String> settings =
        Map.of(
            "PODYARD_SIMULATED_HOSTS", "1",
            "PODYARD_SIMULATED_HOST_GPUS", POINTS.size() + "xA10",
            "PODYARD_EXAMPLE_PRICES", "true");
    try (ServerProcess server = ServerProcess.in("gpus", settings)) {
      List<String> seen = new ArrayList<>();
      for (String point : POINTS) {
        server.start(Map.of("PODYARD_CRASH_AT", point + ":1"));
        try {
          create(server, "token-" + point);
        } catch (RuntimeException noAnswer) {
          assertThat(server.diedWithin(Duration.ofMinutes(1))).as(noAnswer.toString()).isTrue();
        }
        assertThat(server.diedWithin(Duration.ofMinutes(1))).as(point).isTrue();
        server.start();

        String id = create(server, "token-" + point);
        try (Inspection inspection = Inspection.of(server.database(), server.socket())) {
          Waiting.until(
              id + " runs after " + point,
              () ->
                  "Running"
                      .equals(
                          inspection
                              .jdbc()
                              .queryForObject(
                                  "select status from container_group where id = ?",
                                  String.class,
                                  id)));
          seen.add(seen(server, id));
          inspection.mustBeContent();
        }
        server.kill9();
      }
      assertThat(seen).containsExactlyInAnyOrder("0", "1", "2");
    }
  }
}
