package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.lease.ShardListing;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who drives which hosts, for the operator. */
@Configuration(proxyBeanMethods = false)
class ShardRoutes {

  @Bean
  Route listShardsRoute(ShardListing shards) {
    return Route.own(
        "ListShards",
        "GET",
        "/shards",
        ShardsRequest.class,
        ShardsResponse.class,
        OperatorOnly.of(
            (caller, fields) ->
                () ->
                    new ShardsResponse(
                        shards.shards().stream().map(ShardsResponse.Shard::of).toList())),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List shards",
                "Which process drives the hosts of each shard. The processes that live share the"
                    + " shards evenly.")
            .errors(NO_PERMISSION));
  }
}
