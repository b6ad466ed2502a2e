package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.ItemWriter;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** How long a group may wait for its host. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private static final int MOST_TRIES = 3;
  private static final KeptFields KEPT = CreateRequests.draft().kept();

  private final SteppedTables tables;
  private final Placement placement;
  private final AccountId account;
  private final RegionId region;
  private final Clock clock;
  private final GroupStore store;
  private final ItemWriter<NewGroup, NewGroup.Outcome> creations;
  private final ItemWriter<GroupDeletion, GroupDeletion.Outcome> deletions;
  private final ItemWriter<GroupChange, GroupChange.Outcome> changes;
  private final ItemWriter<GroupBinding, Optional<Reservations.Grant>> bindings;

  public SteppedGroups(
      SteppedTables tables,
      SteppedTables.Plant plant,
      Placement placement,
      AccountId account,
      RegionId region,
      CommitPoints points,
      Clock clock) {
    this.tables = tables;
    this.placement = placement;
    this.account = account;
    this.region = region;
    this.clock = clock;
    this.store = tables.store(points, plant);
    this.creations = tables.creations(points, plant);
    this.deletions = tables.deletions(points);
    this.changes = tables.changes(points);
    this.bindings = tables.bindings(points);
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
  public ContainerGroupId create(String token, ContainerGroupId id, GroupSpec spec)
      throws NotWrittenException {
    GroupRecord record = record(id, spec);
    Placement.Pick pick = placement.pick(wish(record)).orElse(null);
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
                  null,
                  claim(Action.CREATE_CONTAINER_GROUP, token, spec.toString(), id),
                  null));
    } finally {
      boolean took = outcome instanceof NewGroup.Outcome.Created(_, var host, _) && host != null;
      settle(pick, took);
    }
    return switch (outcome) {
      case NewGroup.Outcome.Created(var made, _, _) -> made;
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

  private PlacementRequest wish(GroupRecord group) {
    return new PlacementRequest(group.region(), group.zone(), null, group.size())
        .withDisk(group.spec().ephemeralMib());
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
        : Revisions.changed(
            spec,
            GroupSpec.of(
                spec.name(),
                size,
                spec.restartPolicy(),
                spec.containers().toArray(ContainerSpec[]::new)),
            group.generation() + 1);
  }

  /** Binds the waiting groups for which there is room, and ends those whose time is over. */
  public void bindWaiting() {
    for (ContainerGroupId id : tables.waiting()) {
      GroupRecord group = store.find(id).orElse(null);
      if (group == null) {
        continue;
      }
      try {
        Instant deadline = group.deadlineAt();
        if (deadline != null && !clock.instant().isBefore(deadline)) {
          boolean _ =
              store.write(GroupTransition.scheduleFailed(group, null, "No host.", clock.instant()));
        } else {
          bind(group);
        }
      } catch (NotWrittenException later) {
        // As the production's round does it: the next one.
      }
    }
  }

  private void bind(GroupRecord group) throws NotWrittenException {
    Placement.Pick pick = placement.pick(wish(group)).orElse(null);
    if (pick == null) {
      return;
    }
    boolean took = false;
    try {
      took = bindings.write(new GroupBinding(group.id(), pick, null, clock.instant())).isPresent();
    } finally {
      settle(pick, took);
    }
    if (!took) {
      // A lost race is picked again from fresher data.
      placement.renew();
    }
  }

  private GroupRecord record(ContainerGroupId id, GroupSpec spec) {
    Instant now = clock.instant();
    return new GroupRecord(
        id,
        account,
        region,
        null,
        spec.name(),
        GroupStatus.SCHEDULING,
        "",
        "",
        spec,
        KEPT,
        Map.of(),
        GroupState.initial(spec),
        1,
        1,
        null,
        null,
        StoredGoal.RUN,
        "",
        null,
        now.plus(LONGEST_WAIT),
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
