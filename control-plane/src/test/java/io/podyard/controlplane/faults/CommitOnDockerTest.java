package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.CommitTaskResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.testing.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real container becomes an image in a registry although the server dies at each step of it, and
 * a group is started from that image.
 */
@Tag("docker")
class CommitOnDockerTest {

  private static final Map<String, String> SETTINGS =
      Map.of("PODYARD_RUNTIME", "docker", "PODYARD_CPU_OVERCOMMIT", "3");

  /** Where it dies, one after the other, with one and the same task. */
  private static final List<String> POINTS =
      List.of(
          "advanceCommit:before",
          "advanceCommit:after",
          "commitImage:before",
          "commitImage:after",
          // Made, but not noted.
          "advanceCommit:before",
          "pushImage:before",
          "pushImage:after",
          // Pushed, but not noted.
          "finishCommit:before",
          "finishCommit:after",
          "removeImage:before",
          "removeImage:after",
          "clearCommit:before");

  private static final List<String> SHORT =
      List.of("commitImage:before", "commitImage:after", "pushImage:after", "finishCommit:after");

  @TempDir private Path folder;

  private static String create(PodyardClient client, String image, String... command) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ContainerGroupName", "commit");
    parameters.put("Cpu", "0.25");
    parameters.put("Memory", "0.5");
    parameters.put("RestartPolicy", "Never");
    parameters.put("Container.1.Name", "main");
    parameters.put("Container.1.Image", image);
    for (int i = 0; i < command.length; i++) {
      parameters.put("Container.1.Command." + (i + 1), command[i]);
    }
    return String.valueOf(
        client
            .call(Action.CREATE_CONTAINER_GROUP, parameters, CreateContainerGroupResponse.class)
            .containerGroupId());
  }

  private static void untilStatus(PodyardClient client, String id, String status) {
    Waiting.until(
        id + " is " + status,
        () -> {
          List<ContainerGroupResponse> found =
              client
                  .call(
                      Action.DESCRIBE_CONTAINER_GROUPS,
                      Map.of("ContainerGroupIds", "[\"" + id + "\"]"),
                      DescribeContainerGroupsResponse.class)
                  .containerGroups();
          return !found.isEmpty() && status.equals(found.getFirst().status());
        });
  }

  private static String log(PodyardClient client, String id) {
    try {
      return String.valueOf(
          client
              .call(
                  Action.DESCRIBE_CONTAINER_LOG,
                  Map.of("ContainerGroupId", id, "ContainerName", "main"),
                  DescribeContainerLogResponse.class)
              .content());
    } catch (PodyardCallException e) {
      return e.getMessage();
    }
  }

  private static CommitTaskResponse task(PodyardClient client, String id) {
    return client
        .call(
            Action.DESCRIBE_COMMIT_CONTAINER_TASK,
            Map.of("TaskId.1", id),
            DescribeCommitContainerTaskResponse.class)
        .commitTasks()
        .getFirst();
  }

  private static String commit(PodyardClient client, String group, String repository) {
    return String.valueOf(
        client
            .call(
                Action.COMMIT_CONTAINER,
                Map.of(
                    "ContainerGroupId",
                    group,
                    "ContainerName",
                    "main",
                    "Image.Repository",
                    repository,
                    "Image.Tag",
                    "v1"),
                CommitContainerResponse.class)
            .taskId());
  }

  private static void delete(PodyardClient client, String id) {
    DeleteContainerGroupResponse _ =
        client.call(
            Action.DELETE_CONTAINER_GROUP,
            Map.of("ContainerGroupId", id, "Force", "true"),
            DeleteContainerGroupResponse.class);
  }

  @Test
  void aCommitThatIsKilledAtEachStepIsDoneOnceAndLeavesNothing() throws Exception {
    List<String> points = Length.of(1, 2) == 1 ? SHORT : POINTS;
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server = ServerProcess.in("commit", SETTINGS).start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        PodyardClient client = server.client();
        String base = engine.registry() + "/kill/app-0:1";
        String group =
            create(
                client,
                base,
                "/sandbox",
                "write",
                "/kept",
                "by-the-first",
                "then",
                "sleep",
                "3600");
        untilStatus(client, group, "Running");
        server.kill9();
        server.start(Map.of("PODYARD_CRASH_AT", points.getFirst() + ":1"));
        String repository = engine.registry() + "/made/by-commit";
        String task = commit(server.client(), group, repository);
        assertThat(server.diedWithin(Duration.ofMinutes(1))).as(points.getFirst()).isTrue();
        for (String point : points.subList(1, points.size())) {
          server.launch(Map.of("PODYARD_CRASH_AT", point + ":1"));
          assertThat(server.diedWithin(Duration.ofMinutes(1))).as(point).isTrue();
        }
        server.start();
        PodyardClient after = server.client();
        Waiting.until("the task ends", () -> !"Running".equals(task(after, task).taskStatus()));
        CommitTaskResponse done = task(after, task);
        assertThat(done.taskStatus()).as(String.valueOf(done)).isEqualTo("Succeeded");
        assertThat(done.taskProgress()).isEqualTo("100%");
        assertThat(done.commitPhaseInfos())
            .extracting(phase -> phase.phase() + " " + phase.status())
            .containsExactly(
                "PullBaseImage Succeeded",
                "CommitContainer Succeeded",
                "PushCommittedImage Succeeded");
        Waiting.until("nothing of it is on the engine", () -> isEmpty(engine, inspection));
        assertThat(
                inspection
                    .jdbc()
                    .queryForObject(
                        "select count(*) from commit_task where access is not null", Integer.class))
            .as("logins that are kept")
            .isZero();

        String second = create(after, repository + ":v1", "/sandbox", "cat", "/kept");
        untilStatus(after, second, "Succeeded");
        // While an ended container is being removed its log is nowhere for a moment.
        Waiting.until("the file is there", () -> "by-the-first".equals(log(after, second).strip()));
        untilStatus(after, group, "Running");

        String refused = commit(after, group, "127.0.0.1:1/no/registry");
        Waiting.until("it fails", () -> "Failed".equals(task(after, refused).taskStatus()));
        assertThat(task(after, refused).statusMessage()).contains("127.0.0.1:1");
        Waiting.until("nothing of it is on the engine", () -> isEmpty(engine, inspection));

        delete(after, group);
        delete(after, second);
        inspection.awaitSettled();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");
        engine.mustBeEmptyOf(inspection.installation());
        assertThat(server.errors()).isEmpty();
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }

  private static boolean isEmpty(RealEngine engine, Inspection inspection) {
    try {
      return engine.committed(inspection.installation()).isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
