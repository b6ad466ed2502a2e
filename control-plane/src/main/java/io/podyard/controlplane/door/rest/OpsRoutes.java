package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.COREDUMP_REFRESH_INTERVAL_TOO_SHORT;
import static io.podyard.api.ErrorCode.COREDUMP_REGION_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.INVALID_INSTANCE_ID_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.OPS_INSTANCE_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.OPS_INTERVAL_TOO_SHORT;
import static io.podyard.api.ErrorCode.OPS_REGION_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.OPS_TYPE_NOT_SUPPORT;
import static io.podyard.api.ErrorCode.OPS_VALUE_INVALID;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;
import static io.podyard.api.ErrorCode.TCPDUMP_INVALID_VALUE;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Operations tasks of groups as resources. */
@Configuration(proxyBeanMethods = false)
class OpsRoutes {

  @Bean
  Route createInstanceOpsTaskRoute(Operations operations) {
    return Route.of(
        operations,
        Action.CREATE_INSTANCE_OPS_TASK,
        "POST",
        GroupRoutes.ONE + "/ops-tasks",
        RouteText.of(
                RouteText.GROUPS,
                "Capture packets of a container group, or keep its core dumps",
                """
                `tcpdump` captures packets in the network of a running group, until a number, a \
                size or a time is reached, until it is ended with `{"Enable": false}`, or until the \
                group ends. A group has one capture at a time. Answers as soon as the task is \
                durable; `/v1/container-groups/{containerGroupId}/ops-records` says what became of \
                it. An operator has to set the image that captures.

                `coredump` with `enable` keeps the core dump of the next container of the group \
                that crashes, and with `disable` does so no more. It ends with that dump, with the \
                group, or after 12 hours. An operator has to allow core dumps, and the kernel of \
                the group's host has to write them to files.\
                """)
            .errors(
                INVALID_INSTANCE_ID_NOT_FOUND,
                OPS_TYPE_NOT_SUPPORT,
                OPS_VALUE_INVALID,
                TCPDUMP_INVALID_VALUE,
                OPS_REGION_NOT_SUPPORT,
                OPS_INSTANCE_NOT_SUPPORT,
                OPS_INTERVAL_TOO_SHORT,
                COREDUMP_REGION_NOT_SUPPORT,
                COREDUMP_REFRESH_INTERVAL_TOO_SHORT,
                QUOTA_EXCEEDED)
            .example(
                """
                {
                  "opsType": "tcpdump",
                  "opsValue": "{\\"Enable\\":true,\\"Protocol\\":\\"tcp\\",\\"DestPort\\":80,\\"Duration\\":60}"
                }
                """));
  }

  @Bean
  Route describeInstanceOpsRecordsRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_INSTANCE_OPS_RECORDS,
        "GET",
        GroupRoutes.ONE + "/ops-records",
        RouteText.of(
                RouteText.GROUPS,
                "List the operations tasks of a container group",
                """
                The newest hundred of the last thirty days, newest first, also of a group that has \
                ended. A result is downloaded from its address by whoever has that, with GET and \
                without a login, until it expires.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, OPS_TYPE_NOT_SUPPORT));
  }
}
