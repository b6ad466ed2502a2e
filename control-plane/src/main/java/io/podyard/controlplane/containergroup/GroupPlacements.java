package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.DecisionFacts;
import io.podyard.controlplane.placement.DecisionLog;
import io.podyard.controlplane.placement.MadeDecision;
import io.podyard.controlplane.placement.MadeDecision.Outcome;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.scheduler.HostWishes;
import io.podyard.scheduler.PlacementRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Why groups are where they are, or have no host. Of a group that has one, the decision when it got
 * it, if that was kept; else, and of one that waits, what is seen of the hosts now.
 */
@Component
public class GroupPlacements {

  /**
   * A decision about a group, or about a request that made none.
   *
   * @param kept whether it is the one that was made then; else it was made for this answer
   * @param shard of the host that the group has, null if it has none
   */
  public record GroupPlacement(MadeDecision decision, boolean kept, @Nullable Integer shard) {}

  private final KnownGroups known;
  private final InstanceTypes types;
  private final GroupDisks disks;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final SpotBids bids;
  private final ServedZones served;
  private final Placement placement;
  private final DecisionLog decisions;

  GroupPlacements(
      KnownGroups known,
      InstanceTypes types,
      GroupDisks disks,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      ServedZones served,
      Placement placement,
      DecisionLog decisions) {
    this.known = known;
    this.types = types;
    this.disks = disks;
    this.places = places;
    this.choice = choice;
    this.bids = bids;
    this.served = served;
    this.placement = placement;
    this.decisions = decisions;
  }

  /**
   * The placement of the caller's group, or of anybody's if the caller is an operator.
   *
   * @throws ApiException if the caller has and had no such group
   */
  public GroupPlacement of(Caller caller, @Nullable String id) {
    GroupRecord group =
        (caller.operator() ? known.requireOfAny(id) : known.require(caller.account(), id)).group();
    Outcome outcome = outcome(group);
    Optional<MadeDecision> kept =
        outcome == Outcome.WAITING
            ? Optional.empty()
            : decisions.of(group.id()).filter(made -> made.outcome() == outcome);
    return new GroupPlacement(
        kept.orElseGet(() -> now(group, outcome)), kept.isPresent(), group.shard());
  }

  private static Outcome outcome(GroupRecord group) {
    HostId host = group.host();
    if (host != null) {
      return Outcome.PLACED;
    }
    return group.status() == GroupStatus.SCHEDULING ? Outcome.WAITING : Outcome.REFUSED;
  }

  private MadeDecision now(GroupRecord group, Outcome outcome) {
    WaitingWishes.Wish wish =
        WaitingWishes.wish(group).onHost(disks.hostsOf(List.of(group.id())).get(group.id()));
    WaitingRound round =
        new WaitingRound(placement, places, choice, bids, Map.of(group.id(), wish));
    MadeDecision made =
        decisions.now(
            group.account(), group.id(), outcome, group.host(), round.decision(group.id()));
    return round.why(group.id()).map(made::saying).orElse(made);
  }

  /**
   * What would become of a request, were it made now. What it leaves open is as a group has it that
   * says nothing of it, but in a pool that it names anything will do. Nothing is made or set aside.
   */
  public GroupPlacement whatIf(AccountId account, PlacementRequest request) {
    PlacementRequest asked =
        request.wishes().pools().isEmpty()
            ? placement.completed(request.wishing(likeAGroup(request.wishes())))
            : request;
    Decision decision = placement.decide(served.hostsFor(asked));
    Outcome outcome = MadeDecision.outcomeOf(DecisionFacts.of(decision.explanation()));
    return new GroupPlacement(decisions.now(account, null, outcome, null, decision), false, null);
  }

  private HostWishes likeAGroup(HostWishes wishes) {
    Optional<InstanceType> type =
        wishes.instanceTypes().stream().flatMap(name -> types.find(name).stream()).findFirst();
    HostWishes of =
        wishes.architecture() == null && type.isPresent()
            ? wishes.withArchitecture(type.get().architecture())
            : wishes;
    return of.computeCategory() == null && of.instanceTypes().isEmpty()
        ? of.withComputeCategory(MachineOption.GENERAL)
        : of;
  }
}
