package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.WaitedFor;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
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
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final SpotBids bids;
  private final Map<ContainerGroupId, WaitingWishes.Wish> wishes;
  private final VSwitchPicture picture;
  private final Set<PlacementRequest> refused = new HashSet<>();
  private final Set<WaitedFor.Wanted> left = new LinkedHashSet<>();
  private final Map<PlacementRequest, Decision> decisions = new HashMap<>();
  private final Map<PlacementRequest, Optional<HostId>> closest = new HashMap<>();

  WaitingRound(
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      Map<ContainerGroupId, WaitingWishes.Wish> wishes) {
    this.placement = placement;
    this.places = places;
    this.choice = choice;
    this.bids = bids;
    this.wishes = wishes;
    this.picture =
        places.look(wishes.values().stream().map(WaitingWishes.Wish::vSwitches).toList());
  }

  /** Whether it is known what a group wants. */
  boolean knows(ContainerGroupId group) {
    return wishes.containsKey(group);
  }

  /** A place with room for a group. What comes back to a host meanwhile is for the next round. */
  Optional<PlaceChoice.Chosen> pick(WaitingGroup group) {
    List<GroupPlace> tries = affordable(group.id());
    Optional<PlaceChoice.Chosen> chosen = choice.pick(tries, picture, this::pick);
    if (chosen.isEmpty()) {
      choice
          .noRoom(tries, picture)
          .forEach(request -> left.add(new WaitedFor.Wanted(request, group.spot())));
    }
    return chosen;
  }

  /** What no host had room for of all that was picked for, in that order. */
  Set<WaitedFor.Wanted> left() {
    return left;
  }

  private Optional<Placement.Pick> pick(PlacementRequest request) {
    PlacementRequest room = request.whateverImages();
    if (refused.contains(room)) {
      return Optional.empty();
    }
    Optional<Placement.Pick> pick = placement.pick(request);
    if (pick.isEmpty()) {
      refused.add(room);
    }
    return pick;
  }

  /** Where there will be room for a group soonest. */
  Optional<HostId> closest(ContainerGroupId group) {
    return requests(group).stream()
        .flatMap(request -> closestTo(request.whateverImages()).stream())
        .findFirst();
  }

  private Optional<HostId> closestTo(PlacementRequest request) {
    return closest.computeIfAbsent(request, placement::closest);
  }

  /**
   * Whether the host that is kept for a group could not take it if it were empty: its capacity or
   * what it is has changed. False if that is not known.
   */
  boolean isKeptInVain(ContainerGroupId group) {
    return knows(group)
        && tries(group).stream().map(places::hostsFor).noneMatch(this::couldUseKeptHost);
  }

  private boolean couldUseKeptHost(PlacementRequest request) {
    HostId host = request.keptHost();
    return host == null || placement.couldTake(request, host);
  }

  /** What a group asks of hosts at each place where it could be but for them. */
  private List<PlacementRequest> requests(ContainerGroupId group) {
    return possible(group).stream().map(places::hostsFor).toList();
  }

  /** The places where a group could be but for the hosts. */
  List<GroupPlace> possible(ContainerGroupId group) {
    return tries(group).stream().filter(picture::hasAddress).toList();
  }

  /** What is asked of hosts there. */
  PlacementRequest hostsFor(GroupPlace place) {
    return places.hostsFor(place);
  }

  /** A group is to be there: its address is no other's in this round. */
  void take(GroupPlace place) {
    picture.take(place);
  }

  /** Why a group waits, in words; empty if there would be room now. */
  Optional<String> why(ContainerGroupId group) {
    Optional<String> tooDear = tooDear(group);
    return tooDear.isPresent()
        ? tooDear
        : choice.why(
            affordable(group),
            picture,
            request -> decision(request.whateverImages()).explanation());
  }

  /** What is told of a group that gets no host because of its price; empty of others. */
  Optional<String> tooDear(ContainerGroupId group) {
    SpotBid bid = wish(group).bid();
    return bid == null || !affordable(group).isEmpty()
        ? Optional.empty()
        : Optional.of(bids.tooDear(tries(group), bid));
  }

  /** What is seen of the hosts for a group, at the first of its places that has room. */
  Decision decision(ContainerGroupId group) {
    List<GroupPlace> tries = tries(group);
    return tries.stream()
        .filter(picture::hasAddress)
        .map(place -> decision(places.hostsFor(place)))
        .filter(decision -> decision.explanation().hostsFitting() > 0)
        .findFirst()
        .orElseGet(() -> decision(places.hostsFor(tries.getFirst())));
  }

  private Decision decision(PlacementRequest request) {
    return decisions.computeIfAbsent(request, placement::decide);
  }

  /** What a group asks of the hosts, whatever its vSwitches. */
  PlacementRequest request(ContainerGroupId group) {
    return wish(group).request();
  }

  /** Those of its places that it pays enough for. */
  private List<GroupPlace> affordable(ContainerGroupId group) {
    return bids.affordable(tries(group), wish(group).bid());
  }

  private List<GroupPlace> tries(ContainerGroupId group) {
    WaitingWishes.Wish wish = wish(group);
    return places.of(
        wish.vSwitches(), placement.withKeptHost(group, wish.request()), wish.attempts(), picture);
  }

  private WaitingWishes.Wish wish(ContainerGroupId group) {
    return Objects.requireNonNull(wishes.get(group));
  }
}
