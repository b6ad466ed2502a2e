package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerStateResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The lives of groups as their owner sees them, on two small hosts. */
class LifecycleTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "4vCPU/8GiB")
                .with("podyard.scheduling-deadline", "4s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** The hosts are small: no test leaves anything to the next. */
  @AfterEach
  void deleteAll() {
    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      DescribeContainerGroupsResponse page = groups.list("NextToken=" + next);
      page.containerGroups().forEach(group -> ids.add(group.containerGroupId()));
      next = page.nextToken();
    } while (next != null && !next.isEmpty());
    ids.forEach(id -> groups.delete(id, "Force=true"));
    ids.forEach(groups::untilGone);
  }

  private static ContainerStateResponse state(ContainerGroupResponse group) {
    return Objects.requireNonNull(group.containers().getFirst().currentState());
  }

  @Test
  void theRestartPolicySaysWhatBecomesOfAContainerThatEnded() {
    String always = groups.create(Groups.shell("echo once more", "RestartPolicy=Always"));
    String onFailure = groups.create(Groups.shell("exit 2", "RestartPolicy=OnFailure"));
    String done = groups.create(Groups.shell("echo done", "RestartPolicy=OnFailure"));
    String failed = groups.create(Groups.shell("exit 3", "RestartPolicy=Never"));
    String succeeded = groups.create(Groups.shell("sleep 0.2", "RestartPolicy=Never"));

    for (String id : List.of(done, succeeded)) {
      ContainerGroupResponse group = groups.untilStatus(id, "Succeeded");
      assertThat(group.succeededTime()).isNotNull();
      assertThat(state(group).state()).isEqualTo("Terminated");
      assertThat(state(group).exitCode()).isZero();
    }
    ContainerGroupResponse bad = groups.untilStatus(failed, "Failed");
    assertThat(bad.failedTime()).isNotNull();
    assertThat(state(bad).exitCode()).isEqualTo(3);

    for (String id : List.of(always, onFailure)) {
      ContainerGroupResponse group =
          groups.until(id, "backs off", g -> "CrashLoopBackOff".equals(state(g).reason()));
      assertThat(state(group).state()).isEqualTo("Waiting");
      assertThat(group.status()).isEqualTo("Running");
      assertThat(groups.reasons(id)).contains("BackOff");
    }
    // As in Kubernetes, the first restart comes at once, the second one after ten seconds.
    for (String id : List.of(always, onFailure)) {
      groups.until(id, "was started again and again", group -> restarts(group) >= 2);
    }
    assertThat(groups.log(always, "main", "LastTime=true")).isEqualTo("once more\n");
    assertThat(
            Objects.requireNonNull(groups.get(onFailure).containers().getFirst().previousState())
                .exitCode())
        .isEqualTo(2);
  }

  private static int restarts(ContainerGroupResponse group) {
    Integer count = group.containers().getFirst().restartCount();
    return count == null ? 0 : count;
  }

  @Test
  void anImageThatCannotBeFetchedIsSaidAndTriedAgain() {
    String id = groups.create(Groups.shell("true", "Container.1.Image=registry.test/not-found:1"));

    ContainerGroupResponse group =
        groups.until(id, "backs off", g -> "ImagePullBackOff".equals(state(g).reason()));

    assertThat(group.status()).isEqualTo("Pending");
    assertThat(state(group).state()).isEqualTo("Waiting");
    assertThat(state(group).message()).contains("registry.test/not-found:1");
    assertThat(groups.reasons(id)).contains("Scheduled", "Pulling", "Failed", "BackOff");
    assertThat(groups.get(id).events())
        .filteredOn(event -> "Failed".equals(event.reason()))
        .allSatisfy(
            event -> {
              assertThat(event.type()).isEqualTo("Warning");
              assertThat(event.message()).contains("not found");
            });
  }

  @Test
  void aGroupIsPendingWhileOneOfItsContainersHasYetToStart() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Container.2.Name=late",
                "Container.2.Image=registry.test/not-found:1"));

    ContainerGroupResponse group =
        groups.until(id, "has a container that runs", g -> "Running".equals(state(g).state()));
    assertThat(group.status()).isEqualTo("Pending");
    group =
        groups.until(
            id,
            "backs off",
            g ->
                "ImagePullBackOff"
                    .equals(Objects.requireNonNull(g.containers().get(1).currentState()).reason()));
    assertThat(group.status()).isEqualTo("Pending");
  }

  @Test
  void aGroupWaitsForRoomIsToldHowMuchIsMissingAndGetsWhatComesBack() {
    String[] whole = {"Cpu=4", "Memory=8"};
    List<String> holders = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      holders.add(groups.create(Groups.shell("sleep infinity", whole)));
    }
    String waits = groups.create(Groups.shell("sleep infinity", "Cpu=2", "Memory=4"));

    ContainerGroupResponse waiting = groups.get(waits);
    assertThat(waiting.status()).isEqualTo("Scheduling");
    assertThat(state(waiting).state()).isEqualTo("Waiting");
    assertThat(state(waiting).message())
        .contains("None of 2 hosts of cn-hangzhou", "2 vCPU and 4 GiB");
    assertThat(waiting.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.reason()).isEqualTo("FailedScheduling");
              assertThat(event.message()).isEqualTo(state(waiting).message());
            });

    groups.delete(holders.getFirst(), "Force=true");
    groups.untilStatus(waits, "Running");

    String inVain = groups.create(Groups.shell("sleep infinity", whole));
    ContainerGroupResponse failed = groups.untilStatus(inVain, "ScheduleFailed");
    assertThat(state(failed).message()).contains("No host had room in time");
    assertThat(failed.failedTime()).isNotNull();
  }

  @Test
  void whatNoHostCouldEverTakeIsRefusedAtOnce() {
    PodyardCallException refused =
        groups.refusal(Action.CREATE_CONTAINER_GROUP, Groups.shell("true", "Cpu=8", "Memory=16"));
    assertThat(refused.errorCode()).contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(refused.getMessage()).contains("the largest offers 4 vCPU, 8 GiB");
    assertThat(groups.list().totalCount()).isZero();
  }

  @Test
  void aGroupThatOutlivesItsTimeFails() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity", "ActiveDeadlineSeconds=1", "TerminationGracePeriodSeconds=0"));

    ContainerGroupResponse group = groups.untilStatus(id, "Failed");

    assertThat(group.failedTime()).isNotNull();
    assertThat(state(group).state()).isEqualTo("Terminated");
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select reason from container_group where id = ?", String.class, id))
        .isEqualTo("DeadlineExceeded");
  }

  @Test
  void aDryRunChecksEverythingAndMakesNothing() {
    assertThat(dryRun("sleep 1").errorCode()).contains(ErrorCode.DRY_RUN_OPERATION);
    assertThat(dryRun("sleep 1").httpStatus()).isEqualTo(400);
    assertThat(dryRun("sleep 1", "Cpu=2", "Memory=4").getMessage())
        .contains("The group would cost 0.00012252 CNY per second (0.441072 CNY per hour).");
    assertThat(dryRun("sleep 1", "Container.1.Name=Bad_Name").getMessage())
        .contains("Container.1.Name");
    assertThat(dryRun("sleep 1", "Cpu=8", "Memory=16").errorCode())
        .contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(groups.list().totalCount()).isZero();
    // Nothing is remembered of it either: the token is free.
    Map<String, String> real = Groups.shell("sleep infinity", "ClientToken=dry");
    assertThat(dryRun("sleep infinity", "ClientToken=dry").errorCode())
        .contains(ErrorCode.DRY_RUN_OPERATION);
    assertThat(groups.create(real)).isEqualTo(groups.create(real));
  }

  private PodyardCallException dryRun(String line, String... more) {
    Map<String, String> parameters = Groups.shell(line, more);
    parameters.put("DryRun", "true");
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, parameters);
  }

  @Test
  void pagesShowEveryGroupOnceNewestFirst() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      created.add(groups.create(Groups.shell("true", "RestartPolicy=Never")));
    }
    List<String> seen = new ArrayList<>();
    String next = null;
    int pages = 0;
    do {
      DescribeContainerGroupsResponse page =
          next == null ? groups.list("Limit=4") : groups.list("Limit=4", "NextToken=" + next);
      assertThat(page.totalCount()).isEqualTo(11);
      assertThat(page.containerGroups()).hasSizeBetween(1, 4);
      page.containerGroups().forEach(group -> seen.add(group.containerGroupId()));
      next = page.nextToken();
      pages++;
    } while (next != null && !next.isEmpty());
    Collections.reverse(created);
    assertThat(seen).isEqualTo(created);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void filtersMustAllMatch() {
    String web =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "ContainerGroupName=web",
                "ZoneId=cn-hangzhou-b",
                "VSwitchId=vsw-web",
                "SecurityGroupId=sg-web",
                "ResourceGroupId=rg-web",
                "Tag.1.Key=app",
                "Tag.1.Value=web",
                "Tag.2.Key=env"));
    String job =
        groups.create(
            Groups.shell(
                "true",
                "ContainerGroupName=job",
                "ZoneId=cn-hangzhou-g",
                "RestartPolicy=Never",
                "Tag.1.Key=app",
                "Tag.1.Value=job"));
    groups.untilStatus(web, "Running");
    groups.untilStatus(job, "Succeeded");

    assertThat(ids()).containsExactly(job, web);
    for (String filter :
        List.of(
            "ContainerGroupName=web",
            "Status=Running",
            "ZoneId=cn-hangzhou-b",
            "VSwitchId=vsw-web",
            "SecurityGroupId=sg-web",
            "ResourceGroupId=rg-web",
            "Tag.1.Key=env",
            "ContainerGroupIds=[\"" + web + "\",\"eci-unknown\"]")) {
      assertThat(ids(filter)).as(filter).containsExactly(web);
    }
    assertThat(ids("Tag.1.Key=app")).containsExactly(job, web);
    assertThat(ids("Tag.1.Key=app", "Tag.1.Value=job")).containsExactly(job);
    assertThat(ids("Tag.1.Key=app", "Tag.1.Value=job", "Tag.2.Key=env")).isEmpty();
    assertThat(ids("Tag.1.Key=app", "Tag.1.Value=")).isEmpty();
    assertThat(ids("Status=Running", "ContainerGroupName=job")).isEmpty();
  }

  private List<String> ids(String... filters) {
    return groups.list(filters).containerGroups().stream()
        .map(ContainerGroupResponse::containerGroupId)
        .toList();
  }

  @Test
  void deletingWaitsForAGentleEndUnlessItIsForced() {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Container.1.Image=registry.test/ignores-stop:1",
                "TerminationGracePeriodSeconds=3600"));
    groups.untilStatus(id, "Running");

    groups.delete(id);
    groups.untilStatus(id, "Terminating");
    groups.delete(id);
    groups.until(
        id,
        "is being stopped",
        group -> group.events().stream().map(EventResponse::reason).anyMatch("Killing"::equals));
    assertThat(groups.get(id).status()).isEqualTo("Terminating");

    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertThat(
            groups
                .refusal(Action.DELETE_CONTAINER_GROUP, Groups.parameters("ContainerGroupId=" + id))
                .errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }
}
