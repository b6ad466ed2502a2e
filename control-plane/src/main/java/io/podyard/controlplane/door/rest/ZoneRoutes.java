package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.DeclarationReading;
import io.podyard.controlplane.inventory.DeclaredZones;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Zones, and with them regions, that operators add and take away. */
@Configuration(proxyBeanMethods = false)
class ZoneRoutes {

  private static final String ONE = "/regions/{regionId}/zones/{zoneId}";
  private static final String REGION_ID = "RegionId";
  private static final String ZONE_ID = "ZoneId";

  private final DeclaredZones zones;
  private final Regions regions;
  private final SignedOnce once;

  ZoneRoutes(DeclaredZones zones, Regions regions, SignedOnce once) {
    this.zones = zones;
    this.regions = regions;
    this.once = once;
  }

  @Bean
  Route listZonesRoute() {
    return Route.own(
        "ListZones",
        "GET",
        "/zones",
        ZoneShapes.ZonesRequest.class,
        ZoneShapes.ZonesResponse.class,
        OperatorOnly.of(
            (caller, fields) ->
                () ->
                    new ZoneShapes.ZonesResponse(
                        zones.all().stream().map(ZoneShapes.ZoneResponse::of).toList())),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List zones",
                "All zones of all regions in the order of their ids, who declared them, and what is"
                    + " in them.")
            .errors(NO_PERMISSION));
  }

  @Bean
  Route putZoneRoute() {
    return Route.own(
        "PutZone",
        "PUT",
        ONE,
        ZoneShapes.ZoneRequest.class,
        ZoneShapes.ZoneResponse.class,
        OperatorOnly.of(this::put),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Declare a zone",
                """
                Adds a zone to a region; the first zone of a region brings the region. Every \
                server takes groups for it within five seconds. One that is there stays as it is; \
                a zone that the inventory file declares is the file's.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS)
            .example("{}\n"));
  }

  private Route.OwnCall put(Caller caller, OwnFields fields) {
    DeclarationReading reading = new DeclarationReading(InventoryRoutes.declared(fields));
    RegionId region = reading.id(REGION_ID, RegionId::new);
    ZoneId zone = reading.id(ZONE_ID, ZoneId::new);
    return () -> {
      RegionId there = Objects.requireNonNull(region);
      ZoneId wanted = Objects.requireNonNull(zone);
      once.burn(caller);
      InventoryRoutes.done(zones.add(there, wanted));
      regions.renew();
      return answer(there, wanted);
    };
  }

  @Bean
  Route deleteZoneRoute() {
    return Route.own(
        "DeleteZone",
        "DELETE",
        ONE,
        ZoneShapes.ZoneRequest.class,
        ZoneShapes.ZoneResponse.class,
        OperatorOnly.of(this::delete),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Take a zone away",
                """
                A zone stays while a host, a vSwitch or a container group is in it, or the \
                inventory file or the settings of the server declare it. The last zone of a region \
                takes the region with it, and stays while anything is in that. Answers the zone as \
                it was.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS));
  }

  private Route.OwnCall delete(Caller caller, OwnFields fields) {
    RegionId region = fields.id(REGION_ID, RegionId::new);
    ZoneId zone = fields.id(ZONE_ID, ZoneId::new);
    return () -> {
      RegionId there = Objects.requireNonNull(region);
      ZoneId gone = Objects.requireNonNull(zone);
      ZoneShapes.ZoneResponse last = answer(there, gone);
      once.burn(caller);
      InventoryRoutes.done(zones.remove(there, gone));
      regions.renew();
      return last;
    };
  }

  private ZoneShapes.ZoneResponse answer(RegionId region, ZoneId zone) {
    return zones
        .find(region, zone)
        .map(ZoneShapes.ZoneResponse::of)
        .orElseThrow(
            () ->
                new ApiException(
                    new Problem(
                        INVALID_PARAMETER_NOT_FOUND,
                        ZONE_ID,
                        zone.value(),
                        "is not a zone of " + region)));
  }
}
