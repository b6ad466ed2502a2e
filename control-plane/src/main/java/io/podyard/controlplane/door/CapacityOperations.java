package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.price.DescribeContainerGroupPriceRequest;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.quota.ListUsageRequest;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.stock.DescribeAvailableResourceRequest;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.controlplane.containergroup.DescribeGroupPrice;
import io.podyard.controlplane.containergroup.DescribeStock;
import io.podyard.controlplane.quota.ListUsage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on what can be had: quotas, prices and stock. */
@Configuration(proxyBeanMethods = false)
class CapacityOperations {

  @Bean
  Operation<ListUsageRequest, ListUsageResponse> listUsageOperation(ListUsage usage) {
    return new Operation<>(
        Action.LIST_USAGE, ListUsageRequest.class, ListUsageResponse.class, usage::list);
  }

  @Bean
  Operation<DescribeContainerGroupPriceRequest, DescribeContainerGroupPriceResponse>
      describeContainerGroupPrice(DescribeGroupPrice prices) {
    return new Operation<>(
        Action.DESCRIBE_CONTAINER_GROUP_PRICE,
        DescribeContainerGroupPriceRequest.class,
        DescribeContainerGroupPriceResponse.class,
        (caller, request) -> prices.describe(caller.account(), request));
  }

  @Bean
  Operation<DescribeAvailableResourceRequest, DescribeAvailableResourceResponse>
      describeAvailableResource(DescribeStock stock) {
    return new Operation<>(
        Action.DESCRIBE_AVAILABLE_RESOURCE,
        DescribeAvailableResourceRequest.class,
        DescribeAvailableResourceResponse.class,
        (caller, request) -> stock.describe(request));
  }
}
