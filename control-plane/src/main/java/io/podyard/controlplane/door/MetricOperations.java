package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.metric.DescribeContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricResponse;
import io.podyard.controlplane.metric.DescribeMetrics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on what groups use. */
@Configuration(proxyBeanMethods = false)
class MetricOperations {

  @Bean
  Operation<DescribeContainerGroupMetricRequest, DescribeContainerGroupMetricResponse>
      describeContainerGroupMetric(DescribeMetrics metrics) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_GROUP_METRIC,
        DescribeContainerGroupMetricRequest.class,
        DescribeContainerGroupMetricResponse.class,
        metrics::describe);
  }

  @Bean
  Operation<DescribeMultiContainerGroupMetricRequest, DescribeMultiContainerGroupMetricResponse>
      describeMultiContainerGroupMetric(DescribeMetrics metrics) {
    return new Operation<>(
        Action.DESCRIBE_MULTI_CONTAINER_GROUP_METRIC,
        DescribeMultiContainerGroupMetricRequest.class,
        DescribeMultiContainerGroupMetricResponse.class,
        metrics::newest);
  }
}
