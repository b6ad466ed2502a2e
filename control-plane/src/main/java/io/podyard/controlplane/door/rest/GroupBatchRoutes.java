package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Several container groups by one request. */
@Configuration(proxyBeanMethods = false)
class GroupBatchRoutes {

  private static final String CREATE_EXAMPLE =
      """
      {
        "amount": 3,
        "containerGroupName": "workers",
        "cpu": 1,
        "memory": 2,
        "container": [{"name": "worker", "image": "busybox:1.37", "command": ["sleep", "60"]}]
      }
      """;

  @Bean
  Route batchCreateContainerGroupsRoute(Operations operations) {
    return Route.of(
        operations,
        Action.BATCH_CREATE_CONTAINER_GROUPS,
        "POST",
        "/container-group-batches",
        RouteText.of(
                RouteText.GROUPS,
                "Create container groups that are alike",
                """
                As creating a group, `amount` times, up to 100. All of them are created or none: \
                the quotas must have room for all. Those that fit no host right now wait, each by \
                itself. With `Idempotency-Key`, or `clientToken`, the same request makes the same \
                groups however often it is sent.\
                """)
            .errors(GroupRoutes.CREATE_ERRORS)
            .example(CREATE_EXAMPLE));
  }

  @Bean
  Route deleteContainerGroupsRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DELETE_CONTAINER_GROUPS,
        "POST",
        "/container-group-deletions",
        RouteText.of(
                RouteText.GROUPS,
                "End several container groups",
                """
                As ending each of them. Every group has an answer of its own: `200`, or the code \
                of the error; one that is not there is no reason against the others.\
                """)
            .errors(INVALID_PARAMETER_VALUE_EXCEEDED)
            .example("{\"containerGroupIds\": [\"eci-00000000000000000001\"]}\n"));
  }
}
