package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Docker daemon of the only host is killed under its groups, or takes calls and answers none,
 * and comes back later.
 */
@Tag("docker")
class EngineDeathTest {

  @TempDir private Path folder;

  /** Containers end with a daemon as Debian starts it; with another setting they go on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatADaemonThatIsKilledLeavesIsFoundWhenItComesBack(boolean liveRestore) throws Exception {
    try (PrivateEngine engine = PrivateEngine.start(folder, liveRestore)) {
      Map<String, String> environment =
          Map.of("PODYARD_RUNTIME", "docker", "DOCKER_HOST", engine.host());
      try (ServerProcess server = ServerProcess.in("engine", environment).start();
          Inspection inspection =
              Inspection.ofDocker(server.database(), environment, folder.resolve("inspection"))) {
        ContainerGroupId stays = create(server.client(), "stays");
        ContainerGroupId deleted = create(server.client(), "deleted");
        Waiting.until("groups", () -> inspection.allAre(Set.of(stays, deleted), "Running"));
        Set<String> containers = inspection.running().get(stays);

        engine.kill9();
        Waiting.until("it is missed", () -> hostIs(inspection, "UNREACHABLE"));
        ContainerGroupId waits = create(server.client(), "waits");
        delete(server.client(), deleted);
        assertThat(inspection.allAre(Set.of(stays), "Running")).isTrue();
        assertThat(inspection.allAre(Set.of(waits), "Scheduling")).isTrue();

        engine.start();
        Waiting.until("its return", () -> hostIs(inspection, "READY"));
        Waiting.until("what waited", () -> inspection.allAre(Set.of(waits), "Running"));
        Waiting.until("what was deleted", () -> !inspection.onHosts(deleted));
        if (liveRestore) {
          assertThat(inspection.running().get(stays)).isEqualTo(containers);
          assertThat(inspection.allAre(Set.of(stays), "Running")).isTrue();
        } else {
          // Without its sandbox a group is over.
          Waiting.until("what ended with it", () -> inspection.allAre(Set.of(stays), "Failed"));
        }
        inspection.mustBeContent();
        inspection.nothingWasRestarted();
        inspection.nothingWasBilledTwice();
        inspection.deleteAll(server.client());
        inspection.mustBeContent();
      }
    }
  }

  @Test
  void underADaemonThatTakesCallsAndAnswersNoneNothingIsLostAndNothingIsDoneTwice()
      throws Exception {
    try (PrivateEngine engine = PrivateEngine.start(folder, false)) {
      Map<String, String> environment =
          Map.of("PODYARD_RUNTIME", "docker", "DOCKER_HOST", engine.host());
      try (ServerProcess server = ServerProcess.in("mute", environment).start();
          PodyardClient impatient = server.client(Duration.ofSeconds(10));
          Inspection inspection =
              Inspection.ofDocker(server.database(), environment, folder.resolve("inspection"))) {
        ContainerGroupId stays = create(server.client(), "stays");
        ContainerGroupId deleted = create(server.client(), "deleted");
        Waiting.until("groups", () -> inspection.allAre(Set.of(stays, deleted), "Running"));
        Set<String> containers = inspection.running().get(stays);

        engine.freeze();
        // Accepted while the host still counts as ready, and when it does not any more.
        delete(impatient, deleted);
        Waiting.until("it is missed", () -> hostIs(inspection, "UNREACHABLE"));
        ContainerGroupId waits = create(impatient, "waits");
        ContainerGroupId regretted = create(impatient, "regretted");
        delete(impatient, regretted);
        assertThat(status(impatient, stays)).isEqualTo("Running");
        assertThat(inspection.allAre(Set.of(waits), "Scheduling")).isTrue();
        assertThat(engine.isFrozen()).isTrue();

        engine.thaw();
        Waiting.until("its return", () -> hostIs(inspection, "READY"));
        Waiting.until("what waited", () -> inspection.allAre(Set.of(waits), "Running"));
        Waiting.until("what was deleted", () -> !inspection.onHosts(deleted));
        assertThat(inspection.onHosts(regretted)).isFalse();
        assertThat(inspection.running().get(stays)).isEqualTo(containers);
        assertThat(inspection.allAre(Set.of(stays), "Running")).isTrue();
        inspection.mustBeContent();
        inspection.nothingWasRestarted();
        inspection.nothingWasBilledTwice();
        inspection.deleteAll(server.client());
        inspection.mustBeContent();
      }
    }
  }

  private static String status(PodyardClient client, ContainerGroupId group) {
    return client
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + group + "\"]"),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .getFirst()
        .status();
  }

  private static void delete(PodyardClient client, ContainerGroupId group) {
    DeleteContainerGroupResponse acknowledged =
        client.call(
            Action.DELETE_CONTAINER_GROUP,
            Map.of("ContainerGroupId", group.value()),
            DeleteContainerGroupResponse.class);
    assertThat(acknowledged.requestId()).isNotEmpty();
  }

  private static boolean hostIs(Inspection inspection, String state) {
    return inspection
        .jdbc()
        .queryForList("select state from host", String.class)
        .equals(List.of(state));
  }

  private static ContainerGroupId create(PodyardClient client, String name) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ContainerGroupName", name);
    parameters.put("Cpu", "0.25");
    parameters.put("Memory", "0.5");
    parameters.put("TerminationGracePeriodSeconds", "1");
    parameters.put("Container.1.Name", "app");
    parameters.put("Container.1.Image", "podyard/tiny:1");
    parameters.put("Container.1.Command.1", "sleep");
    parameters.put("Container.1.Command.2", "3600");
    return new ContainerGroupId(
        client
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }
}
