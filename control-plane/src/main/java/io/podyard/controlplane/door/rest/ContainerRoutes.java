package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS_DETAIL;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.REQUEST_TIMEOUT;

import io.podyard.api.Action;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.container.LogFollowing;
import io.podyard.controlplane.container.LogTimes;
import io.podyard.controlplane.containergroup.KnownGroups;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.exec.ExecRecord;
import io.podyard.controlplane.exec.ExecRecords;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.LogQuery;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The containers of a group. */
@Configuration(proxyBeanMethods = false)
class ContainerRoutes {

  private static final int SESSIONS_BY_DEFAULT = 20;
  private static final int MOST_SESSIONS = 100;

  /** Of a run that was removed already; others have no limit. */
  private static final int MOST_BYTES = 1 << 20;

  private static final String ONE = GroupRoutes.ONE + "/containers/{containerName}";

  @Bean
  Route describeContainerLogRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_CONTAINER_LOG,
        "GET",
        ONE + "/log",
        RouteText.of(
                RouteText.CONTAINERS,
                "Read the log of a container",
                "The newest lines of what the container wrote, also after its end.")
            .errors(
                INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED, REQUEST_TIMEOUT));
  }

  @Bean
  Route execContainerCommandRoute(Operations operations) {
    return Route.of(
        operations,
        Action.EXEC_CONTAINER_COMMAND,
        "POST",
        ONE + "/exec",
        RouteText.of(
                RouteText.CONTAINERS,
                "Run a command in a container",
                """
                Runs a program in a running container. With `sync` the answer is what it wrote. \
                Else the answer says where to talk with it: `webSocketUri` speaks the sub-protocols \
                `v4.channel.k8s.io` and `v5.channel.k8s.io` of Kubernetes, the first also with \
                clients that ask for none, and `httpUrl` is a page with a terminal. Each opens once, \
                within 30 seconds, and opening one closes the other. The command begins when its \
                session is opened and is ended with it.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INCORRECT_STATUS,
                REQUEST_TIMEOUT)
            .example(
                """
                {"command": ["echo", "hello"], "sync": true}
                """));
  }

  @Bean
  Route commitContainerRoute(Operations operations) {
    return Route.of(
        operations,
        Action.COMMIT_CONTAINER,
        "POST",
        ONE + "/commit",
        RouteText.of(
                RouteText.CONTAINERS,
                "Make an image of a container",
                """
                Makes an image of what a running container changed in its file system and pushes it \
                to a registry, with the login that the group has for it. Answers as soon as the \
                task is durable; `/v1/commit-tasks` says what became of it. Environment and command \
                of the image are those of the one that the container was made from; volumes are not \
                in it.\
                """)
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INCORRECT_STATUS_DETAIL,
                QUOTA_EXCEEDED)
            .example(
                """
                {"image": {"repository": "registry.example.com/team/app", "tag": "fixed"}}
                """));
  }

  @Bean
  Route describeCommitContainerTaskRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_COMMIT_CONTAINER_TASK,
        "GET",
        "/commit-tasks",
        RouteText.of(
                RouteText.CONTAINERS,
                "List tasks that make images",
                """
                Newest first; each filter that is given must match. Tasks that ended are listed for \
                thirty days.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED));
  }

  @Bean
  Route followContainerLogRoute(LogFollowing logs, Clock clock) {
    return Route.own(
        "FollowContainerLog",
        "GET",
        ONE + "/logs",
        LogStreamRequest.class,
        FollowedLogResponse.class,
        (caller, fields) -> follow(logs, clock, caller, fields),
        RouteText.of(
                RouteText.CONTAINERS,
                "Follow the log of a container",
                """
                Server-sent events, one for each line; its id is the time of the line. Without `follow` those \
                that are written, as far as they fit into 1 MiB, and the end. With \
                `follow` what is not yet written comes as it is written. When the container is \
                restarted, the next run's log follows from its beginning, after an event `run` with \
                its number. An event `end` says why nothing more comes: the container has ended and \
                will not start again, the record of the group is over, or its host does not answer. \
                Comments show that the server is there; a client that takes nothing for a minute is \
                cut off. Who comes back asks with `startTime` for what is younger than the last id.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED)
            .answerExample(
                """
                event: run
                data: 1

                id: 2026-11-21T09:00:00.123456789Z
                data: hello

                event: end
                data: the container has ended

                """));
  }

  private static Route.OwnCall follow(
      LogFollowing logs, Clock clock, Caller caller, OwnFields fields) {
    String group = fields.text("ContainerGroupId");
    String container = fields.text("ContainerName");
    List<Problem> problems = new ArrayList<>();
    LogFollowing.check(group, container, problems);
    problems.forEach(fields::add);
    boolean goesOn = fields.flag("Follow");
    boolean timestamps = fields.flag("Timestamps");
    Integer seconds = fields.number("SinceSeconds", 1, Integer.MAX_VALUE);
    Integer tail = fields.number("Tail", 1, LogFollowing.MOST_LINES);
    Instant since = LogTimes.since(clock.instant(), seconds, fields.time("StartTime"));
    LogQuery query =
        new LogQuery(
            tail == null ? LogFollowing.LINES_BY_DEFAULT : tail, MOST_BYTES, since, false, false);
    return () ->
        new FollowedLogResponse(
            logs.follow(caller.account(), group, container, goesOn, query), timestamps);
  }

  @Bean
  Route listExecSessionsRoute(ExecRecords records, KnownGroups groups) {
    return Route.own(
        "ListExecSessions",
        "GET",
        GroupRoutes.ONE + "/exec-sessions",
        ExecSessionsRequest.class,
        ExecSessionsResponse.class,
        (caller, fields) -> {
          String group = fields.text("ContainerGroupId");
          OwnGroups.checkId(group, fields::add);
          int limit = fields.limit("Limit", SESSIONS_BY_DEFAULT, MOST_SESSIONS);
          String before = fields.text("NextToken");
          return () -> {
            ContainerGroupId id = groups.require(caller.account(), group).group().id();
            PageOfRows<ExecRecord> page =
                PageOfRows.of(records.page(caller.account(), id, before, limit + 1), limit);
            return new ExecSessionsResponse(
                page.map(ExecSessionsResponse.ExecSession::of), page.nextToken(ExecRecord::id));
          };
        },
        RouteText.of(
                RouteText.CONTAINERS,
                "List the commands that were run in a group",
                """
                Who ran which command in which container, and when, newest first: those that were \
                waited for and those that were talked with. Kept for a month, also of a group that \
                has ended.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }
}
