package io.podyard.controlplane.door.rest;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Regions as resources. */
@Configuration(proxyBeanMethods = false)
class RegionRoutes {

  @Bean
  Route describeRegionsRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_REGIONS,
        "GET",
        "/regions",
        RouteText.of(RouteText.REGIONS, "List regions", "The regions there are, and their zones."));
  }
}
