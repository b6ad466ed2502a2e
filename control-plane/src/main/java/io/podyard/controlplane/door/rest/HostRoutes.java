package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.model.HostId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hosts, for the operator. */
@Configuration(proxyBeanMethods = false)
class HostRoutes {

  private static final int HOSTS_BY_DEFAULT = 100;
  private static final int MOST_HOSTS = 1000;

  @Bean
  Route listHostsRoute(HostListing hosts) {
    return Route.own(
        "ListHosts",
        "GET",
        "/hosts",
        HostsRequest.class,
        HostsResponse.class,
        OperatorOnly.of((caller, fields) -> list(hosts, fields)),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List hosts",
                "All hosts in the order of their ids: where they are, what they have and what of"
                    + " it is taken.")
            .errors(NO_PERMISSION));
  }

  private static Route.OwnCall list(HostListing hosts, OwnFields fields) {
    int limit = fields.limit("Limit", HOSTS_BY_DEFAULT, MOST_HOSTS);
    HostId after = fields.id("NextToken", HostId::new);
    return () -> {
      PageOfRows<ListedHost> page = PageOfRows.of(hosts.page(after, limit + 1), limit);
      return new HostsResponse(
          page.map(HostsResponse.Host::of), page.nextToken(host -> host.id().value()));
    };
  }
}
