package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.Goal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Spot groups whose notice is over: their driver ends them, as it does those on drained hosts.
 * Which those are is in the tables, and a notice is never taken back, so it matters not who began,
 * nor how old this word is.
 */
final class DueSpotGroups {

  /** Why such a group ended; it is Expired then. */
  static final String REASON = "SpotReleased";

  static final Goal.Evict GOAL =
      new Goal.Evict(
          REASON, "The spot group was released after its notice; its last event says why.");

  private final GroupStore groups;
  private final ShardLeases leases;
  private final BiConsumer<HostId, ContainerGroupId> drive;
  private volatile Set<ContainerGroupId> due = Set.of();

  DueSpotGroups(GroupStore groups, ShardLeases leases, BiConsumer<HostId, ContainerGroupId> drive) {
    this.groups = groups;
    this.leases = leases;
    this.drive = drive;
  }

  boolean contains(ContainerGroupId group) {
    return due.contains(group);
  }

  void round() {
    Set<Integer> held = leases.shards();
    List<GroupStore.DueSpot> now = held.isEmpty() ? List.of() : groups.dueSpot(held);
    Set<ContainerGroupId> ids = new HashSet<>();
    now.forEach(one -> ids.add(one.group()));
    due = Set.copyOf(ids);
    now.stream()
        .filter(one -> !one.stopping())
        .forEach(one -> drive.accept(one.host(), one.group()));
  }
}
