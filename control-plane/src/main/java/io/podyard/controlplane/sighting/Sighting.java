package io.podyard.controlplane.sighting;

import io.podyard.model.HostId;
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
 * @param shown what its host had of it when it was seen last; null if it was driven since
 */
record Sighting(
    HostId host, Instant at, boolean sandbox, Set<Attempt> running, @Nullable FoundGroup shown) {

  record Attempt(String container, int number) {}

  static Sighting of(HostId host, Instant at, GroupState state) {
    boolean sandbox =
        switch (state.phase()) {
          case STARTING, RUNNING, REPLACING, STOPPING -> true;
          case PREPARING, SUCCEEDED, FAILED, STOPPED, GONE -> false;
        };
    return new Sighting(
        host,
        at,
        sandbox,
        state.containers().stream()
            .filter(c -> c.current() instanceof ContainerStatus.Running)
            .map(c -> new Attempt(c.name(), c.attempt()))
            .collect(Collectors.toUnmodifiableSet()),
        null);
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
    // A host that has nothing new is not compared again.
    if (found == shown) {
      return true;
    }
    return (!sandbox || found.sandboxes() > 0)
        && found.containers().stream()
            .filter(FoundGroup.FoundContainer::running)
            .map(c -> new Attempt(c.name(), c.attempt()))
            .collect(Collectors.toSet())
            .containsAll(running);
  }

  /**
   * @param found by which it is shown
   */
  Sighting seenAgain(Instant later, @Nullable FoundGroup found) {
    return new Sighting(host, later, sandbox, running, found);
  }
}
