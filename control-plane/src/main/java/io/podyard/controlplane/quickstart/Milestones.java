package io.podyard.controlplane.quickstart;

import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerStateResponse;
import io.podyard.api.containergroup.EventResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which steps of a start are done, as an answer of DescribeContainerGroups shows it. */
final class Milestones {

  /** In the order in which they happen. */
  enum Step {
    SCHEDULING("scheduling", "a host is picked"),
    SANDBOX("sandbox", "the group has its address"),
    PULL("pull", "the image is there"),
    INIT("init", "the init container has done its work"),
    START("start", "both containers run");

    private final String words;
    private final String reached;

    Step(String words, String reached) {
      this.words = words;
      this.reached = reached;
    }

    String words() {
      return words;
    }

    /** What is so once the step is done. */
    String reached() {
      return reached;
    }
  }

  private final Map<Step, Long> doneAtNanos = new EnumMap<>(Step.class);

  /** Takes an answer in and tells the steps it shows done for the first time. */
  List<Step> take(ContainerGroupResponse group, long nanos) {
    List<Step> fresh = new ArrayList<>();
    for (Step step : Step.values()) {
      if (!doneAtNanos.containsKey(step) && done(step, group)) {
        doneAtNanos.put(step, nanos);
        fresh.add(step);
      }
    }
    return fresh;
  }

  boolean complete() {
    return doneAtNanos.size() == Step.values().length;
  }

  private static boolean done(Step step, ContainerGroupResponse group) {
    return switch (step) {
      case SCHEDULING -> happened(group, "Scheduled") || group.intranetIp() != null;
      case SANDBOX -> group.intranetIp() != null;
      case PULL ->
          group.initContainers().stream().allMatch(c -> started(c.currentState()))
              && !group.initContainers().isEmpty();
      case INIT ->
          group.initContainers().stream()
              .allMatch(c -> "Terminated".equals(state(c.currentState())));
      case START ->
          "Running".equals(group.status())
              && group.containers().stream()
                  .allMatch(c -> "Running".equals(state(c.currentState())));
    };
  }

  private static boolean happened(ContainerGroupResponse group, String reason) {
    return group.events().stream().map(EventResponse::reason).anyMatch(reason::equals);
  }

  private static boolean started(@Nullable ContainerStateResponse state) {
    return "Running".equals(state(state)) || "Terminated".equals(state(state));
  }

  private static String state(@Nullable ContainerStateResponse state) {
    return state == null || state.state() == null ? "" : state.state();
  }
}
