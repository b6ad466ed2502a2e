package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The runtime of an installation is changed while groups run on the one before. */
@Tag("docker")
class RuntimeChangeTest {

  @TempDir private Path folder;

  @Test
  void groupsOfTheRuntimeBeforeAreStillDrivenAndNewOnesGoToTheNewOne() throws Exception {
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("change", Map.of()).start()) {
      InstallationId installation = installation(server);
      try {
        ContainerGroupId simulated = create(server, "on-simulated");
        Waiting.until("a simulated group", () -> hostOf(server, simulated).startsWith("sim-"));
        server.kill9();

        server.start(Map.of("PODYARD_RUNTIME", "docker"));
        ContainerGroupId real = create(server, "on-docker");
        Waiting.until("it runs", () -> status(server, real).equals("Running"));
        assertThat(hostOf(server, real)).startsWith("docker-");
        delete(server, simulated);
        Waiting.until("the simulated group is gone", () -> status(server, simulated).isEmpty());
        server.kill9();

        // Where groups run, nothing else is taken without being asked for.
        server.launch(
            Map.of("PODYARD_RUNTIME", "auto", "DOCKER_HOST", "unix:///nonexistent/docker.sock"));
        Waiting.until("it gives up", () -> !server.isAlive());
        assertThat(server.lastWords()).contains("groups of this installation run on a Docker");

        server.start(Map.of("PODYARD_RUNTIME", "docker"));
        delete(server, real);
        Waiting.until("the real group is gone", () -> status(server, real).isEmpty());
        engine.mustBeEmptyOf(installation);
        assertThat(server.judge()).contains(" 0 violations");
      } finally {
        engine.clear(installation);
      }
    }
  }

  private static ContainerGroupId create(ServerProcess server, String name) {
    return new ContainerGroupId(
        server
            .client()
            .call(
                Action.CREATE_CONTAINER_GROUP,
                Map.of(
                    "ContainerGroupName",
                    name,
                    "Cpu",
                    "0.25",
                    "Memory",
                    "0.5",
                    "TerminationGracePeriodSeconds",
                    "2",
                    "Container.1.Name",
                    "app",
                    "Container.1.Image",
                    "podyard/tiny:1",
                    "Container.1.Command.1",
                    "sleep",
                    "Container.1.Command.2",
                    "3600"),
                CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static void delete(ServerProcess server, ContainerGroupId group) {
    DeleteContainerGroupResponse response =
        server
            .client()
            .call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", group.value()),
                DeleteContainerGroupResponse.class);
    assertThat(response.requestId()).isNotEmpty();
  }

  private static InstallationId installation(ServerProcess server) {
    return new InstallationId(one(server, "select id from installation"));
  }

  private static String hostOf(ServerProcess server, ContainerGroupId group) {
    return one(server, "select host_id from reservation where group_id = ?", group.value());
  }

  private static String status(ServerProcess server, ContainerGroupId group) {
    return one(server, "select status from container_group where id = ?", group.value());
  }

  /** What a query gives, empty if it gives nothing. */
  private static String one(ServerProcess server, String sql, Object... values) {
    var access = server.database();
    JdbcTemplate jdbc =
        new JdbcTemplate(
            new DriverManagerDataSource(access.jdbcUrl(), access.userName(), access.password()));
    List<String> found = jdbc.queryForList(sql, String.class, values);
    return found.isEmpty() ? "" : found.getFirst();
  }
}
