package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One look at groups that wait. Many want the same: what no host has room for is asked for once,
 * and explained once, because both look at every host.
 */
final class WaitingRound {

  private final Placement placement;
  private final ServedZones served;
  private final Map<ContainerGroupId, PlacementRequest> wishes;
  private final Set<PlacementRequest> refused = new HashSet<>();
  private final Map<PlacementRequest, Explanation> explanations = new HashMap<>();

  WaitingRound(
      Placement placement, ServedZones served, Map<ContainerGroupId, PlacementRequest> wishes) {
    this.placement = placement;
    this.served = served;
    this.wishes = wishes;
  }

  /** Whether it is known what a group wants. */
  boolean knows(ContainerGroupId group) {
    return wishes.containsKey(group);
  }

  /** A host with room for a group. What comes back to a host meanwhile is for the next round. */
  Optional<Placement.Pick> pick(ContainerGroupId group) {
    PlacementRequest request = request(group);
    if (refused.contains(request)) {
      return Optional.empty();
    }
    Optional<Placement.Pick> pick = placement.pick(request);
    if (pick.isEmpty()) {
      refused.add(request);
    }
    return pick;
  }

  /** Where there will be room for a group soonest. */
  Optional<HostId> closest(ContainerGroupId group) {
    return placement.closest(request(group));
  }

  Explanation explain(ContainerGroupId group) {
    return explanations.computeIfAbsent(request(group), placement::explain);
  }

  /** What a group asks of the hosts as things are. */
  PlacementRequest request(ContainerGroupId group) {
    return placement.withKeptHost(
        group, served.hostsFor(Objects.requireNonNull(wishes.get(group))));
  }
}
