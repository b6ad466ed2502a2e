package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What container groups use. */
@Configuration(proxyBeanMethods = false)
class MetricRoutes {

  private static final String RECORD =
      """
      {
        "cpu": {"limit": 2000, "usageCoreNanoSeconds": 5125000000, "usageNanoCores": 341600000},
        "containers": [
          {
            "cpu": {"limit": 2000, "usageCoreNanoSeconds": 5125000000, "usageNanoCores": 341600000},
            "memory": {"availableBytes": 4205838336, "cache": 9289728, "rss": 84897792, "usageBytes": 94187520, "workingSet": 89128960},
            "name": "hello"
          }
        ],
        "disk": [{"device": "vda", "readBytes": 8192000, "readIo": 500, "writeBytes": 1638400, "writeIo": 100}],
        "filesystem": [],
        "memory": {"availableBytes": 4205838336, "cache": 9289728, "rss": 84897792, "usageBytes": 94187520, "workingSet": 89128960},
        "network": {"interfaces": [{"name": "eth0", "rxBytes": 1200, "rxDrops": 0, "rxErrors": 0, "rxPackets": 12, "txBytes": 900, "txDrops": 0, "txErrors": 0, "txPackets": 9}]},
        "timestamp": "2026-11-21T10:00:13.204+00:00"
      }
      """;

  private static final String REQUEST_ID =
      "\"requestId\": \"7958C70A-AA76-4A62-8003-A0D8E150806F\"";

  private static final String GROUP = "\"containerGroupId\": \"eci-0mwpzwwvr1e4mejgo6sy\"";

  @Bean
  Route describeContainerGroupMetricRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_CONTAINER_GROUP_METRIC,
        "GET",
        GroupRoutes.ONE + "/metrics",
        RouteText.of(
                RouteText.GROUPS,
                "Read what a container group used",
                """
                Oldest record first, at most 50; without `startTime` and `endTime` the last five \
                minutes by 15 seconds. What is older than an hour is kept by the minute, after two \
                days by ten minutes, for 30 days. Also of a group that has ended.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED)
            .answerExample("{%s, %s, \"records\": [%s]}".formatted(GROUP, REQUEST_ID, RECORD)));
  }

  @Bean
  Route describeMultiContainerGroupMetricRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_MULTI_CONTAINER_GROUP_METRIC,
        "GET",
        "/container-group-metrics",
        RouteText.of(
                RouteText.GROUPS,
                "Read what container groups use now",
                """
                The newest record of each, in the order asked for. Groups that the account does \
                not have are left out; one without any record has an empty list.\
                """)
            .errors(INVALID_PARAMETER_VALUE_EXCEEDED)
            .answerExample(
                "{\"monitorDatas\": [{%s, \"records\": [%s]}], %s}"
                    .formatted(GROUP, RECORD, REQUEST_ID)));
  }
}
