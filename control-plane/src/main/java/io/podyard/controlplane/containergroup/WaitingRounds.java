package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.RegionCapacity;
import io.podyard.controlplane.placement.WaitedFor;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Begins looks at groups that wait. By one thread at a time. */
@Component
final class WaitingRounds {

  private final Placement placement;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final SpotBids bids;
  private final WaitingWishes wishes;

  WaitingRounds(
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      WaitingLine line,
      GroupDisks disks,
      GroupImageCaches imageCaches,
      GroupDataCaches dataCaches,
      Clock clock) {
    this.placement = placement;
    this.places = places;
    this.choice = choice;
    this.bids = bids;
    this.wishes = new WaitingWishes(line, disks, imageCaches, dataCaches, clock);
  }

  /** What new groups let those that wait have. */
  WaitedFor waitedFor() {
    return placement.waitedFor();
  }

  /** What there is to share, by region. */
  List<RegionCapacity> capacities() {
    return placement.capacities();
  }

  /** Looks at these, with the picture of the hosts that this process has. */
  WaitingRound of(List<WaitingGroup> waiting) {
    return new WaitingRound(
        placement, places, choice, bids, waiting.isEmpty() ? Map.of() : wishes.of(waiting));
  }

  /** Something is wrong with a group: it is not looked at for a while. */
  void leaveAside(WaitingGroup group, RuntimeException poison) {
    wishes.leaveAside(group.id(), poison);
  }
}
