package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
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
}
