package io.podyard.controlplane.quickstart;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Follows a group until it runs. */
final class GroupStart {

  /**
   * How a start went.
   *
   * @param pullSeconds from the group having its address to its image being there
   * @param pulled what the group's events say of the image, empty if it was there already
   */
  record Followed(double pullSeconds, double runningSeconds, String pulled) {}

  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final double NANOS = 1e9;

  private final PodyardClient client;
  private final PrintStream out;

  GroupStart(PodyardClient client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /** The group as it is now, with its events. */
  Optional<ContainerGroupResponse> find(String id) {
    return client
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            DescribeContainerGroupsRequest.builder()
                .containerGroupIds(List.of(id))
                .withEvent(true)
                .build(),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .stream()
        .findFirst();
  }

  /**
   * Prints each step once it is done.
   *
   * @throws Tour.FailedException if it does not come to run
   */
  Followed follow(String id) throws Tour.FailedException {
    Milestones milestones = new Milestones();
    long start = System.nanoTime();
    long last = start;
    long said = start;
    double pull = 0;
    while (true) {
      ContainerGroupResponse group =
          find(id).orElseThrow(() -> new Tour.FailedException(id + " is gone before it ran"));
      long now = System.nanoTime();
      for (Milestones.Step step : milestones.take(group, now)) {
        double seconds = (now - last) / NANOS;
        out.printf(
            Locale.ROOT,
            "  %-12s %6.2f s  %s%n",
            step.words(),
            seconds,
            step == Milestones.Step.SANDBOX
                ? step.reached() + ", " + group.intranetIp()
                : step.reached());
        pull = step == Milestones.Step.PULL ? seconds : pull;
        last = now;
        said = now;
      }
      if (milestones.complete()) {
        double all = (now - start) / NANOS;
        out.printf(Locale.ROOT, "  Running after %.2f s%n", all);
        return new Followed(pull, all, pulled(group));
      }
      String status = String.valueOf(group.status());
      if (status.equals("Failed") || status.equals("ScheduleFailed")) {
        throw new Tour.FailedException(id + " is " + status + ": " + events(group));
      }
      if (now - start > LONGEST.toNanos()) {
        throw new Tour.FailedException(
            id + " does not run after " + LONGEST + ": " + events(group));
      }
      if (now - said > PROGRESS_NANOS) {
        out.printf(Locale.ROOT, "  ... %s for %.0f s%n", status, (now - last) / NANOS);
        said = now;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static String events(ContainerGroupResponse group) {
    return String.join(
        "; ", group.events().stream().map(e -> e.reason() + ": " + e.message()).toList());
  }

  private static String pulled(ContainerGroupResponse group) {
    return group.events().stream()
        .filter(event -> "Pulled".equals(event.reason()))
        .map(event -> String.valueOf(event.message()))
        .filter(message -> message.contains(" from its registry: "))
        .findFirst()
        .orElse("");
  }
}
