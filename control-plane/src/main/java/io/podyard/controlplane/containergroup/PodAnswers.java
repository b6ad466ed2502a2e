package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.ContainerGroupStatusResponse;
import io.podyard.api.containergroup.PodConditionResponse;
import io.podyard.api.containergroup.PodContainerStateResponse;
import io.podyard.api.containergroup.PodContainerStatusResponse;
import io.podyard.api.containergroup.PodStatusResponse;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A stored group as a pod, in the shape of the contract (sections 2.2, 5 and 15). */
final class PodAnswers {

  private final GroupRecord group;
  private final GroupState state;

  private PodAnswers(GroupRecord group) {
    this.group = group;
    this.state = group.state();
  }

  static ContainerGroupStatusResponse of(GroupRecord group) {
    return new ContainerGroupStatusResponse(
        null,
        group.id().value(),
        group.name(),
        GroupEvent.NAMESPACE,
        new PodAnswers(group).status(),
        group.status().wireName(),
        group.id().value());
  }

  private PodStatusResponse status() {
    String ip = state.ip();
    return new PodStatusResponse(
        conditions(),
        Stream.concat(group.spec().initContainers().stream(), group.spec().containers().stream())
            .map(this::container)
            .toList(),
        null,
        phase(),
        ip,
        ip == null ? List.of() : List.of(new PodStatusResponse.PodIp(ip)),
        // What a group has is reserved for it, and it cannot have more.
        "Guaranteed",
        GroupAnswers.time(state.sandboxReadyAt()));
  }

  /** Contract section 5. */
  private String phase() {
    return switch (group.status()) {
      case SCHEDULING, PENDING, RESTARTING, UPDATING -> "Pending";
      case RUNNING, TERMINATING -> "Running";
      case SUCCEEDED -> "Succeeded";
      case FAILED, SCHEDULE_FAILED, EXPIRED -> "Failed";
    };
  }

  private List<PodConditionResponse> conditions() {
    List<String> uninitialized =
        group.spec().initContainers().stream()
            .map(ContainerSpec::name)
            .filter(name -> !succeeded(name))
            .toList();
    List<String> unready =
        group.spec().containers().stream()
            .map(ContainerSpec::name)
            .filter(name -> !ready(name))
            .toList();
    boolean over = group.status() == GroupStatus.SUCCEEDED;
    String whyUnready = over ? "PodCompleted" : "ContainersNotReady";
    String unreadyWords =
        over || unready.isEmpty() ? "" : "containers with unready status: " + unready;
    Instant started = readySince(unready);
    return List.of(
        condition(
            "PodScheduled",
            group.host() != null,
            group.host() == null ? "Unschedulable" : "",
            group.host() == null ? group.message() : "",
            group.createdAt()),
        condition("PodReadyToStartContainers", state.ip() != null, "", "", state.sandboxReadyAt()),
        condition(
            "Initialized",
            state.sandboxReadyAt() != null && uninitialized.isEmpty(),
            uninitialized.isEmpty() ? "" : "ContainersNotInitialized",
            uninitialized.isEmpty() ? "" : "containers with incomplete status: " + uninitialized,
            state.sandboxReadyAt()),
        condition(
            "ContainersReady",
            unready.isEmpty(),
            unready.isEmpty() ? "" : whyUnready,
            unreadyWords,
            started),
        condition(
            "Ready", unready.isEmpty(), unready.isEmpty() ? "" : whyUnready, unreadyWords, started),
        condition(
            "ContainerInstanceCreated",
            state.sandboxReadyAt() != null,
            state.sandboxReadyAt() == null ? group.reason() : "",
            state.sandboxReadyAt() == null ? group.message() : "",
            state.sandboxReadyAt()));
  }

  /** Since when all are ready, or the first of those that are not is not. */
  private @Nullable Instant readySince(List<String> unready) {
    List<String> matter =
        unready.isEmpty()
            ? group.spec().containers().stream().map(ContainerSpec::name).toList()
            : unready;
    List<@Nullable Instant> changes = new ArrayList<>();
    for (String name : matter) {
      changes.add(state.container(name).map(ContainerProgress::readyChangedAt).orElse(null));
    }
    if (changes.contains(null)) {
      return unready.isEmpty() ? group.runningAt() : state.sandboxReadyAt();
    }
    return unready.isEmpty() ? Collections.max(changes) : Collections.min(changes);
  }

  private static PodConditionResponse condition(
      String type, boolean holds, String reason, String message, @Nullable Instant since) {
    return new PodConditionResponse(
        message, reason, GroupAnswers.time(since), holds ? "True" : "False", type);
  }

  private boolean succeeded(String name) {
    return state
        .container(name)
        .map(ContainerProgress::current)
        .map(current -> current instanceof ContainerStatus.Terminated end && end.succeeded())
        .orElse(false);
  }

  private boolean ready(String name) {
    return state.container(name).map(ContainerProgress::ready).orElse(false);
  }

  private PodContainerStatusResponse container(ContainerSpec spec) {
    ContainerProgress progress = state.container(spec.name()).orElse(null);
    boolean init = group.spec().initContainers().contains(spec);
    ContainerStatus.Terminated previous = progress == null ? null : progress.previous();
    return new PodContainerStatusResponse(
        spec.image(),
        null,
        previous == null ? null : of(previous),
        spec.name(),
        init ? succeeded(spec.name()) : progress != null && progress.ready(),
        progress == null ? 0 : progress.restarts(),
        progress != null && progress.current() instanceof ContainerStatus.Running,
        progress == null ? null : of(progress.current()));
  }

  private static PodContainerStateResponse of(ContainerStatus status) {
    return switch (status) {
      case ContainerStatus.Waiting(String reason, String message) ->
          new PodContainerStateResponse(
              null, null, new PodContainerStateResponse.Waiting(message, reason));
      case ContainerStatus.Running running ->
          new PodContainerStateResponse(
              new PodContainerStateResponse.Running(GroupAnswers.time(running.since())),
              null,
              null);
      case ContainerStatus.Terminated end ->
          new PodContainerStateResponse(
              null,
              new PodContainerStateResponse.Terminated(
                  null,
                  end.exitCode(),
                  GroupAnswers.time(end.finishedAt()),
                  end.message(),
                  end.reason(),
                  end.signal(),
                  GroupAnswers.time(end.startedAt())),
              null);
    };
  }
}
