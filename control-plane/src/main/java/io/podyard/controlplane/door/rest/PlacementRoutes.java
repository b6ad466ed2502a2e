package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.GroupPlacements;
import io.podyard.controlplane.containergroup.GroupPlacements.GroupPlacement;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.placement.DecisionTable;
import io.podyard.controlplane.placement.MadeDecision.Outcome;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Why groups are where they are, or nowhere. */
@Configuration(proxyBeanMethods = false)
class PlacementRoutes {

  private static final String ALL = "/placements";
  private static final int PLACEMENTS_BY_DEFAULT = 20;
  private static final int MOST_PLACEMENTS = 100;

  /** Those that are kept. */
  private static final List<Outcome> KEPT = List.of(Outcome.PLACED, Outcome.REFUSED);

  private final GroupPlacements placements;
  private final DecisionTable decisions;
  private final Placement hosts;
  private final Regions regions;

  PlacementRoutes(
      GroupPlacements placements, DecisionTable decisions, Placement hosts, Regions regions) {
    this.placements = placements;
    this.decisions = decisions;
    this.hosts = hosts;
    this.regions = regions;
  }

  @Bean
  Route describePlacementRoute() {
    return Route.own(
        "DescribePlacement",
        "GET",
        GroupRoutes.ONE + "/placement",
        PlacementShapes.GroupPlacementRequest.class,
        PlacementShapes.PlacementResponse.class,
        (caller, fields) -> {
          String id = fields.required("ContainerGroupId");
          OwnGroups.checkId(id, fields::add);
          return () ->
              PlacementShapes.PlacementResponse.of(
                  placements.of(caller, id), caller.operator() ? this::shardOf : null);
        },
        RouteText.of(
                RouteText.GROUPS,
                "Explain where a container group is, or why it waits",
                """
                How many hosts were looked at, why how many of them were ruled out, and what made the \
                best three better than the others. Of a group that has a host: as it was decided, if \
                that was kept, which it is for a sample and for some days; else `basis` is `AsOfNow` \
                and it is what would be seen if the group were placed again, what it holds being \
                taken. Of a group that waits: as of now. The operator may ask for any group and sees \
                the names of hosts.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND));
  }

  private @Nullable Integer shardOf(HostId host) {
    return hosts.host(host).map(KnownHost::shard).orElse(null);
  }

  @Bean
  Route listPlacementsRoute() {
    return Route.own(
        "ListPlacements",
        "GET",
        ALL,
        PlacementShapes.PlacementsRequest.class,
        PlacementShapes.PlacementsResponse.class,
        OperatorOnly.of((caller, fields) -> list(fields)),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List decisions of placement",
                """
                Decisions that are kept, newest first: every refusal for what the hosts are, equal \
                ones of a moment as one with their number, and of groups that got a host a sample. \
                Kept for 7 days and at most 20,000 of each outcome.\
                """)
            .errors(NO_PERMISSION));
  }

  private Route.OwnCall list(OwnFields fields) {
    int limit = fields.limit("Limit", PLACEMENTS_BY_DEFAULT, MOST_PLACEMENTS);
    Long before = fields.id("NextToken", PlacementRoutes::token);
    Outcome outcome = outcome(fields);
    return () -> {
      PageOfRows<DecisionTable.Row> page =
          PageOfRows.of(decisions.page(outcome, before, limit + 1), limit);
      return new PlacementShapes.PlacementsResponse(
          page.map(
              row ->
                  PlacementShapes.PlacementResponse.of(
                      new GroupPlacement(row.decision(), true, null), this::shardOf)),
          page.nextToken(row -> String.valueOf(row.id())));
    };
  }

  private static Long token(String value) {
    if (!value.matches("[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("no place among decisions");
    }
    return Long.valueOf(value);
  }

  private static @Nullable Outcome outcome(OwnFields fields) {
    String wanted = fields.text("Outcome");
    Optional<Outcome> outcome =
        KEPT.stream().filter(kept -> PlacementShapes.name(kept).equals(wanted)).findFirst();
    if (wanted != null && outcome.isEmpty()) {
      fields.refuse("Outcome", wanted, "must be Placed or Refused");
    }
    return outcome.orElse(null);
  }

  @Bean
  Route explainPlacementRoute() {
    return Route.own(
        "ExplainPlacement",
        "POST",
        ALL + "/explain",
        PlacementShapes.WhatIfRequest.class,
        PlacementShapes.PlacementResponse.class,
        OperatorOnly.of(this::explain),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Ask where something would be placed",
                """
                What would become of a request of this size for such hosts, were it made now: the \
                host that would be taken is the first of the `candidates`. What is left open is as \
                a group has it that says nothing of it. Nothing is made or set aside, and quotas, sizes that groups can have and vSwitches are not looked at.\
                """)
            .errors(NO_PERMISSION)
            .example("{\"cpu\": 8, \"memory\": 32, \"gpus\": 1, \"labels\": \"disk=ssd\"}\n"));
  }

  private Route.OwnCall explain(Caller caller, OwnFields fields) {
    RegionId region = regions.read(fields.text("RegionId"), fields::add);
    regions.checkZone(fields.text("RegionId"), fields.text("ZoneId"), fields::add);
    PoolId pool = fields.id("PoolId", PoolId::new);
    PlacementRequest request = WhatIfReading.read(region, pool, fields);
    return () ->
        PlacementShapes.PlacementResponse.of(
            placements.whatIf(caller.account(), request), this::shardOf);
  }
}
