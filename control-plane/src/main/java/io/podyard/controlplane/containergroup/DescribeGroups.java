package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.api.tag.Tag;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists an account's groups (contract section 8 for pages). */
@Component
public class DescribeGroups {

  private static final int MOST_PER_PAGE = 20;
  private static final String TOKEN_PREFIX = "after:";

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
   * @throws ApiException with every problem of the request
   */
  public DescribeContainerGroupsResponse describe(
      Caller caller, DescribeContainerGroupsRequest request) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.require(request.regionId());
    List<ContainerGroupId> ids = ids(request, problems);
    int limit = limit(request.limit(), problems);
    ContainerGroupId after = after(request.nextToken(), problems);
    GroupStatus status = status(request.status(), problems);
    Map<String, @Nullable String> tags = new LinkedHashMap<>();
    for (Tag tag : request.tag()) {
      if (tag.key() != null) {
        tags.put(tag.key(), tag.value());
      }
    }
    if (!problems.isEmpty()) {
      throw new ApiException(problems);
    }
    GroupPages.Page page =
        pages.page(
            new GroupPages.Filter(
                caller.account(),
                region,
                ids,
                request.containerGroupName(),
                status,
                request.zoneId(),
                request.vSwitchId(),
                request.securityGroupId(),
                request.resourceGroupId(),
                tags),
            after,
            limit);
    List<GroupRecord> groups = page.groups();
    return new DescribeContainerGroupsResponse(
        answers(groups, Boolean.TRUE.equals(request.withEvent())),
        page.more() ? token(groups.getLast().id()) : "",
        null,
        page.total());
  }

  private List<ContainerGroupResponse> answers(List<GroupRecord> groups, boolean withEvents) {
    Map<ContainerGroupId, List<EventResponse>> happened =
        withEvents ? events.of(groups.stream().map(GroupRecord::id).toList()) : Map.of();
    return groups.stream()
        .map(group -> answers.answer(group, happened.getOrDefault(group.id(), List.of())))
        .toList();
  }

  private static List<ContainerGroupId> ids(
      DescribeContainerGroupsRequest request, List<Problem> problems) {
    List<ContainerGroupId> ids = new ArrayList<>();
    for (String id : request.containerGroupIds()) {
      try {
        ids.add(new ContainerGroupId(id));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(
                ErrorCode.INVALID_PARAMETER, "ContainerGroupIds", id, "is not the id of a group"));
      }
    }
    return ids;
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

  private static String token(ContainerGroupId last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((TOKEN_PREFIX + last).getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable ContainerGroupId after(
      @Nullable String token, List<Problem> problems) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(TOKEN_PREFIX)) {
        return new ContainerGroupId(text.substring(TOKEN_PREFIX.length()));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    problems.add(
        new Problem(
            ErrorCode.INVALID_PARAMETER,
            "NextToken",
            token,
            "is not a token of an earlier answer; leave it out for the first page"));
    return null;
  }
}
