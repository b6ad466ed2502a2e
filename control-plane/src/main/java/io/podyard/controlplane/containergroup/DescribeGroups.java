package io.podyard.controlplane.containergroup;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists an account's groups (contract section 8 for pages). */
@Component
public class DescribeGroups {

  /**
   * A page.
   *
   * @param groups those of the answer, in its order
   */
  public record DescribedPage(List<GroupRecord> groups, DescribeContainerGroupsResponse answer) {}

  private static final int MOST_PER_PAGE = 20;

  private final GroupPages pages;
  private final GroupAnswers answers;
  private final GroupEvents events;
  private final Regions regions;

  DescribeGroups(GroupPages pages, GroupAnswers answers, GroupEvents events, Regions regions) {
    this.pages = pages;
    this.answers = answers;
    this.events = events;
    this.regions = regions;
  }

  /**
   * One page, newest groups first.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeContainerGroupsResponse describe(
      Caller caller, Decoded<DescribeContainerGroupsRequest> decoded) {
    return page(caller, decoded).answer();
  }

  /**
   * The same with the records that the answer was made of.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribedPage page(Caller caller, Decoded<DescribeContainerGroupsRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeContainerGroupsRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    GroupFilter filter =
        GroupFilter.of(caller.account(), region)
            .ids(GroupPages.ids(asked.containerGroupIds(), problems::add))
            .name(asked.containerGroupName())
            .status(status(asked.status(), problems))
            .zone(asked.zoneId())
            .vSwitch(asked.vSwitchId())
            .securityGroup(asked.securityGroupId())
            .resourceGroup(asked.resourceGroupId())
            .computeCategory(category(asked.computeCategory(), problems))
            .tags(TagRules.filter(asked.tag(), problems::add));
    int limit = limit(asked.limit(), problems);
    ContainerGroupId after = GroupPages.after(asked.nextToken(), problems::add);
    DescribeContainerGroupsRequest request = decoded.orThrow(problems);
    GroupPages.Page<GroupRecord> page = pages.page(filter, after, limit);
    List<GroupRecord> groups = page.groups();
    return new DescribedPage(
        groups,
        new DescribeContainerGroupsResponse(
            answers(groups, Boolean.TRUE.equals(request.withEvent())),
            page.more() ? GroupPages.token(groups.getLast().id()) : "",
            null,
            page.total()));
  }

  private List<ContainerGroupResponse> answers(List<GroupRecord> groups, boolean withEvents) {
    Map<ContainerGroupId, List<GroupEvent>> happened =
        withEvents ? events.newest(groups.stream().map(GroupRecord::id).toList(), null) : Map.of();
    return groups.stream()
        .map(
            group ->
                answers.answer(
                    group,
                    happened.getOrDefault(group.id(), List.of()).stream()
                        .map(GroupEvent::brief)
                        .toList()))
        .toList();
  }

  private static int limit(@Nullable Integer limit, List<Problem> problems) {
    if (limit == null) {
      return MOST_PER_PAGE;
    }
    if (limit < 1 || limit > MOST_PER_PAGE) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Limit",
              limit.toString(),
              "must be from 1 to " + MOST_PER_PAGE));
    }
    return limit;
  }

  private static @Nullable String category(@Nullable String category, List<Problem> problems) {
    if (category == null || category.isEmpty()) {
      return null;
    }
    if (!MachineRules.isCategory(category)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "ComputeCategory",
              category,
              "must be economy or general"));
    }
    return category;
  }

  private static @Nullable GroupStatus status(@Nullable String status, List<Problem> problems) {
    if (status == null || status.isEmpty()) {
      return null;
    }
    return GroupStatus.named(status)
        .orElseGet(
            () -> {
              problems.add(
                  new Problem(
                      ErrorCode.INVALID_PARAMETER,
                      "Status",
                      status,
                      "is not a status; there are " + GroupStatus.wireNames()));
              return null;
            });
  }
}
