package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.controlplane.inventory.Regions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on regions. */
@Configuration(proxyBeanMethods = false)
class RegionOperations {

  @Bean
  Operation<DescribeRegionsRequest, DescribeRegionsResponse> describeRegions(Regions regions) {
    return new Operation<>(
        Action.DESCRIBE_REGIONS,
        DescribeRegionsRequest.class,
        DescribeRegionsResponse.class,
        (caller, request) -> regions.describe(request));
  }
}
