package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads logs of containers (contract section 15), of ended ones as long as the record of their
 * group is there.
 */
@Component
public class ContainerLogs {

  private static final int LINES_BY_DEFAULT = 500;
  private static final int MOST_LINES = 2000;
  private static final int MOST_BYTES = 1 << 20;
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final String LATE =
      "The host of the container group did not answer within %d s.".formatted(LONGEST.toSeconds());

  private final OwnGroups groups;
  private final Regions regions;
  private final GroupLogs logs;
  private final HostCalls hosts;
  private final Clock clock;

  ContainerLogs(OwnGroups groups, Regions regions, GroupLogs logs, HostCalls hosts, Clock clock) {
    this.groups = groups;
    this.regions = regions;
    this.logs = logs;
    this.hosts = hosts;
    this.clock = clock;
  }

  /**
   * The newest part of a log; empty if the container has not run yet.
   *
   * @throws ApiException with every problem of the request, or if there is no such group, container
   *     or earlier run, if the log of what ran is not kept any more, or if its host does not answer
   *     in time
   */
  public DescribeContainerLogResponse describe(
      Caller caller, Decoded<DescribeContainerLogRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    LogQuery query = query(decoded.draft(), problems);
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    DescribeContainerLogRequest request = decoded.orThrow(problems);
    OwnGroup group = groups.require(caller, region, request.containerGroupId());
    String container = Containers.require(group, request.containerName());
    HostId host = group.host();
    String content = "";
    if (host != null) {
      try {
        content = hosts.within(LONGEST, LATE, () -> logs.read(host, group.id(), container, query));
      } catch (NoSuchContainerException e) {
        refuseIfWritten(group, query, container);
      }
    } else {
      refuseIfWritten(group, query, container);
    }
    return new DescribeContainerLogResponse(container, content, null);
  }

  /** There is no log: that is fine of a container that has not run, and of no other. */
  private static void refuseIfWritten(OwnGroup group, LogQuery query, String container) {
    ContainerProgress progress = group.state().container(container).orElseThrow();
    if (query.previous()) {
      throw new ApiException(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_NOT_FOUND,
              "LastTime",
              progress.previous() == null
                  ? "container %s has no run before the present one".formatted(container)
                  : "the log of the run of container %s before the present one is not kept any more"
                      .formatted(container)));
    }
    if (hasRun(progress)) {
      throw new ApiException(
          new Problem(
              ErrorCode.INVALID_PARAMETER_NOT_FOUND,
              "ContainerName",
              container,
              "names a container that has run, but its log is not kept any more"));
    }
  }

  private static boolean hasRun(ContainerProgress progress) {
    ContainerStatus.Terminated previous = progress.previous();
    return progress.firstStartedAt() != null
        || (previous != null && previous.startedAt() != null)
        || switch (progress.current()) {
          case ContainerStatus.Waiting _ -> false;
          case ContainerStatus.Running _ -> true;
          case ContainerStatus.Terminated ended -> ended.startedAt() != null;
        };
  }

  /** Of no use if there are problems. */
  private LogQuery query(DescribeContainerLogRequest request, List<Problem> problems) {
    Containers.requireNamed(request.containerGroupId(), request.containerName(), problems);
    long bytes = number("LimitBytes", request.limitBytes(), MOST_BYTES, MOST_BYTES, problems);
    Integer seconds = request.sinceSeconds();
    if (seconds != null && seconds < 1) {
      problems.add(outOfRange("SinceSeconds", seconds, "must be 1 or more"));
    }
    Integer tail = request.tail();
    long lines =
        number("Tail", tail == null ? null : (long) tail, LINES_BY_DEFAULT, MOST_LINES, problems);
    return new LogQuery(
        (int) lines,
        (int) bytes,
        LogTimes.since(clock.instant(), seconds, request.startTime()),
        Boolean.TRUE.equals(request.timestamps()),
        Boolean.TRUE.equals(request.lastTime()));
  }

  private static long number(
      String parameter, @Nullable Long given, long absent, long most, List<Problem> problems) {
    if (given == null) {
      return absent;
    }
    if (given < 1 || given > most) {
      problems.add(outOfRange(parameter, given, "must be from 1 to " + most));
      return absent;
    }
    return given;
  }

  private static Problem outOfRange(String parameter, Number given, String message) {
    return new Problem(
        ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED, parameter, given.toString(), message);
  }
}
