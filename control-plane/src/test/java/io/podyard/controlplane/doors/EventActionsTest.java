package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.ContainerGroupEventResponse;
import io.podyard.api.containergroup.ContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events of groups in the manner of Kubernetes (contract sections 8 and 15). */
class EventActionsTest {

  private final TestServer server = TestServer.shared();
  private final Groups groups = Groups.ofNewAccount(server);

  private DescribeContainerGroupEventsResponse events(String... parameters) {
    return groups.call(
        Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
        DescribeContainerGroupEventsResponse.class,
        parameters);
  }

  private static List<String> ids(DescribeContainerGroupEventsResponse events) {
    return events.data().stream().map(ContainerGroupEventsResponse::containerGroupId).toList();
  }

  private static List<String> reasons(DescribeContainerGroupEventsResponse events) {
    return events.data().getFirst().events().stream()
        .map(ContainerGroupEventResponse::reason)
        .toList();
  }

  private String done(String... more) {
    String id = groups.create(Groups.shell("true", more));
    groups.untilStatus(id, "Succeeded");
    return id;
  }

  @Test
  void eventsHaveEverythingAKubernetesEventHas() {
    String id =
        done(
            "ContainerGroupName=job",
            "RestartPolicy=Never",
            "Container.1.Image=registry.test/events:1");

    DescribeContainerGroupEventsResponse answer =
        events("RegionId=cn-hangzhou", "ContainerGroupIds=[\"" + id + "\"]");

    assertThat(answer.totalCount()).isEqualTo(1);
    ContainerGroupEventsResponse row = answer.data().getFirst();
    assertThat(row.containerGroupId()).isEqualTo(id);
    assertThat(row.name()).isEqualTo("job");
    assertThat(row.namespace()).isEqualTo("default");
    assertThat(row.uuid()).isEqualTo(id);
    assertThat(reasons(answer))
        .startsWith("Scheduled")
        .endsWith("Pulled", "Created", "Started", "Completed")
        .contains("SandboxCreated", "Pulling");
    assertThat(row.events())
        .allSatisfy(
            event -> {
              assertThat(event.type()).isEqualTo("Normal");
              assertThat(event.count()).isPositive();
              assertThat(event.message()).isNotEmpty();
              assertThat(event.firstTimestamp()).isNotNull();
              assertThat(event.lastTimestamp()).isAfterOrEqualTo(event.firstTimestamp());
              assertThat(event.reportingComponent()).isIn("EciService", "K8sAgent");
              assertThat(event.source())
                  .isEqualTo(
                      new ContainerGroupEventResponse.Source(event.reportingComponent(), null));
              assertThat(event.involvedObject())
                  .isEqualTo(
                      new ContainerGroupEventResponse.InvolvedObject(
                          "v1", "Pod", "job", "default", id));
            });
    assertThat(row.events())
        .extracting(ContainerGroupEventResponse::metadata)
        .doesNotHaveDuplicates();
  }

  @Test
  void eventsAreFilteredBySource() {
    String id = done("RestartPolicy=Never");
    assertThat(reasons(events("EventSource=EciService"))).containsExactly("Scheduled");
    assertThat(reasons(events("EventSource=K8sAgent")))
        .contains("Started")
        .doesNotContain("Scheduled");
    assertThat(ids(events())).containsExactly(id);
  }

  @Test
  void groupsAreFilteredByWhatTheyAreAndWhenTheyChanged() {
    String tagged =
        done(
            "RestartPolicy=Never",
            "ZoneId=cn-hangzhou-b",
            "VSwitchId=vsw-1",
            "ResourceGroupId=rg-1",
            "Tag.1.Key=app",
            "Tag.1.Value=web");
    String plain = done("RestartPolicy=Never", "ZoneId=cn-hangzhou-g");

    assertThat(ids(events())).containsExactly(plain, tagged);
    for (String filter :
        List.of(
            "ZoneId=cn-hangzhou-b", "VSwitchId=vsw-1", "ResourceGroupId=rg-1", "Tag.1.Key=app")) {
      assertThat(ids(events(filter))).as(filter).containsExactly(tagged);
    }
    assertThat(ids(events("Tag.1.Key=app", "Tag.1.Value=job"))).isEmpty();

    assertThat(ids(events("SinceSecond=60"))).containsExactly(plain, tagged);
    assertThat(
            server
                .jdbc()
                .update(
                    "update container_group set changed_at = now() - interval '5 minutes' where id"
                        + " = ?",
                    plain))
        .isEqualTo(1);
    assertThat(ids(events("SinceSecond=60"))).containsExactly(tagged);
    assertThat(events("SinceSecond=60").totalCount()).isEqualTo(1);
    assertThat(ids(events("SinceSecond=3600"))).containsExactly(plain, tagged);
    groups.call(
        Action.TAG_RESOURCES,
        Action.TAG_RESOURCES.responseType(),
        "ResourceType=ContainerGroup",
        "ResourceId.1=" + plain,
        "Tag.1.Key=touched");
    assertThat(ids(events("SinceSecond=60"))).containsExactly(plain, tagged);
  }

  @Test
  void pagesGoOnAfterTheLastGroupSeen() {
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.add(groups.create(Groups.shell("true", "RestartPolicy=Never")));
    }
    Collections.reverse(created);
    List<String> seen = new ArrayList<>();
    String next = "";
    while (true) {
      DescribeContainerGroupEventsResponse page = events("Limit=2", "NextToken=" + next);
      assertThat(page.totalCount()).isEqualTo(5);
      if (page.data().isEmpty()) {
        break;
      }
      seen.addAll(ids(page));
      next = ids(page).getLast();
    }
    assertThat(seen).isEqualTo(created);
    String token = groups.list("Limit=4").nextToken();
    assertThat(ids(events("NextToken=" + token))).containsExactly(created.getLast());
  }

  @Test
  void aGroupShowsItsNewestFiftyEvents() {
    String id = done("RestartPolicy=Never");
    server
        .jdbc()
        .update(
            """
            insert into group_event
              (group_id, reason, message_digest, account_id, type, message, count, first_at, last_at)
            select ?, 'Many', n::text, 'a', 'Normal', 'number ' || n, 1,
                   now() + make_interval(secs => n), now() + make_interval(secs => n)
            from generate_series(1, 80) n
            """,
            id);
    assertThat(events("ContainerGroupIds=[\"" + id + "\"]").data().getFirst().events())
        .hasSize(50)
        .extracting(ContainerGroupEventResponse::message)
        .startsWith("number 31")
        .endsWith("number 80");
    // What a filter leaves out does not use up the fifty.
    assertThat(reasons(events("EventSource=EciService"))).containsExactly("Scheduled");
  }

  @Test
  void whatIsOutOfRangeIsRefusedAsEverywhere() {
    for (String wrong : List.of("Limit=0", "Limit=201", "SinceSecond=59", "SinceSecond=3601")) {
      assertThat(
              groups
                  .refusal(Action.DESCRIBE_CONTAINER_GROUP_EVENTS, Groups.parameters(wrong))
                  .errorCode())
          .as(wrong)
          .contains(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    }
    for (String wrong : List.of("Limit=0", "Limit=21")) {
      assertThat(
              groups
                  .refusal(Action.DESCRIBE_CONTAINER_GROUPS, Groups.parameters(wrong))
                  .errorCode())
          .as(wrong)
          .contains(ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED);
    }
  }

  @Test
  void anEmptyListOfGroupsIsNoneOfThem() {
    String id = done("RestartPolicy=Never");
    assertThat(ids(events())).containsExactly(id);
    assertThat(ids(events("ContainerGroupIds=[]"))).isEmpty();
    assertThat(events("ContainerGroupIds=[]").totalCount()).isZero();
    assertThat(groups.list("ContainerGroupIds=[]").containerGroups()).isEmpty();
    assertThat(groups.list("ContainerGroupIds=[]").nextToken()).isEmpty();
    assertThat(groups.list("ContainerGroupIds=").totalCount()).isEqualTo(1);
  }
}
