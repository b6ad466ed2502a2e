package io.podyard.controlplane.metric;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.metric.DescribeContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeContainerGroupMetricResponse;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricRequest;
import io.podyard.api.metric.DescribeMultiContainerGroupMetricResponse;
import io.podyard.api.metric.MonitorDataResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.MeasuredGroups;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells what groups use and used (contract sections 2.2 and 15). */
@Component
public class DescribeMetrics {

  private final MeasuredGroups groups;
  private final MetricReading reading;
  private final Regions regions;
  private final Clock clock;

  DescribeMetrics(MeasuredGroups groups, MetricReading reading, Regions regions, Clock clock) {
    this.groups = groups;
    this.reading = reading;
    this.regions = regions;
    this.clock = clock;
  }

  /**
   * What a group used in a period, oldest record first; also one that is history.
   *
   * @throws io.podyard.api.ApiException with every problem of the request, or if the account has
   *     and had no such group in the region
   */
  public DescribeContainerGroupMetricResponse describe(
      Caller caller, Decoded<DescribeContainerGroupMetricRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeContainerGroupMetricRequest asked = decoded.draft();
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    RegionId region = regions.read(asked.regionId(), problems::add);
    MetricPeriod period = MetricPeriod.of(asked, clock.instant(), problems::add);
    DescribeContainerGroupMetricRequest request = decoded.orThrow(problems);
    ContainerGroupId group = groups.require(caller.account(), region, request.containerGroupId());
    List<MetricRecord> records =
        reading.records(group, period.from(), period.to(), period.window());
    // A period that begins within a window has one more than it is long.
    int first = Math.max(0, records.size() - MetricPeriod.MOST_RECORDS);
    return new DescribeContainerGroupMetricResponse(
        group.value(),
        records.subList(first, records.size()).stream().map(MetricAnswers::record).toList(),
        null);
  }

  /**
   * The newest record of each of some groups. What the account has and had not is left out, as it
   * is from every list.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeMultiContainerGroupMetricResponse newest(
      Caller caller, Decoded<DescribeMultiContainerGroupMetricRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeMultiContainerGroupMetricRequest asked = decoded.draft();
    Set<ContainerGroupId> ids = new LinkedHashSet<>();
    for (String id : asked.containerGroupIds()) {
      try {
        ids.add(new ContainerGroupId(id));
      } catch (IllegalArgumentException e) {
        problems.add(
            new Problem(
                ErrorCode.INVALID_PARAMETER, "ContainerGroupIds", id, "is not the id of a group"));
      }
    }
    RegionId region = regions.read(asked.regionId(), problems::add);
    DescribeMultiContainerGroupMetricRequest request = decoded.orThrow(problems);
    Set<ContainerGroupId> known =
        groups.known(caller.account(), region, ids, emptyIsNull(request.resourceGroupId()));
    Map<ContainerGroupId, MetricRecord> newest = reading.newest(known);
    return new DescribeMultiContainerGroupMetricResponse(
        ids.stream().filter(known::contains).map(id -> data(id, newest.get(id))).toList(), null);
  }

  private static MonitorDataResponse data(ContainerGroupId id, @Nullable MetricRecord record) {
    return new MonitorDataResponse(
        id.value(), record == null ? List.of() : List.of(MetricAnswers.newest(record)));
  }

  private static @Nullable String emptyIsNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
