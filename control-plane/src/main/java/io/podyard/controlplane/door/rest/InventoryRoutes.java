package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.DeclarationReading;
import io.podyard.controlplane.inventory.Declarations;
import io.podyard.controlplane.inventory.DeclaredBy;
import io.podyard.controlplane.inventory.DeclaredFields;
import io.podyard.controlplane.inventory.DeclaredPools;
import io.podyard.controlplane.inventory.HostDeclaration;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.PoolDeclaration;
import io.podyard.controlplane.inventory.Shards;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Pools and hosts that operators add, change and take away. */
@Configuration(proxyBeanMethods = false)
class InventoryRoutes {

  private static final String POOL = "/pools/{poolId}";
  private static final String POOL_ID = "PoolId";

  private final Declarations declarations;
  private final DeclaredPools pools;
  private final HostAnswers hosts;
  private final CapacityReturned capacityReturned;
  private final SignedOnce once;
  private final int shards;

  InventoryRoutes(
      Declarations declarations,
      DeclaredPools pools,
      HostListing hosts,
      CapacityReturned capacityReturned,
      SignedOnce once,
      PodyardSettings settings) {
    this.declarations = declarations;
    this.pools = pools;
    this.hosts = new HostAnswers(hosts);
    this.capacityReturned = capacityReturned;
    this.once = once;
    this.shards = settings.shards();
  }

  @Bean
  Route listPoolsRoute() {
    return Route.own(
        "ListPools",
        "GET",
        "/pools",
        InventoryShapes.PoolsRequest.class,
        InventoryShapes.PoolsResponse.class,
        OperatorOnly.of(
            (caller, fields) ->
                () ->
                    new InventoryShapes.PoolsResponse(
                        pools.all().stream().map(InventoryShapes.PoolResponse::of).toList())),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List pools",
                "All pools in the order of their ids, by which policy they are filled, and who"
                    + " declared them.")
            .errors(NO_PERMISSION));
  }

  @Bean
  Route putPoolRoute() {
    return Route.own(
        "PutPool",
        "PUT",
        POOL,
        InventoryShapes.PutPoolRequest.class,
        InventoryShapes.PoolResponse.class,
        OperatorOnly.of(this::putPool),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Declare a pool",
                """
                Adds a pool or changes it. A pool that the inventory file declares is changed there. \
                Its region and its runtime stay while it has hosts.\
                """)
            .errors(NO_PERMISSION, INCORRECT_STATUS)
            .example(
                """
                {"regionId": "cn-hangzhou", "runtime": "docker", "policy": "spread"}
                """));
  }

  private Route.OwnCall putPool(Caller caller, OwnFields fields) {
    PoolDeclaration pool = new DeclarationReading(declared(fields)).pool(POOL_ID);
    return () -> {
      PoolDeclaration wanted = Objects.requireNonNull(pool);
      once.burn(caller);
      done(pools.declare(wanted, DeclaredBy.API));
      capacityReturned.toHosts();
      return pools
          .find(wanted.id())
          .map(InventoryShapes.PoolResponse::of)
          .orElseThrow(() -> unknown(wanted.id()));
    };
  }

  @Bean
  Route deletePoolRoute() {
    return Route.own(
        "DeletePool",
        "DELETE",
        POOL,
        InventoryShapes.PoolRequest.class,
        InventoryShapes.PoolResponse.class,
        OperatorOnly.of(
            (caller, fields) -> {
              PoolId id = fields.id(POOL_ID, PoolId::new);
              return () -> {
                PoolId pool = Objects.requireNonNull(id);
                InventoryShapes.PoolResponse last =
                    pools
                        .find(pool)
                        .map(InventoryShapes.PoolResponse::of)
                        .orElseThrow(() -> unknown(pool));
                once.burn(caller);
                done(pools.remove(pool, DeclaredBy.API));
                return last;
              };
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Take a pool away",
                "A pool that has hosts stays. Answers the pool as it was.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS));
  }

  @Bean
  Route putHostRoute() {
    return Route.own(
        "PutHost",
        "PUT",
        HostAnswers.ONE,
        InventoryShapes.PutHostRequest.class,
        HostsResponse.Host.class,
        OperatorOnly.of(this::putHost),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Declare a host",
                """
                Adds a host to a pool or changes it. It takes groups when it has answered. What is \
                allocatable is what it reports unless `cpu` and `memory` say otherwise, and never \
                less than groups have of it. It stays in its pool and zone while groups or disks are \
                on it.\
                """)
            .errors(NO_PERMISSION, INCORRECT_STATUS)
            .example(
                """
                {"poolId": "gpu", "zoneId": "cn-hangzhou-b", "address": "tcp://10.0.0.7:2376",
                 "tlsFolder": "/etc/podyard/tls", "gpus": 4, "gpuModel": "A10", "labels": "disk=ssd"}
                """));
  }

  private Route.OwnCall putHost(Caller caller, OwnFields fields) {
    DeclarationReading reading = new DeclarationReading(declared(fields));
    HostDeclaration host = reading.host(HostAnswers.HOST_ID, reading.id(POOL_ID, PoolId::new));
    return () -> {
      HostDeclaration wanted = Objects.requireNonNull(host);
      once.burn(caller);
      int shard = Shards.of(wanted.id(), shards);
      done(declarations.declare(wanted, DeclaredBy.API, shard));
      capacityReturned.toHosts();
      return hosts.of(wanted.id().value());
    };
  }

  @Bean
  Route deleteHostRoute() {
    return Route.own(
        "DeleteHost",
        "DELETE",
        HostAnswers.ONE,
        HostsRequest.OfOne.class,
        HostsResponse.Host.class,
        OperatorOnly.of(
            (caller, fields) -> {
              HostId id = fields.id(HostAnswers.HOST_ID, HostId::new);
              return () -> {
                HostId host = Objects.requireNonNull(id);
                HostsResponse.Host _ = hosts.of(host.value());
                once.burn(caller);
                done(declarations.remove(host, DeclaredBy.API));
                return hosts.of(host.value());
              };
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Let a host go",
                """
                Nothing new is placed on the host; what is there goes on. When no group, task or disk \
                is left on it, the host is forgotten; records of groups that ended there stay. \
                Declaring it again keeps it.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS));
  }

  /** The fields of a request, as those of a declaration are read. */
  static DeclaredFields declared(OwnFields fields) {
    return new DeclaredFields() {
      @Override
      public @Nullable String text(String name) {
        return fields.text(name);
      }

      @Override
      public void refuse(String name, @Nullable String value, String message) {
        if (value == null) {
          fields.add(Problem.missing(name));
        } else {
          fields.refuse(name, value, message);
        }
      }
    };
  }

  /**
   * @throws ApiException if there is a reason why not
   */
  static void done(Optional<String> refusal) {
    if (refusal.isPresent()) {
      throw new ApiException(INCORRECT_STATUS, refusal.get() + ".");
    }
  }

  private static ApiException unknown(PoolId pool) {
    return new ApiException(
        new Problem(INVALID_PARAMETER_NOT_FOUND, POOL_ID, pool.value(), "names no pool"));
  }
}
