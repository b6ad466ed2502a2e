package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.DISK_NUMBER_LIMIT_EXCEED;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_IN_SAME_ZONE;
import static io.podyard.api.ErrorCode.DISK_VOLUME_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.DRY_RUN_OPERATION;
import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_DISK_ID_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_CPU_MEMORY;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_VOLUME_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_NO_STOCK;
import static io.podyard.api.ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.ZONE_NOT_ON_SALE;

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
            .errors(
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INVALID_PARAMETER_DUPLICATED_NAME,
                INVALID_PARAMETER_DUPLICATED_VOLUME_NAME,
                INVALID_PARAMETER_CPU_MEMORY,
                INVALID_DISK_ID_NOT_FOUND,
                DISK_NUMBER_LIMIT_EXCEED,
                DISK_VOLUME_NOT_IN_SAME_ZONE,
                DISK_VOLUME_NOT_SUPPORT,
                INCORRECT_STATUS,
                DRY_RUN_OPERATION,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING,
                OPERATION_DENIED_NO_STOCK,
                OPERATION_DENIED_VSW_ZONE_MISMATCH,
                QUOTA_EXCEEDED,
                ZONE_NOT_ON_SALE)
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
