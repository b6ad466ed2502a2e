package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hosts, for the operator. */
@Configuration(proxyBeanMethods = false)
class HostRoutes {

  private static final int HOSTS_BY_DEFAULT = 100;
  private static final int MOST_HOSTS = 1000;
  private static final int LONGEST_REASON = 256;
  private static final String ONE = "/hosts/{hostId}";
  private static final String HOST_ID = "HostId";

  private final HostListing hosts;
  private final HostLife life;
  private final Placement placement;
  private final CapacityReturned capacityReturned;
  private final SignedOnce once;

  HostRoutes(
      HostListing hosts,
      HostLife life,
      Placement placement,
      CapacityReturned capacityReturned,
      SignedOnce once) {
    this.hosts = hosts;
    this.life = life;
    this.placement = placement;
    this.capacityReturned = capacityReturned;
    this.once = once;
  }

  @Bean
  Route listHostsRoute() {
    return Route.own(
        "ListHosts",
        "GET",
        "/hosts",
        HostsRequest.class,
        HostsResponse.class,
        OperatorOnly.of((caller, fields) -> list(fields)),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List hosts",
                "All hosts in the order of their ids: where they are, what they have and what of"
                    + " it is taken, and whether they take new groups.")
            .errors(NO_PERMISSION));
  }

  private Route.OwnCall list(OwnFields fields) {
    int limit = fields.limit("Limit", HOSTS_BY_DEFAULT, MOST_HOSTS);
    HostId after = fields.id("NextToken", HostId::new);
    return () -> {
      PageOfRows<ListedHost> page = PageOfRows.of(hosts.page(after, limit + 1), limit);
      return new HostsResponse(
          page.map(HostsResponse.Host::of), page.nextToken(host -> host.id().value()));
    };
  }

  @Bean
  Route getHostRoute() {
    return Route.own(
        "GetHost",
        "GET",
        ONE,
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(HOST_ID);
              return () -> answer(id);
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Get a host",
                "Where it is, what it has and what of it is taken, and whether it takes new"
                    + " groups.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route cordonHostRoute() {
    return Route.own(
        "CordonHost",
        "POST",
        ONE + "/cordon",
        HostsRequest.Cordon.class,
        HostsResponse.Host.class,
        OperatorOnly.of(this::cordon),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Cordon a host",
                """
                From the answer on nothing new is placed on the host, at whatever process; what is \
                there goes on, may restart, but does not grow. A second time renews the reason.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{\"reason\": \"a new disk on Monday\"}\n"));
  }

  private Route.OwnCall cordon(Caller caller, OwnFields fields) {
    String id = fields.required(HOST_ID);
    String reason = fields.text("Reason");
    if (reason != null && reason.length() > LONGEST_REASON) {
      fields.refuse("Reason", reason, "must have at most %d characters".formatted(LONGEST_REASON));
    }
    return () -> {
      HostId host = require(id);
      once.burn(caller);
      if (!life.cordon(host, reason)) {
        throw unknown(id);
      }
      placement.renew();
      return answer(id);
    };
  }

  @Bean
  Route uncordonHostRoute() {
    return Route.own(
        "UncordonHost",
        "POST",
        ONE + "/uncordon",
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(HOST_ID);
              return () -> {
                HostId host = require(id);
                once.burn(caller);
                if (!life.uncordon(host)) {
                  throw unknown(id);
                }
                capacityReturned.toHosts();
                return answer(id);
              };
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Uncordon a host",
                "The host takes new groups again, those that wait first.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{}\n"));
  }

  private HostsResponse.Host answer(String id) {
    return hosts.find(require(id)).map(HostsResponse.Host::of).orElseThrow(() -> unknown(id));
  }

  private static HostId require(@Nullable String id) {
    try {
      return new HostId(String.valueOf(id));
    } catch (IllegalArgumentException e) {
      throw unknown(id);
    }
  }

  private static ApiException unknown(@Nullable String id) {
    return new ApiException(new Problem(INVALID_PARAMETER_NOT_FOUND, HOST_ID, id, "names no host"));
  }
}
