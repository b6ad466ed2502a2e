package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.docker.DockerEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with data folders of their own on one real engine, with room for two networks. */
@Tag("docker")
class TwoOnDockerTest {

  @TempDir private static Path folder;
  private static RealEngine engine;
  private static ServerPair pair;
  private static Inspection inspection;

  @BeforeAll
  static void start() throws Exception {
    engine = RealEngine.open(folder.resolve("engine"));
    pair =
        ServerPair.start(
            "two-dock",
            Map.of(
                "PODYARD_RUNTIME",
                "docker",
                "PODYARD_CPU_OVERCOMMIT",
                "4",
                "PODYARD_DOCKER_SUBNETS",
                "10.225.0.0/27:28"));
    inspection = pair.inspectDocker(folder.resolve("inspection"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (pair != null) {
      pair.close();
    }
    if (inspection != null) {
      engine.clear(inspection.installation());
      inspection.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  private static PodyardClient client() {
    return pair.first().client();
  }

  private static String create(String name, String... more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("ContainerGroupName", name);
    parameters.put("Cpu", "0.25");
    parameters.put("Memory", "0.5");
    parameters.put("Container.1.Name", "main");
    parameters.put("Container.1.Image", DockerEngine.TINY_IMAGE);
    for (String parameter : more) {
      int equals = parameter.indexOf('=');
      parameters.put(parameter.substring(0, equals), parameter.substring(equals + 1));
    }
    return String.valueOf(
        client()
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static ContainerGroupResponse group(String id) {
    return client()
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + id + "\"]", "WithEvent", "true"),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .getFirst();
  }

  private static void untilStatus(String id, String status) {
    Waiting.until(id + " is " + status, () -> status.equals(group(id).status()));
  }

  private static void delete(String id) {
    DeleteContainerGroupResponse _ =
        client()
            .call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", id, "Force", "true"),
                DeleteContainerGroupResponse.class);
  }

  private static String log(PodyardClient client, String id) {
    return String.valueOf(
        client
            .call(
                Action.DESCRIBE_CONTAINER_LOG,
                Map.of("ContainerGroupId", id, "ContainerName", "main"),
                DescribeContainerLogResponse.class)
            .content());
  }

  private static boolean isTrue(String question, Object... arguments) {
    return Boolean.TRUE.equals(
        inspection.jdbc().queryForObject(question, Boolean.class, arguments));
  }

  private static String words(String column, String id) {
    return String.valueOf(
        inspection
            .jdbc()
            .queryForObject(
                "select %s from container_group where id = ?".formatted(column), String.class, id));
  }

  @Test
  void theLogOfAContainerThatIsGoneIsReadAtEitherServerAndForgottenByEither() throws Exception {
    String id =
        create(
            "logs",
            "RestartPolicy=Never",
            "Container.1.Command.1=/sandbox",
            "Container.1.Command.2=echo",
            "Container.1.Command.3=last words");
    untilStatus(id, "Succeeded");
    Waiting.until(
        "nothing is on the host any more",
        () -> isTrue("select released_at is not null from container_group where id = ?", id));

    ServerProcess removed = pair.driving(inspection);
    ServerProcess other = pair.other(removed);
    assertThat(log(removed.client(), id)).isEqualTo("last words\n");
    assertThat(log(other.client(), id)).isEqualTo("last words\n");
    assertThat(isTrue("select count(*) = 1 from kept_log where group_id = ?", id)).isTrue();

    // Whoever kept it need not be there to forget it.
    pair.makeDrive(other, inspection);
    delete(id);
    Waiting.until(
        "all is forgotten",
        () ->
            isTrue(
                """
                select not exists (select 1 from kept_log where group_id = ?)
                  and not exists (select 1 from group_remains where group_id = ?)
                """,
                id,
                id));
  }

  @Test
  void aGroupWithoutASubnetSaysSoAndRunsOnceThereIsOne() {
    String[] forHours = {
      "Container.1.Command.1=/sandbox", "Container.1.Command.2=sleep", "Container.1.Command.3=3600"
    };
    String first = create("one", with(forHours, "VSwitchId=vsw-1"));
    String second = create("two", with(forHours, "VSwitchId=vsw-2"));
    untilStatus(first, "Running");
    untilStatus(second, "Running");
    String third = create("three", with(forHours, "VSwitchId=vsw-3"));

    Waiting.until("a reason", () -> words("reason", third).equals("NoFreeSubnet"));
    assertThat(group(third).status()).isEqualTo("Scheduling");
    assertThat(words("message", third)).contains("no subnet left", "vsw-3");
    List<EventResponse> told =
        group(third).events().stream()
            .filter(event -> "NoFreeSubnet".equals(event.reason()))
            .toList();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().type()).isEqualTo("Warning");
    assertThat(told.getFirst().message()).contains("no subnet left", "vsw-3");
    assertThat(isTrue("select count(*) = 0 from usage_interval where group_id = ?", third))
        .isTrue();

    delete(first);
    untilStatus(third, "Running");
    assertThat(words("reason", third)).isEmpty();
    delete(second);
    delete(third);
    Waiting.until(
        "all are gone",
        () -> isTrue("select count(*) = 0 from container_group where name in ('two', 'three')"));
  }

  private static String[] with(String[] some, String another) {
    String[] all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = another;
    return all;
  }

  @Test
  void netAdminIsRefusedUnlessTheOperatorAllowsIt() {
    assertThatThrownBy(
            () -> create("admin", "Container.1.SecurityContext.Capability.Add.1=NET_ADMIN"))
        .isInstanceOf(PodyardCallException.class)
        .hasMessageContaining("PODYARD_ALLOWED_CAPABILITIES");
  }
}
