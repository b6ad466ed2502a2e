package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.CommitTaskResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.Fence;
import io.podyard.runtime.simulated.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks that make images of containers (contract section 15), on simulated hosts. */
class CommitActionsTest {

  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  /** Of its own: its hosts fall silent. */
  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "16vCPU/64GiB")
                .with("podyard.commits.deadline", "20s")
                .with("podyard.commits.per-account", "3"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void letHostsAnswer() throws Exception {
    server.hosts().configure(FaultPlan.NONE);
  }

  private static void silenceHosts() {
    try {
      server
          .hosts()
          .configure(
              new FaultPlan(
                  FaultPlan.NONE.latency(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(new FaultPlan.Outage("*", 0, 0)),
                  List.of()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private String running(String... more) {
    String id = groups.create(Groups.shell("sleep infinity", more));
    groups.untilStatus(id, "Running");
    return id;
  }

  private static Map<String, String> request(String group, String repository, String... more) {
    Map<String, String> parameters =
        Groups.parameters(
            "ContainerGroupId=" + group,
            "ContainerName=main",
            "Image.Repository=" + repository,
            "Image.Tag=v1");
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private String commit(String group, String repository) {
    return Objects.requireNonNull(
        groups
            .client()
            .call(
                Action.COMMIT_CONTAINER, request(group, repository), CommitContainerResponse.class)
            .taskId());
  }

  private DescribeCommitContainerTaskResponse tasks(String... filters) {
    return groups.call(
        Action.DESCRIBE_COMMIT_CONTAINER_TASK, DescribeCommitContainerTaskResponse.class, filters);
  }

  private CommitTaskResponse untilOver(String task) {
    Waiting.until(
        task + " is over",
        () -> !"Running".equals(tasks("TaskId.1=" + task).commitTasks().getFirst().taskStatus()));
    return tasks("TaskId.1=" + task).commitTasks().getFirst();
  }

  private static HostId host() {
    return server.runtimes().keySet().iterator().next();
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  @Test
  void aContainerBecomesAnImageThatGroupsStartFrom() throws Exception {
    String group = running("Tag.1.Key=a");
    String task = commit(group, "registry.test/team/app");
    CommitTaskResponse done = untilOver(task);
    assertThat(done.taskStatus()).isEqualTo("Succeeded");
    assertThat(done.taskProgress()).isEqualTo("100%");
    assertThat(done.containerName()).isEqualTo("main");
    assertThat(done.statusMessage()).isNullOrEmpty();
    assertThat(done.taskFinishedTime()).isAfterOrEqualTo(done.taskCreationTime());
    assertThat(done.commitPhaseInfos())
        .extracting(phase -> phase.phase() + " " + phase.status())
        .containsExactly(
            "PullBaseImage Succeeded", "CommitContainer Succeeded", "PushCommittedImage Succeeded");
    Waiting.until(
        "nothing of it is kept",
        () ->
            Boolean.TRUE.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select cleared_at is not null and access is null from commit_task where"
                            + " id = ?",
                        Boolean.class,
                        task)));
    assertThat(server.hosts().engine(host()).committed(installation())).isEmpty();
    String second =
        groups.create(Groups.shell("true", "Container.1.Image=registry.test/team/app:v1"));
    groups.untilStatus(second, "Running");
    groups.delete(second, "Force=true");
    groups.delete(group, "Force=true");
  }

  @Test
  void whatFailsSaysWhyAndCanBeFoundByItsStatus() {
    String group = running();
    String failed = commit(group, "registry.test/pull-denied/app");
    String good = commit(group, "registry.test/good");
    CommitTaskResponse told = untilOver(failed);
    assertThat(told.taskStatus()).isEqualTo("Failed");
    assertThat(told.statusMessage()).contains("denied");
    assertThat(told.taskProgress()).isEqualTo("50%");
    assertThat(told.commitPhaseInfos().getLast().status()).isEqualTo("Failed");
    assertThat(told.commitPhaseInfos().getLast().message()).isEqualTo(told.statusMessage());
    assertThat(untilOver(good).taskStatus()).isEqualTo("Succeeded");

    assertThat(tasks("ContainerGroupId=" + group, "TaskStatus=Failed").commitTasks())
        .extracting(CommitTaskResponse::taskId)
        .containsExactly(failed);
    assertThat(tasks("TaskId.1=" + failed, "TaskStatus=Succeeded").commitTasks()).isEmpty();
    assertThat(tasks("ContainerGroupId=eci-other").totalCount()).isZero();

    List<String> read = new ArrayList<>();
    String token = "";
    do {
      DescribeCommitContainerTaskResponse page = tasks("MaxResults=1", "NextToken=" + token);
      assertThat(page.commitTasks()).hasSize(1);
      assertThat(page.maxResults()).isEqualTo("1");
      assertThat(page.totalCount()).isEqualTo(2);
      read.add(page.commitTasks().getFirst().taskId());
      token = page.nextToken() == null ? "" : page.nextToken();
    } while (!token.isEmpty());
    assertThat(read).containsExactly(good, failed);
    groups.delete(group, "Force=true");
  }

  @Test
  void onlyContainersThatRunBecomeImages() {
    String group =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "RestartPolicy=Never",
                "Container.2.Name=short",
                "Container.2.Image=short:1",
                "Container.2.Command.1=true"));
    groups.untilStatus(group, "Running");
    groups.until(
        group,
        "the short one has ended",
        seen ->
            seen.containers().stream()
                .anyMatch(
                    c ->
                        c.currentState() != null && "Terminated".equals(c.currentState().state())));
    assertThat(refusal(request(group, "registry.test/a", "ContainerName=short")).errorCode())
        .contains(ErrorCode.INCORRECT_STATUS_DETAIL);
    assertThat(refusal(request(group, "registry.test/a", "ContainerName=none")).errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    groups.delete(group, "Force=true");
    String ended = groups.create(Groups.shell("true", "RestartPolicy=Never"));
    groups.untilStatus(ended, "Succeeded");
    assertThat(refusal(request(ended, "registry.test/a")).errorCode())
        .contains(ErrorCode.INCORRECT_STATUS_DETAIL);
    groups.delete(ended);
  }

  private PodyardCallException refusal(Map<String, String> parameters) {
    return groups.refusal(Action.COMMIT_CONTAINER, parameters);
  }

  @Test
  void tasksAreLimitedAndEndAtTheirDeadlineAlsoIfTheHostIsSilent() throws Exception {
    String group = running();
    silenceHosts();
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(commit(group, "registry.test/waits-" + i));
    }
    assertThat(refusal(request(group, "registry.test/waits-3")).errorCode())
        .contains(ErrorCode.QUOTA_EXCEEDED);
    // Another account has a limit of its own and knows nothing of these.
    assertThat(
            Groups.ofNewAccount(server)
                .call(
                    Action.DESCRIBE_COMMIT_CONTAINER_TASK,
                    DescribeCommitContainerTaskResponse.class)
                .totalCount())
        .isZero();
    Waiting.until(
        "what it waits for is told",
        () ->
            String.valueOf(
                    tasks("TaskId.1=" + waiting.getFirst())
                        .commitTasks()
                        .getFirst()
                        .statusMessage())
                .contains("does not answer"));
    for (String task : waiting) {
      CommitTaskResponse told = untilOver(task);
      assertThat(told.taskStatus()).isEqualTo("Failed");
      assertThat(told.statusMessage()).contains("deadline");
    }
    server.hosts().configure(FaultPlan.NONE);
    groups.delete(group, "Force=true");
  }

  @Test
  void anImageWhoseTaskNobodyKnowsIsRemoved() throws Exception {
    String group = running();
    assertThat(untilOver(commit(group, "registry.test/known")).taskStatus())
        .as("the host has tasks")
        .isEqualTo("Succeeded");
    String engineId =
        server
            .hosts()
            .engine(host())
            .view(installation(), new ContainerGroupId(group))
            .containers()
            .getFirst()
            .engineId();
    server
        .hosts()
        .engine(host())
        .commit(
            engineId,
            new CommitOrder(
                installation(), host(), new ContainerGroupId(group), "main", "cct-stale", "", ""),
            OPEN);
    Waiting.until(
        "it is gone",
        () -> {
          try {
            return server.hosts().engine(host()).committed(installation()).isEmpty();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    groups.delete(group, "Force=true");
  }
}
