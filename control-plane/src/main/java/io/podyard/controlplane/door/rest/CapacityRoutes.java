package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC;
import static io.podyard.api.ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC;
import static io.podyard.api.ErrorCode.SPOT_NOT_MATCHED;
import static io.podyard.api.ErrorCode.ZONE_NOT_ON_SALE;

import io.podyard.api.Action;
import io.podyard.controlplane.containergroup.AskedMachine;
import io.podyard.controlplane.containergroup.DescribeStock;
import io.podyard.controlplane.containergroup.MachineOption;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Prices and stock. */
@Configuration(proxyBeanMethods = false)
class CapacityRoutes {

  @Bean
  Route describeContainerGroupPriceRoute(Operations operations) {
    return Route.of(
        operations,
        Action.DESCRIBE_CONTAINER_GROUP_PRICE,
        "GET",
        "/container-group-price",
        RouteText.of(
                RouteText.USAGE,
                "Ask what a container group costs",
                """
                The price of the whole group for one second, exact, and its parts. The size is \
                raised to a supported one as that of a new group is; without any it is 2 vCPU and \
                4 GiB.\
                """)
            .errors(
                INVALID_PARAM_CPU_OR_MEMORY_SPEC,
                INVALID_SPOT_CPU_MEMORY_SPEC,
                SPOT_NOT_MATCHED,
                ZONE_NOT_ON_SALE));
  }

  @Bean
  Route describeAvailableResourceRoute(
      DescribeStock stock, AskedMachine machines, Regions regions) {
    return Route.own(
        Action.DESCRIBE_AVAILABLE_RESOURCE.wireName(),
        "GET",
        "/available-resources",
        CapacityShapes.AvailableResourcesRequest.class,
        CapacityShapes.AvailableResourcesResponse.class,
        (caller, fields) -> read(fields, stock, machines, regions),
        RouteText.of(
            RouteText.REGIONS,
            "List the zones that have room for a container group",
            """
            For each zone whether a group of this size, raised to a supported one, or of this \
            instance type could be placed there now. It is a look at the hosts: nothing is set \
            aside.\
            """));
  }

  private static Route.OwnCall read(
      OwnFields fields, DescribeStock stock, AskedMachine machines, Regions regions) {
    RegionId region = regions.read(fields.text("RegionId"), fields::add);
    String zone = fields.text("ZoneId");
    regions.checkZone(fields.text("RegionId"), zone, fields::add);
    String type = fields.text("InstanceType");
    boolean bySize = type == null || type.isEmpty();
    List<MachineOption> options =
        machines.read(
            region,
            new AskedMachine.Wanted(
                bySize ? fields.decimal("Cpu") : null,
                bySize ? fields.decimal("Memory") : null,
                type,
                fields.text("ComputeCategory"),
                null),
            AskedMachine.Names.OF_ROUTE,
            fields::add);
    Size size = options.getFirst().size();
    return () ->
        new CapacityShapes.AvailableResourcesResponse(
            region.value(),
            options.getFirst().instanceType(),
            size.cpu().vcpu(),
            size.memory().gib(),
            stock.of(region, zone, options).stream()
                .map(CapacityShapes.ZoneStockResponse::of)
                .toList());
  }
}
