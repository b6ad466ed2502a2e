package io.podyard.controlplane.containergroup;

import io.podyard.api.Decoded;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.DescribeContainerGroupStatusRequest;
import io.podyard.api.containergroup.DescribeContainerGroupStatusResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.tag.TagRules;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Lists an account's groups as pods with their statuses (contract sections 2.2, 8 and 15). */
@Component
public class DescribeGroupStatuses {

  /** The schema says 50, a text says 200; the smaller answer surprises nobody. */
  private static final int ROWS_BY_DEFAULT = 50;

  private final GroupPages pages;
  private final Regions regions;

  DescribeGroupStatuses(GroupPages pages, Regions regions) {
    this.pages = pages;
    this.regions = regions;
  }

  /**
   * One page, newest groups first.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeContainerGroupStatusResponse describe(
      Caller caller, Decoded<DescribeContainerGroupStatusRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeContainerGroupStatusRequest asked = decoded.draft();
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
    ContainerGroupId after = GroupPages.after(asked.nextToken(), problems::add);
    decoded.orThrow(problems);
    GroupPages.Page<GroupRecord> page = pages.page(filter, after, limit);
    return new DescribeContainerGroupStatusResponse(
        page.groups().stream().map(PodAnswers::of).toList(),
        page.more() ? GroupPages.token(page.groups().getLast().id()) : "",
        null,
        page.total());
  }
}
