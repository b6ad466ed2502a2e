package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.ItemWriter;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and waiting groups at one process, one thing at a time on the caller's thread. */
public final class SteppedGroups {

  /** What a client is told. */
  public enum Answer {
    DONE,
    /** The group cannot be changed as it is, or its host has no room. */
    REFUSED,
    UNKNOWN_GROUP
  }

  private static final int MOST_TRIES = 3;
  private static final KeptFields PAYS = CreateRequests.draft().kept();
  private static final KeptFields SPOT =
      CreateRequests.draft("SpotStrategy=SpotAsPriceGo", "SpotDuration=0").kept();

  /**
   * What a client asks for.
   *
   * @param vSwitches of which one will do; none if it shall be in none
   * @param spot whether it gives way to groups that pay in full
   * @param longestWait for a host
   */
  public record Asked(GroupSpec spec, List<String> vSwitches, boolean spot, Duration longestWait) {

    public Asked {
      vSwitches = List.copyOf(vSwitches);
    }
  }

  private final Placement placement;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final AccountId account;
  private final RegionId region;
  private final Clock clock;
  private final GroupStore store;
  private final ItemWriter<NewGroup, NewGroup.Outcome> creations;
  private final ItemWriter<GroupDeletion, GroupDeletion.Outcome> deletions;
  private final ItemWriter<GroupChange, GroupChange.Outcome> changes;
  private final WaitingGroups waiting;

  public SteppedGroups(
      SteppedTables tables,
      SteppedTables.Plant plant,
      Placement placement,
      CapacityReturned capacityReturned,
      AccountId account,
      RegionId region,
      CommitPoints points,
      Clock clock) {
    this.placement = placement;
    this.account = account;
    this.region = region;
    this.clock = clock;
    this.store = tables.store(points, plant);
    this.creations = tables.creations(points, plant);
    this.deletions = tables.deletions(points);
    this.changes = tables.changes(points);
    this.places = tables.places(placement);
    this.choice = new PlaceChoice(places, placement);
    this.waiting =
        tables.waiting(store, placement, places, choice, capacityReturned, points, clock);
  }

  public GroupStore store() {
    return store;
  }

  /**
   * Creates a group.
   *
   * @param id of the group, unless the token made one before
   * @return the group that the token stands for
   */
  public ContainerGroupId create(String token, ContainerGroupId id, Asked asked)
      throws NotWrittenException {
    VSwitchWish wish = new VSwitchWish(VSwitchWish.keys(account, region, asked.vSwitches()), true);
    VSwitchPicture picture = places.look(List.of(wish));
    List<GroupPlace> tries =
        places.of(
            wish,
            PlacementRequest.anywhereIn(region, asked.spec().size())
                .withDisk(asked.spec().ephemeralMib())
                .withGpus(GpuRules.request(asked.spec())),
            HostAttempt.of(kept(asked), asked.spec()),
            picture);
    PlaceChoice.Chosen chosen = choice.pickNew(tries, asked.spot(), picture).orElse(null);
    GroupPlace place = chosen == null ? tries.getFirst() : chosen.place();
    Placement.Pick pick = chosen == null ? null : chosen.pick().orElse(null);
    GroupRecord record = record(id, asked, place, GroupPlaces.vSwitchTries(tries));
    NewGroup.Outcome outcome = null;
    try {
      outcome =
          creations.write(
              new NewGroup(
                  record,
                  pick,
                  List.of(
                      pick == null
                          ? Occurrence.warning("FailedScheduling", "No host has room.")
                          : GroupBinding.HOST_FOUND),
                  place.vSwitch(),
                  claim(Action.CREATE_CONTAINER_GROUP, token, asked.toString(), id),
                  null));
    } finally {
      boolean took = outcome instanceof NewGroup.Outcome.Created(_, var host, _, _) && host != null;
      settle(pick, took);
    }
    return switch (outcome) {
      case NewGroup.Outcome.Created(var made, _, _, _) -> {
        if (chosen == null) {
          placement.waitedFor().joined(choice.noRoom(tries, picture), asked.spot());
        } else if (pick == null) {
          placement.waitedFor().lookNow();
        }
        yield made;
      }
      case NewGroup.Outcome.Replayed(var made) -> made;
      default -> throw new AssertionError("create of %s: %s".formatted(id, outcome));
    };
  }

  private void settle(Placement.@Nullable Pick pick, boolean took) {
    if (pick != null && took) {
      placement.written(pick);
    } else if (pick != null) {
      placement.notWritten(pick);
    }
  }

  private @Nullable TokenClaim claim(
      Action action, String token, String meaning, ContainerGroupId id) {
    return TokenClaim.of(account, region, action, token, () -> List.of(meaning), id.value());
  }

  /** Deletes a group. */
  public Answer delete(String token, ContainerGroupId id, boolean force)
      throws NotWrittenException {
    GroupDeletion.Outcome outcome =
        deletions.write(
            new GroupDeletion(
                account,
                region,
                id,
                force,
                clock.instant(),
                claim(Action.DELETE_CONTAINER_GROUP, token, id + " " + force, id),
                null));
    return switch (outcome) {
      case GroupDeletion.Outcome.Deleted _, GroupDeletion.Outcome.AlreadyEnding _ -> Answer.DONE;
      case GroupDeletion.Outcome.Unknown _ -> Answer.UNKNOWN_GROUP;
      case GroupDeletion.Outcome.TokenMismatch _, GroupDeletion.Outcome.NonceUsed _ ->
          throw new AssertionError("delete of %s: %s".formatted(id, outcome));
    };
  }

  /** Restarts a group, or has it resized. */
  public Answer change(String token, ContainerGroupId id, @Nullable Size size)
      throws NotWrittenException {
    Action action = size == null ? Action.RESTART_CONTAINER_GROUP : Action.UPDATE_CONTAINER_GROUP;
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      GroupRecord group = store.find(id).orElse(null);
      if (group == null || group.deletedAt() != null) {
        return Answer.UNKNOWN_GROUP;
      }
      boolean may =
          (group.status() == GroupStatus.PENDING || group.status() == GroupStatus.RUNNING)
              && group.goal() == StoredGoal.RUN;
      if (!may || group.size().equals(size)) {
        return Answer.REFUSED;
      }
      GroupChange.Outcome outcome =
          changes.write(
              new GroupChange(
                  group,
                  size == null ? GroupStatus.RESTARTING : GroupStatus.UPDATING,
                  changed(group, size),
                  group.kept(),
                  group.tags(),
                  "The group was changed by its owner.",
                  clock.instant(),
                  claim(action, token, id + " " + size, id),
                  null));
      switch (outcome) {
        case GroupChange.Outcome.Changed _, GroupChange.Outcome.Replayed _ -> {
          return Answer.DONE;
        }
        case GroupChange.Outcome.NoRoom _ -> {
          return Answer.REFUSED;
        }
        case GroupChange.Outcome.Stale _ -> {}
        case GroupChange.Outcome.OverQuota _,
            GroupChange.Outcome.TokenMismatch _,
            GroupChange.Outcome.NonceUsed _ ->
            throw new AssertionError("change of %s: %s".formatted(id, outcome));
      }
    }
    return Answer.REFUSED;
  }

  private static GroupSpec changed(GroupRecord group, @Nullable Size size) {
    GroupSpec spec = group.spec();
    return size == null
        ? Revisions.restarted(spec, group.generation() + 1)
        : Revisions.changed(spec, spec.withSize(size), group.generation() + 1);
  }

  /** Does what production's thread of waiting groups does in a round. */
  public void bindWaiting() {
    waiting.round(waiting.waiting());
  }

  private static KeptFields kept(Asked asked) {
    return asked.spot() ? SPOT : PAYS;
  }

  private GroupRecord record(
      ContainerGroupId id, Asked asked, GroupPlace place, List<String> tries) {
    Instant now = clock.instant();
    GroupSpec spec = asked.spec();
    KeptFields kept = kept(asked);
    VSwitches.Placed vSwitch = place.vSwitch();
    return new GroupRecord(
        id,
        account,
        region,
        place.wanted().zone(),
        spec.name(),
        GroupStatus.SCHEDULING,
        "",
        "",
        vSwitch == null ? spec : spec.inVSwitch(vSwitch.key().id()),
        vSwitch == null ? kept : kept.inVSwitch(vSwitch.key().id().value(), tries),
        Map.of(),
        GroupState.initial(spec),
        1,
        1,
        null,
        null,
        StoredGoal.RUN,
        "",
        null,
        now.plus(asked.longestWait()),
        false,
        now,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
