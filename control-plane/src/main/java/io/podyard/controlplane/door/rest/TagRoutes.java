package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED;
import static io.podyard.api.ErrorCode.LAST_TOKEN_PROCESSING;
import static io.podyard.api.ErrorCode.NUMBER_EXCEED_TAGS;

import io.podyard.api.Action;
import io.podyard.controlplane.door.Operations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tags as resources. */
@Configuration(proxyBeanMethods = false)
class TagRoutes {

  private static final String PATH = "/tags";

  @Bean
  Route tagResourcesRoute(Operations operations) {
    return Route.of(
        operations,
        Action.TAG_RESOURCES,
        "POST",
        PATH,
        RouteText.of(
                RouteText.TAGS,
                "Add tags",
                "Adds tags to all the resources named; a key that is there gets the new value.")
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                NUMBER_EXCEED_TAGS)
            .example(
                """
                {
                  "resourceType": "ContainerGroup",
                  "resourceId": ["eci-0mwpzwwvr1e4mejgo6sy"],
                  "tag": [{"key": "team", "value": "blue"}]
                }
                """));
  }

  @Bean
  Route untagResourcesRoute(Operations operations) {
    return Route.of(
        operations,
        Action.UNTAG_RESOURCES,
        "DELETE",
        PATH,
        RouteText.of(
                RouteText.TAGS,
                "Remove tags",
                "Removes the tags with these keys, or all with `all=true`, from the resources.")
            .errors(
                INVALID_PARAMETER_NOT_FOUND,
                INVALID_PARAMETER_VALUE_EXCEEDED,
                INVALID_PARAMETER_LENGTH_EXCEEDED,
                IDEMPOTENT_PARAMETER_MISMATCH,
                LAST_TOKEN_PROCESSING));
  }

  @Bean
  Route listTagResourcesRoute(Operations operations) {
    return Route.of(
        operations,
        Action.LIST_TAG_RESOURCES,
        "GET",
        PATH,
        RouteText.of(
                RouteText.TAGS,
                "List tags",
                "The tags of resources, a row for each; each filter that is given must match.")
            .errors(INVALID_PARAMETER_NOT_FOUND, INVALID_PARAMETER_VALUE_EXCEEDED));
  }
}
