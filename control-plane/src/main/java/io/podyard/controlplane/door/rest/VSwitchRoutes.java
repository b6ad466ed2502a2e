package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INCORRECT_STATUS;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.OPERATION_CONFLICT;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.CidrBlock;
import io.podyard.controlplane.inventory.OpenZones;
import io.podyard.controlplane.inventory.OwnVSwitches;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** vSwitches as resources. ECI has none of these: they are another product's there. */
@Configuration(proxyBeanMethods = false)
class VSwitchRoutes {

  private static final String ALL = "/vswitches";
  private static final String ONE = ALL + "/{vSwitchId}";
  private static final String ID = "VSwitchId";
  private static final String REGION = "RegionId";
  private static final String NAME = "VSwitchName";
  private static final int VSWITCHES_BY_DEFAULT = 20;
  private static final int MOST_VSWITCHES = 100;
  private static final int LONGEST_NAME = 128;

  private final OwnVSwitches vSwitches;
  private final Regions regions;
  private final OpenZones zones;
  private final SignedOnce once;

  VSwitchRoutes(OwnVSwitches vSwitches, Regions regions, OpenZones zones, SignedOnce once) {
    this.vSwitches = vSwitches;
    this.regions = regions;
    this.zones = zones;
    this.once = once;
  }

  @Bean
  Route createVSwitchRoute() {
    return Route.own(
        "CreateVSwitch",
        "POST",
        ALL,
        VSwitchShapes.CreateVSwitchRequest.class,
        VSwitchShapes.VSwitchResponse.class,
        this::create,
        RouteText.of(
                RouteText.NETWORK,
                "Create a vSwitch",
                """
                A vSwitch is in a zone, and its container groups see one another. With a \
                `cidrBlock` each of them has an address of that range, which it keeps for all its \
                life and which no other has; without, hosts choose. The first address of the range \
                and the last three are nobody's. No two vSwitches of a region share an address, \
                whoever they are of. A vSwitch that no request made is made by the first container \
                group that names it, without addresses of its own.\
                """)
            .errors(OPERATION_CONFLICT, QUOTA_EXCEEDED)
            .example(
                """
                {"zoneId": "cn-hangzhou-b", "cidrBlock": "192.168.10.0/24", "vSwitchName": "web"}
                """));
  }

  @Bean
  Route listVSwitchesRoute() {
    return Route.own(
        "ListVSwitches",
        "GET",
        ALL,
        VSwitchShapes.VSwitchesRequest.class,
        VSwitchShapes.VSwitchesResponse.class,
        this::list,
        RouteText.of(
            RouteText.NETWORK,
            "List vSwitches",
            """
            Your vSwitches in a region in the order of their ids, with how many addresses are free \
            in each.\
            """));
  }

  @Bean
  Route describeVSwitchRoute() {
    return Route.own(
        "DescribeVSwitch",
        "GET",
        ONE,
        VSwitchShapes.VSwitchRequest.class,
        VSwitchShapes.VSwitchResponse.class,
        (caller, fields) -> {
          VSwitchId id = fields.id(ID, VSwitchId::new);
          RegionId region = regions.read(fields.text(REGION), fields::add);
          return () ->
              VSwitchShapes.VSwitchResponse.of(vSwitches.require(caller.account(), region, id(id)));
        },
        RouteText.of(
                RouteText.NETWORK,
                "Read a vSwitch",
                "Its zone, its addresses, and how many of them are free.")
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route updateVSwitchRoute() {
    return Route.own(
        "UpdateVSwitch",
        "PATCH",
        ONE,
        VSwitchShapes.UpdateVSwitchRequest.class,
        VSwitchShapes.VSwitchResponse.class,
        (caller, fields) -> {
          VSwitchId id = fields.id(ID, VSwitchId::new);
          RegionId region = regions.read(fields.text(REGION), fields::add);
          String name = fields.given(NAME);
          checkName(name, fields);
          return () -> {
            // Not found as it is, whether or not this is a repetition.
            OwnVSwitches.Listed _ = vSwitches.require(caller.account(), region, id(id));
            once.burn(caller);
            return VSwitchShapes.VSwitchResponse.of(
                vSwitches.rename(caller.account(), region, id(id), name.isEmpty() ? null : name));
          };
        },
        RouteText.of(
                RouteText.NETWORK,
                "Rename a vSwitch",
                """
                Gives a vSwitch another name; an empty one takes it away. Its zone and its addresses \
                stay what they are, because container groups have them.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND)
            .example("{\"vSwitchName\": \"web\"}\n"));
  }

  @Bean
  Route deleteVSwitchRoute() {
    return Route.own(
        "DeleteVSwitch",
        "DELETE",
        ONE,
        VSwitchShapes.DeleteVSwitchRequest.class,
        VSwitchShapes.DeleteVSwitchResponse.class,
        (caller, fields) -> {
          VSwitchId id = fields.id(ID, VSwitchId::new);
          RegionId region = regions.read(fields.text(REGION), fields::add);
          return () -> {
            // Not found as it is, whether or not this is a repetition.
            OwnVSwitches.Listed _ = vSwitches.require(caller.account(), region, id(id));
            once.burn(caller);
            vSwitches.delete(caller.account(), region, id(id));
            return new VSwitchShapes.DeleteVSwitchResponse();
          };
        },
        RouteText.of(
                RouteText.NETWORK,
                "Delete a vSwitch",
                "Deletes a vSwitch that no container group is in, or waits to be in.")
            .errors(INVALID_PARAMETER_NOT_FOUND, INCORRECT_STATUS));
  }

  /** What was read without a problem is there. */
  private static VSwitchId id(@Nullable VSwitchId read) {
    if (read == null) {
      throw new IllegalStateException("a path without its id");
    }
    return read;
  }

  private Route.OwnCall create(Caller caller, OwnFields fields) {
    RegionId region = regions.read(fields.text(REGION), fields::add);
    regions.checkZone(fields.text(REGION), fields.text("ZoneId"), fields::add);
    VSwitchId id = newId(fields);
    CidrBlock cidr = cidr(fields);
    String name = fields.text(NAME);
    checkName(name == null ? "" : name, fields);
    String asked = fields.text("ZoneId");
    return () -> {
      once.burn(caller);
      ZoneId zone = asked == null ? firstZone(region) : new ZoneId(asked);
      return VSwitchShapes.VSwitchResponse.of(
          vSwitches.create(
              caller.account(), new OwnVSwitches.Wanted(id, region, zone, name, cidr)));
    };
  }

  private static void checkName(String name, OwnFields fields) {
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      fields.refuse(NAME, name, "must be 1 to %d characters on one line".formatted(LONGEST_NAME));
    }
  }

  private ZoneId firstZone(RegionId region) {
    List<ZoneId> open = zones.openZones(region);
    return Stream.concat(open.stream(), regions.zonesOf(region).stream())
        .findFirst()
        // The last one may have gone since the region was read.
        .orElseThrow(
            () ->
                new ApiException(
                    new Problem(INVALID_PARAMETER, REGION, region.value(), "has no zone")));
  }

  private static @Nullable VSwitchId newId(OwnFields fields) {
    String text = fields.text(ID);
    if (text == null) {
      return null;
    }
    try {
      return new VSwitchId(text);
    } catch (IllegalArgumentException e) {
      fields.refuse(ID, text, "must be at most 128 letters, digits, '.', '_' and '-'");
      return null;
    }
  }

  private static @Nullable CidrBlock cidr(OwnFields fields) {
    String text = fields.text("CidrBlock");
    if (text == null) {
      return null;
    }
    Optional<CidrBlock> cidr = CidrBlock.parse(text);
    if (cidr.isEmpty()) {
      fields.refuse(
          "CidrBlock",
          text,
          "must be the first address of a range and how many bits all of it begin with, such as"
              + " 192.168.10.0/24");
    } else if (!cidr.get().fitsVSwitch()) {
      fields.refuse(
          "CidrBlock",
          text,
          "must be a /%d to /%d of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"
              .formatted(CidrBlock.SHORTEST_PREFIX, CidrBlock.LONGEST_PREFIX));
    }
    return cidr.orElse(null);
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    int limit = fields.limit("Limit", VSWITCHES_BY_DEFAULT, MOST_VSWITCHES);
    VSwitchId after = fields.id("NextToken", VSwitchId::new);
    RegionId region = regions.read(fields.text(REGION), fields::add);
    return () -> {
      PageOfRows<OwnVSwitches.Listed> page =
          PageOfRows.of(vSwitches.page(caller.account(), region, after, limit + 1), limit);
      return new VSwitchShapes.VSwitchesResponse(
          page.map(VSwitchShapes.VSwitchResponse::of),
          page.nextToken(vSwitch -> vSwitch.id().value()));
    };
  }
}
