package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hosts, for the operator. */
@Configuration(proxyBeanMethods = false)
class HostRoutes {

  private static final int HOSTS_BY_DEFAULT = 100;
  private static final int MOST_HOSTS = 1000;

  private final HostListing hosts;
  private final HostLosses losses;
  private final HostAnswers answers;
  private final HostLife life;
  private final Placement placement;
  private final CapacityReturned capacityReturned;
  private final SignedOnce once;

  HostRoutes(
      HostListing hosts,
      HostLosses losses,
      HostLife life,
      Placement placement,
      CapacityReturned capacityReturned,
      SignedOnce once) {
    this.hosts = hosts;
    this.losses = losses;
    this.answers = new HostAnswers(hosts);
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
                """
                All hosts in the order of their ids: where they are, what they have and what of it is \
                taken, and whether they take new groups. `alarms` says so if too many vanished together.\
                """)
            .errors(NO_PERMISSION));
  }

  private Route.OwnCall list(OwnFields fields) {
    int limit = fields.limit("Limit", HOSTS_BY_DEFAULT, MOST_HOSTS);
    HostId after = fields.id("NextToken", HostId::new);
    return () -> {
      PageOfRows<ListedHost> page = PageOfRows.of(hosts.page(after, limit + 1), limit);
      return new HostsResponse(
          page.map(HostsResponse.Host::of),
          page.nextToken(host -> host.id().value()),
          losses.alarms().stream().map(HostsResponse.Alarm::of).toList());
    };
  }

  @Bean
  Route getHostRoute() {
    return Route.own(
        "GetHost",
        "GET",
        HostAnswers.ONE,
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(HostAnswers.HOST_ID);
              return () -> answers.of(id);
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
        HostAnswers.ONE + "/cordon",
        HostsRequest.Cordon.class,
        HostsResponse.Host.class,
        OperatorOnly.of(this::cordon),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Cordon a host",
                """
                From the answer on nothing new is placed on the host, at whatever process; what is \
                there goes on, may restart, but does not grow. A second time renews the reason; a drain \
                goes on.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{\"reason\": \"a new disk on Monday\"}\n"));
  }

  private Route.OwnCall cordon(Caller caller, OwnFields fields) {
    String id = fields.required(HostAnswers.HOST_ID);
    String reason = HostAnswers.reason(fields);
    return () -> {
      HostId host = HostAnswers.require(id);
      once.burn(caller);
      if (!life.cordon(host, reason)) {
        throw HostAnswers.unknown(id);
      }
      placement.renew();
      return answers.of(id);
    };
  }

  @Bean
  Route uncordonHostRoute() {
    return Route.own(
        "UncordonHost",
        "POST",
        HostAnswers.ONE + "/uncordon",
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(HostAnswers.HOST_ID);
              return () -> {
                HostId host = HostAnswers.require(id);
                once.burn(caller);
                if (!life.uncordon(host)) {
                  throw HostAnswers.unknown(id);
                }
                capacityReturned.toHosts();
                return answers.of(id);
              };
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Uncordon a host",
                """
                The host takes new groups again, those that wait first. Ends a drain too; groups that \
                it is stopping already end all the same.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{}\n"));
  }
}
