package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.EndedGroupListing;
import io.podyard.controlplane.containergroup.EndedGroupListing.EndedGroup;
import io.podyard.controlplane.containergroup.GroupAnswers;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.usage.GroupCosts;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Container groups that are history. */
@Configuration(proxyBeanMethods = false)
class EndedGroupRoutes {

  /** Beside the groups and not below them, where a path names one group. */
  static final String ALL = "/ended-container-groups";

  private static final int GROUPS_BY_DEFAULT = 20;
  private static final int MOST_GROUPS = 100;

  private static final String EXAMPLE =
      """
      {
        "requestId": "7958C70A-AA76-4A62-8003-A0D8E150806F",
        "containerGroups": [
          {
            "containerGroupId": "eci-0mwpzwwvr1e4mejgo6sy",
            "containerGroupName": "hello",
            "containers": [],
            "cpu": 2,
            "creationTime": "2026-11-21T09:00:00Z",
            "dnsPolicy": "Default",
            "events": [],
            "hostAliases": [],
            "initContainers": [],
            "memory": 4,
            "regionId": "cn-hangzhou",
            "restartPolicy": "Never",
            "status": "Succeeded",
            "succeededTime": "2026-11-21T09:01:05Z",
            "tags": [{"key": "made-by", "value": "swagger-ui"}],
            "volumes": [],
            "zoneId": "cn-hangzhou-b",
            "endedTime": "2026-11-21T10:02:00Z",
            "cost": {
              "currency": "CNY",
              "amount": "0.0073512",
              "pricePerSecond": "0.00012252",
              "seconds": 60,
              "metering": false
            }
          }
        ],
        "nextToken": "eci-0mwpzwwvr1e4mejgo6sy"
      }
      """;

  private final EndedGroupListing listing;
  private final GroupAnswers answers;
  private final Regions regions;
  private final GroupCosts costs;

  EndedGroupRoutes(
      EndedGroupListing listing, GroupAnswers answers, Regions regions, GroupCosts costs) {
    this.listing = listing;
    this.answers = answers;
    this.regions = regions;
    this.costs = costs;
  }

  @Bean
  Route listEndedContainerGroupsRoute() {
    return Route.own(
        "ListEndedContainerGroups",
        "GET",
        ALL,
        EndedGroupsRequest.class,
        EndedGroupsResponse.class,
        this::list,
        RouteText.of(
                RouteText.GROUPS,
                "List container groups that have ended",
                """
                Groups whose record is over, each as it was last, newest first by their creation; \
                each filter that is given must match. The record of a group that its owner deleted \
                is over, and listed here, once nothing of it is left on its host. One that ended \
                by itself stays among the others for an hour at least. Each with what it cost; \
                events are at the group's own address.\
                """)
            .answerExample(EXAMPLE));
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    String name = fields.text("ContainerGroupName");
    Instant from = fields.time("From");
    int limit = fields.limit("Limit", GROUPS_BY_DEFAULT, MOST_GROUPS);
    ContainerGroupId after = fields.id("NextToken", ContainerGroupId::new);
    RegionId region = regions.read(fields.text("RegionId"), fields::add);
    String status = status(fields);
    Instant to = fields.time("To");
    if (from != null && to != null && to.isBefore(from)) {
      fields.refuse("To", fields.text("To"), "must not be before the period begins");
    }
    EndedGroupListing.Asked asked =
        new EndedGroupListing.Asked(caller.account(), region, name, status, from, to);
    return () -> {
      PageOfRows<EndedGroup> page = PageOfRows.of(listing.page(asked, after, limit + 1), limit);
      List<CostResponse> cost =
          CostResponse.of(
              costs, caller.account(), page.rows().stream().map(EndedGroup::group).toList());
      return new EndedGroupsResponse(
          CostResponse.beside(page.rows(), cost, this::answer),
          page.nextToken(ended -> ended.group().id().value()));
    };
  }

  private EndedGroupsResponse.Group answer(EndedGroup ended, CostResponse cost) {
    return new EndedGroupsResponse.Group(
        answers.answer(ended.group(), List.of()),
        OwnerResponse.of(ended.group()),
        ended.endedAt(),
        cost);
  }

  private static @Nullable String status(OwnFields fields) {
    String status = fields.text("Status");
    if (status != null && !EndedGroupListing.STATUSES.contains(status)) {
      fields.refuse(
          "Status",
          status,
          "is not a status that a record ends with; there are "
              + String.join(", ", EndedGroupListing.STATUSES));
    }
    return status;
  }
}
