package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS_DETAIL;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.REQUEST_TIMEOUT;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The containers of a group. */
@Configuration(proxyBeanMethods = false)
class ContainerRoutes {

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
                "Runs a program in a running container and answers what it wrote.")
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
}
