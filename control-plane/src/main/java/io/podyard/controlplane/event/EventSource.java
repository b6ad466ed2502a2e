package io.podyard.controlplane.event;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Who reported an event (contract section 15). */
public enum EventSource {
  /** The control plane: finding a host, deleting, giving a host up or emptying it. */
  SERVICE("EciService"),

  /** The host: images, containers, back-off. */
  HOST("K8sAgent");

  /** All reasons the control plane itself gives; every other comes from a host. */
  static final Set<String> SERVICE_REASONS =
      Set.of("Scheduled", "FailedScheduling", "Deleting", "HostLost", "HostDrained");

  private final String wireName;

  EventSource(String wireName) {
    this.wireName = wireName;
  }

  /** The contract's name of it. */
  public String wireName() {
    return wireName;
  }

  /** Who reports events of this reason. */
  static EventSource of(String reason) {
    return SERVICE_REASONS.contains(reason) ? SERVICE : HOST;
  }

  public static Optional<EventSource> named(String wireName) {
    return Stream.of(values()).filter(source -> source.wireName.equals(wireName)).findFirst();
  }
}
