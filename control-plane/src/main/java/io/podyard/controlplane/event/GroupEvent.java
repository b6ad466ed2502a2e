package io.podyard.controlplane.event;

import io.podyard.api.containergroup.ContainerGroupEventResponse;
import io.podyard.api.containergroup.EventResponse;
import io.podyard.model.ContainerGroupId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A kind of thing that happened to a group, once or more often.
 *
 * @param name unique among all events
 * @param type {@code Normal} or {@code Warning}
 */
public record GroupEvent(
    ContainerGroupId group,
    String name,
    String type,
    String reason,
    String message,
    int count,
    Instant firstAt,
    Instant lastAt) {

  /** Groups have no name spaces; this is where Kubernetes puts what has none. */
  public static final String NAMESPACE = "default";

  public EventSource source() {
    return EventSource.of(reason);
  }

  /** As it is shown with its group. */
  public EventResponse brief() {
    return new EventResponse(count, whole(firstAt), whole(lastAt), message, name, reason, type);
  }

  /**
   * With everything a Kubernetes event has. Which host reported it is left out: hosts are nobody's
   * business but their operator's.
   *
   * @param groupName what a Kubernetes client takes for the name of the pod
   */
  public ContainerGroupEventResponse full(String groupName) {
    return new ContainerGroupEventResponse(
        count,
        whole(firstAt),
        whole(lastAt),
        message,
        new ContainerGroupEventResponse.Metadata(name, NAMESPACE),
        reason,
        source().wireName(),
        null,
        new ContainerGroupEventResponse.Source(source().wireName(), null),
        type,
        new ContainerGroupEventResponse.InvolvedObject(
            "v1", "Pod", groupName, NAMESPACE, group.value()));
  }

  /** Times go out in whole seconds (contract section 8). */
  private static Instant whole(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}
