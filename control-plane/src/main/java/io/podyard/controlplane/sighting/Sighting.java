package io.podyard.controlplane.sighting;

import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupState;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is stored as being on a host of one group, and when that was last true.
 *
 * @param running names and attempts of its containers
 */
record Sighting(Instant at, boolean sandbox, Set<Attempt> running) {

  record Attempt(String container, int number) {}

  static Sighting of(Instant at, GroupState state) {
    boolean sandbox =
        switch (state.phase()) {
          case STARTING, RUNNING, REPLACING, STOPPING -> true;
          case PREPARING, SUCCEEDED, FAILED, STOPPED, GONE -> false;
        };
    return new Sighting(
        at,
        sandbox,
        state.containers().stream()
            .filter(c -> c.current() instanceof ContainerStatus.Running)
            .map(c -> new Attempt(c.name(), c.attempt()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * Whether all of it is there.
   *
   * @param found what its host has of the group, null if nothing
   */
  boolean isShownBy(@Nullable FoundGroup found) {
    if (found == null) {
      return !sandbox && running.isEmpty();
    }
    return (!sandbox || found.sandboxes() > 0)
        && found.containers().stream()
            .filter(FoundGroup.FoundContainer::running)
            .map(c -> new Attempt(c.name(), c.attempt()))
            .collect(Collectors.toSet())
            .containsAll(running);
  }

  /** The same, seen then. */
  Sighting seenAgain(Instant then) {
    return then.equals(at) ? this : new Sighting(then, sandbox, running);
  }
}
