package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.StoredGoal;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Brings one group nearer to its goal: reads what is stored, has the runtime act, writes each step.
 * May be called for any group at any time by any process; only the holder of the shard acts.
 */
final class GroupDriver implements DriveSchedule.Work {

  private static final Duration AT_LEISURE = ChronoUnit.FOREVER.getDuration();
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
  private static final int MOST_VOID_STEPS = 10;

  private static final String DRAINED = "HostDrained";
  private static final String DRAINED_MESSAGE =
      "The host of the group was drained by its operator, and the group was still there in the"
          + " end.";

  private static final Logger log = LoggerFactory.getLogger(GroupDriver.class);

  private final GroupStore groups;
  private final ShardLeases leases;
  private final Runtimes runtimes;
  private final InstallationId installation;
  private final CapacityReturned capacityReturned;
  private final Sightings sightings;
  private final HostSilence silence;
  private final HostReachability reachability;
  private final KnownTroubles troubles;
  private final DueSpotGroups dueSpot;
  private final AwaitedCoreDumps coreDumps;
  private final Clock clock;

  /** Groups of which the last call to their host failed. */
  private final Set<ContainerGroupId> failing = ConcurrentHashMap.newKeySet();

  GroupDriver(
      GroupStore groups,
      ShardLeases leases,
      Runtimes runtimes,
      InstallationId installation,
      CapacityReturned capacityReturned,
      Sightings sightings,
      HostSilence silence,
      HostReachability reachability,
      KnownTroubles troubles,
      DueSpotGroups dueSpot,
      AwaitedCoreDumps coreDumps,
      Clock clock) {
    this.groups = groups;
    this.leases = leases;
    this.runtimes = runtimes;
    this.installation = installation;
    this.capacityReturned = capacityReturned;
    this.sightings = sightings;
    this.silence = silence;
    this.reachability = reachability;
    this.troubles = troubles;
    this.dueSpot = dueSpot;
    this.coreDumps = coreDumps;
    this.clock = clock;
  }

  @Override
  public Optional<HostId> hostOf(ContainerGroupId id) {
    Optional<HostId> host = groups.hostOf(id);
    if (host.isEmpty()) {
      over(id);
    }
    return host;
  }

  /**
   * @return how long until the group has to be looked at again, null if it is not ours or done with
   */
  @Override
  public @Nullable Duration look(ContainerGroupId id, HostStarts starts) {
    boolean inLine = false;
    try {
      for (int tries = 0; tries < MOST_VOID_STEPS; tries++) {
        GroupRecord record = groups.lookAgain(id).orElse(null);
        if (record == null || record.releasedAt() != null) {
          over(id);
          return null;
        }
        Integer shard = record.shard();
        ShardLease lease = shard == null ? null : leases.held(shard).orElse(null);
        if (lease == null) {
          failing.remove(id);
          return null;
        }
        HostId host = record.host();
        if (troubles.isLost(host)) {
          return AFTER_TROUBLE; // it is ended as what it is, without its host
        }
        HostId starting = startsSomething(record) ? host : null;
        if (starting != null && !starts.begin(starting, id)) {
          inLine = true;
          return delay(Optional.empty(), record);
        }
        Journal journal = new Journal(record, lease);
        Instant at = clock.instant();
        Optional<Instant> wakeAt;
        try {
          wakeAt = step(journal, lease);
        } finally {
          if (starting != null) {
            starts.end(starting);
          }
        }
        if (journal.ended()) {
          over(id);
          return null;
        }
        if (journal.isVoid() || journal.goalChanged()) {
          continue;
        }
        if (host != null) {
          sightings.driven(id, host, lease.shard(), lease.epoch(), at, journal.record().state());
        }
        if (record.attention() && !journal.wrote()) {
          groups.attended(record);
        }
        return delay(wakeAt, journal.record());
      }
      return AFTER_TROUBLE;
    } catch (StaleFenceException e) {
      failing.remove(id);
      return null;
    } catch (RuntimeUnavailableException | NotWrittenError | DataAccessException e) {
      log.warn("group {} is tried again: {}", id, e.getMessage());
      return AFTER_TROUBLE;
    } finally {
      if (!inLine) {
        starts.leave(id);
      }
    }
  }

  /** A group has nothing on its host any more. */
  private void over(ContainerGroupId id) {
    sightings.over(id);
    failing.remove(id);
  }

  /** Whether some container of it has yet to be started, for the first time or again. */
  private boolean startsSomething(GroupRecord record) {
    return record.goal() == StoredGoal.RUN
        && !overdue(record)
        && !dueSpot.contains(record.id())
        && !troubles.isToBeEmptied(record.host())
        && record.state().containers().stream()
            .anyMatch(container -> container.current() instanceof ContainerStatus.Waiting);
  }

  private Optional<Instant> step(Journal journal, ShardLease lease)
      throws RuntimeUnavailableException, StaleFenceException {
    GroupRecord record = journal.record();
    HostId host = record.host();
    if (host == null) {
      return Optional.empty();
    }
    if (overdue(record)) {
      journal.commitScheduleFailed();
      return Optional.empty();
    }
    List<Integer> gpus = record.spec().gpus() == null ? List.of() : groups.gpusOf(record.id());
    if (record.goal() == StoredGoal.RUN
        && record.status() == GroupStatus.SCHEDULING
        && isWithout(record.spec().gpus(), gpus)) {
      journal.commitRefused(
          RuntimeUnavailableException.refusing(
              "GpuNotReserved",
              "The group was given its host without GPUs, by a release that knows none of groups."));
      return Optional.of(clock.instant());
    }
    return drive(host, order(record, host, lease, gpus), lease, journal);
  }

  private static boolean isWithout(@Nullable GroupGpus wanted, List<Integer> reserved) {
    return wanted != null && wanted.count() != reserved.size();
  }

  private Optional<Instant> drive(HostId host, GroupOrder order, ShardLease lease, Journal journal)
      throws RuntimeUnavailableException, StaleFenceException {
    try {
      Optional<Instant> wakeAt = runtimes.of(host).drive(order, lease, journal);
      silence.answered(host);
      reachability.answered(host, lease);
      failing.remove(order.group());
      return wakeAt;
    } catch (RuntimeUnavailableException e) {
      if (e.reason() == null) {
        silence.failed(host);
        // Of one group that its host can do nothing with, only the first failure says anything.
        if (failing.add(order.group())) {
          reachability.doubted(host);
        }
      } else {
        failing.remove(order.group());
        // It answers; it is the group that lacks something.
        silence.answered(host);
        reachability.answered(host, lease);
        if (e.isFinal() && journal.record().status() == GroupStatus.SCHEDULING) {
          journal.commitRefused(e);
          return Optional.of(clock.instant());
        }
        journal.tellUsers(e);
      }
      throw e;
    }
  }

  private GroupOrder order(GroupRecord record, HostId host, ShardLease lease, List<Integer> gpus) {
    return new GroupOrder(
        installation,
        record.account(),
        record.id(),
        host,
        record.spec(),
        record.generation(),
        goal(record),
        record.state(),
        sightings.lastSeen(record.id(), lease.shard(), lease.epoch()),
        gpus);
  }

  private boolean overdue(GroupRecord record) {
    Instant deadline = record.deadlineAt();
    return record.status() == GroupStatus.SCHEDULING
        && deadline != null
        && !clock.instant().isBefore(deadline);
  }

  private Goal goal(GroupRecord record) {
    return switch (record.goal()) {
      case RUN ->
          troubles.isToBeEmptied(record.host())
              ? new Goal.Evict(DRAINED, DRAINED_MESSAGE)
              : dueSpot.contains(record.id()) ? DueSpotGroups.GOAL : new Goal.Run();
      case REMOVE -> new Goal.Remove();
      case END -> {
        Instant killAt = record.killAt();
        // A group that ended by itself has nothing left to stop.
        yield record.status().isFinal()
            ? new Goal.Remove()
            : new Goal.End(killAt == null ? clock.instant() : killAt, record.goalReason());
      }
    };
  }

  private Duration delay(Optional<Instant> wakeAt, GroupRecord record) {
    Duration delay = wakeAt.map(at -> Duration.between(clock.instant(), at)).orElse(AT_LEISURE);
    Instant deadline = record.deadlineAt();
    if (deadline != null) {
      Duration toDeadline = Duration.between(clock.instant(), deadline);
      delay = toDeadline.compareTo(delay) < 0 ? toDeadline : delay;
    }
    return delay.isNegative() ? Duration.ZERO : delay;
  }

  /** Not written, carried through a runtime that knows no databases. */
  private static final class NotWrittenError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotWrittenError(NotWrittenException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Writes the steps of one look at one group, each on top of the one before. */
  private final class Journal implements GroupJournal {

    private final GroupRecord first;
    private final ShardLease lease;
    private GroupRecord record;
    private boolean isVoid;
    private boolean ended;

    Journal(GroupRecord record, ShardLease lease) {
      this.first = record;
      this.record = record;
      this.lease = lease;
    }

    GroupRecord record() {
      return record;
    }

    boolean isVoid() {
      return isVoid;
    }

    boolean ended() {
      return ended;
    }

    boolean wrote() {
      return record != first;
    }

    boolean goalChanged() {
      return record.goal() != first.goal();
    }

    @Override
    public boolean commit(GroupState next, List<Occurrence> occurrences) {
      return write(GroupSteps.step(record, lease.epoch(), next, occurrences, clock.instant()));
    }

    @Override
    public Optional<CoreDumpReceiver> coreDumps() {
      return coreDumps.of(record.id(), lease);
    }

    /** What the group waits for, if that is for its users; once, however often it is tried. */
    void tellUsers(RuntimeUnavailableException waits) {
      String reason = waits.reason();
      String message = waits.getMessage();
      GroupState state = record.state();
      if (reason == null || message == null || isVoid) {
        return;
      }
      if (!reason.equals(state.reason()) || !message.equals(state.message())) {
        boolean _ =
            commit(state.waitingFor(reason, message), List.of(Occurrence.warning(reason, message)));
      }
    }

    /** Its host did not take it in time: free of charge, and what is there is removed. */
    void commitScheduleFailed() {
      write(
          GroupTransition.scheduleFailed(
              record,
              lease.epoch(),
              record.state().message().isEmpty()
                  ? "The host did not prepare the group in time."
                  : "The host did not prepare the group in time: " + record.state().message(),
              clock.instant()));
    }

    /** Its host never will take it as it is: free of charge, and what is there is removed. */
    void commitRefused(RuntimeUnavailableException refusal) {
      write(
          GroupTransition.refused(
              record,
              lease.epoch(),
              Objects.requireNonNull(refusal.reason()),
              String.valueOf(refusal.getMessage()),
              clock.instant()));
    }

    private boolean write(GroupTransition transition) {
      try {
        if (!groups.write(transition)) {
          isVoid = true;
          return false;
        }
      } catch (NotWrittenException e) {
        throw new NotWrittenError(e);
      }
      record = transition.written();
      HostId host = record.host();
      if (transition.releases() && host != null) {
        capacityReturned.to(host, record.size());
      }
      ended = transition.ends() || record.releasedAt() != null;
      return true;
    }
  }
}
