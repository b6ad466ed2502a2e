package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.testing.Waiting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The region and the zones of an installation are changed between two starts. */
class RegionChangeTest {

  @Test
  void theRegionChangesOnlyWithoutGroupsAndZonesOnlyWhereThereAreNone() throws Exception {
    try (ServerProcess server =
        ServerProcess.in("region", Map.of("PODYARD_SIMULATED_HOSTS", "2")).start()) {
      String first = create(server, "first");
      Waiting.until("it runs", () -> "Running".equals(only(server).status()));
      assertThat(only(server).regionId()).isEqualTo("cn-hangzhou");
      String zone = Objects.requireNonNull(only(server).zoneId());
      server.kill9();

      server.launch(Map.of("PODYARD_REGION", "cn-beijing"));
      Waiting.until("it gives up", () -> !server.isAlive());
      assertThat(server.lastWords())
          .contains(
              "PODYARD_REGION is cn-beijing, but a group runs on hosts of region cn-hangzhou."
                  + " Start with PODYARD_REGION=cn-hangzhou");

      server.start(Map.of("PODYARD_ZONES", "cn-hangzhou-z"));
      assertThat(only(server).status()).isEqualTo("Running");
      assertThat(only(server).zoneId()).isEqualTo(zone);
      assertThat(server.lastWords()).contains("Hosts that hold groups stay where they are");
      // Larger than what the first group leaves of its host.
      String second = create(server, "second", "Cpu", "16", "Memory", "64");
      Waiting.until("the second runs", () -> "Running".equals(group(server, second).status()));
      assertThat(group(server, second).zoneId()).isEqualTo("cn-hangzhou-z");
      for (String id : List.of(first, second)) {
        server
            .client()
            .call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", id, "Force", "true"),
                Action.DELETE_CONTAINER_GROUP.responseType());
      }
      Waiting.until("nothing is left", () -> groups(server).isEmpty());
      server.kill9();

      server.start(Map.of("PODYARD_REGION", "cn-beijing"));
      String third = create(server, "third");
      Waiting.until("the third runs", () -> "Running".equals(group(server, third).status()));
      assertThat(group(server, third).regionId()).isEqualTo("cn-beijing");
      assertThat(group(server, third).zoneId()).startsWith("cn-beijing-");
      assertThat(server.judge()).contains(" 0 violations");
    }
  }

  private static String create(ServerProcess server, String name, String... size) {
    Map<String, String> parameters =
        new HashMap<>(
            Map.of(
                "ContainerGroupName", name,
                "Cpu", "0.25",
                "Memory", "0.5",
                "Container.1.Name", "app",
                "Container.1.Image", "podyard/tiny:1",
                "Container.1.Command.1", "sleep",
                "Container.1.Command.2", "3600"));
    for (int i = 0; i < size.length; i += 2) {
      parameters.put(size[i], size[i + 1]);
    }
    return Objects.requireNonNull(
        server
            .client()
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static List<ContainerGroupResponse> groups(ServerProcess server) {
    return server
        .client()
        .call(Action.DESCRIBE_CONTAINER_GROUPS, Map.of(), DescribeContainerGroupsResponse.class)
        .containerGroups();
  }

  private static ContainerGroupResponse only(ServerProcess server) {
    assertThat(groups(server)).hasSize(1);
    return groups(server).getFirst();
  }

  private static ContainerGroupResponse group(ServerProcess server, String id) {
    return groups(server).stream()
        .filter(group -> id.equals(group.containerGroupId()))
        .findFirst()
        .orElseThrow();
  }
}
