package io.podyard.controlplane.containergroup;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.ContainerGroupEventsResponse;
import io.podyard.api.containergroup.DescribeContainerGroupEventsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupEventsResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.event.EventSource;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists the events of an account's groups, a row for each group (contract sections 8 and 15). */
@Component
public class DescribeGroupEvents {

  /** The schema says 50, a text says 200; the smaller answer surprises nobody. */
  private static final int ROWS_BY_DEFAULT = 50;

  private record Named(ContainerGroupId id, String name) {}

  private final GroupPages pages;
  private final GroupEvents events;
  private final Regions regions;

  DescribeGroupEvents(GroupPages pages, GroupEvents events, Regions regions) {
    this.pages = pages;
    this.events = events;
    this.regions = regions;
  }

  /**
   * One page, newest groups first. The answer of the contract has no token for the next page, so
   * NextToken is the id of the last group of the page before; a token of DescribeContainerGroups
   * does as well.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeContainerGroupEventsResponse describe(
      Caller caller, Decoded<DescribeContainerGroupEventsRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeContainerGroupEventsRequest asked = decoded.draft();
    // The codec has seen to the ranges of these two: the contract gives them in its schema.
    int limit = asked.limit() == null ? ROWS_BY_DEFAULT : asked.limit();
    Duration changedWithin =
        asked.sinceSecond() == null ? null : Duration.ofSeconds(asked.sinceSecond());
    GroupFilter filter =
        GroupFilter.of(caller.account(), regions.read(asked.regionId(), problems::add))
            .ids(GroupPages.ids(asked.containerGroupIds(), problems::add))
            .zone(asked.zoneId())
            .vSwitch(asked.vSwitchId())
            .resourceGroup(asked.resourceGroupId())
            .tags(TagRules.filter(asked.tag(), problems::add))
            .changedWithin(changedWithin);
    EventSource source = source(asked.eventSource(), problems);
    ContainerGroupId after = after(asked.nextToken(), problems);
    decoded.orThrow(problems);
    GroupPages.Page<Named> page =
        pages.page(
            filter,
            after,
            limit,
            "id, name",
            (row, n) -> new Named(new ContainerGroupId(row.getString(1)), row.getString(2)));
    Map<ContainerGroupId, List<GroupEvent>> happened =
        events.newest(page.groups().stream().map(Named::id).toList(), source);
    return new DescribeContainerGroupEventsResponse(
        page.groups().stream()
            .map(group -> row(group, happened.getOrDefault(group.id(), List.of())))
            .toList(),
        null,
        page.total());
  }

  private static ContainerGroupEventsResponse row(Named group, List<GroupEvent> events) {
    return new ContainerGroupEventsResponse(
        null,
        group.id().value(),
        events.stream().map(event -> event.full(group.name())).toList(),
        group.name(),
        GroupEvent.NAMESPACE,
        group.id().value());
  }

  private static @Nullable EventSource source(@Nullable String name, List<Problem> problems) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    return EventSource.named(name)
        .orElseGet(
            () -> {
              problems.add(
                  new Problem(
                      ErrorCode.INVALID_PARAMETER,
                      "EventSource",
                      name,
                      "must be EciService or K8sAgent"));
              return null;
            });
  }

  private static @Nullable ContainerGroupId after(@Nullable String token, List<Problem> problems) {
    if (token != null && token.startsWith(GroupIds.PREFIX)) {
      try {
        return new ContainerGroupId(token);
      } catch (IllegalArgumentException e) {
        // As a token it is refused below.
      }
    }
    return GroupPages.after(token, problems::add);
  }
}
