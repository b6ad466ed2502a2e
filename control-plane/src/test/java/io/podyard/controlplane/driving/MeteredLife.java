package io.podyard.controlplane.driving;

import io.podyard.billing.PlainRecount.Event;
import io.podyard.billing.RandomLives.Happening;
import io.podyard.billing.RandomLives.Kind;
import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupTransition;
import io.podyard.controlplane.containergroup.KeptFields;
import io.podyard.controlplane.containergroup.StoredGoal;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupGpus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A group to which things happen, as its driver decides what is to be written of them. */
final class MeteredLife {

  static final long EPOCH = 7;
  static final int SHARD = 0;
  static final AccountId ACCOUNT = new AccountId("acct-1");
  static final RegionId REGION = new RegionId("cn-hangzhou");
  static final ZoneId ZONE = new ZoneId("cn-hangzhou-a");

  private static final int MIB_OF_GIB = 1024;
  private static final int WHOLE_GPU = 1000;

  private final Instant start;
  private final List<Happening> log;
  private GroupRecord stored;

  /**
   * @param start the second 0 of the log
   */
  MeteredLife(ContainerGroupId id, List<Happening> log, Instant start) {
    this.start = start;
    this.log = log;
    Event first = log.getFirst().event();
    GroupSpec spec =
        GroupSpec.of("g", size(first), RestartPolicy.NEVER, ContainerSpec.of("c", "image", "true"))
            .withEphemeralMib(mib(first))
            .withGpus(gpus(first.gpuMilli()));
    this.stored = scheduling(id, spec, start);
  }

  ContainerGroupId id() {
    return stored.id();
  }

  Size size() {
    return stored.size();
  }

  List<Event> events() {
    return log.stream().map(Happening::event).toList();
  }

  /** What happens in its n-th step, null if it is over before. */
  @Nullable Happening happening(int step) {
    return step < log.size() ? log.get(step) : null;
  }

  /** From now on it may take as much disk as the line says. */
  void storageRaised(Event event) {
    stored =
        changed(stored, stored.status(), stored.goal(), stored.spec().withEphemeralMib(mib(event)));
  }

  /**
   * The step that its driver decides on.
   *
   * @param random how it stops, and what else was under way
   */
  GroupTransition step(Happening happening, Random random) {
    Event event = happening.event();
    Instant at = at(event);
    return switch (happening.kind()) {
      case STARTED -> step(stored, GroupPhase.STARTING, at, null, at);
      case RESIZED ->
          step(
              changing(GroupStatus.UPDATING, stored.spec().withSize(size(event))),
              GroupPhase.RUNNING,
              stored.state().chargedFrom(),
              null,
              at);
      case RESTARTED ->
          step(
              changing(GroupStatus.RESTARTING, stored.spec()),
              GroupPhase.RUNNING,
              stored.state().chargedFrom(),
              null,
              at);
      case ENDED, LEARNT_LATE ->
          step(
              perhapsChanging(random),
              random.nextBoolean() ? GroupPhase.SUCCEEDED : GroupPhase.FAILED,
              stored.state().chargedFrom(),
              at,
              happening.kind() == Kind.ENDED ? at : start.plusSeconds(event.knownAt()));
      case DELETED ->
          // Of one that vanished nobody knows when it stopped: when that was seen counts.
          random.nextInt(4) == 0
              ? step(deleted(), GroupPhase.GONE, stored.state().chargedFrom(), null, at)
              : step(deleted(), GroupPhase.STOPPED, stored.state().chargedFrom(), at, at);
      case HOST_LOST ->
          GroupLoss.of(
              random.nextInt(4) == 0 ? deleted() : perhapsChanging(random),
              EPOCH,
              at,
              at.plusSeconds(60));
      case STORAGE_RAISED -> throw new IllegalArgumentException("is no step: " + happening);
    };
  }

  /** The same as somebody with that epoch decides it two minutes later. */
  static GroupTransition later(GroupTransition step, long epoch) {
    Instant opens = step.meterOpens();
    Instant closes = step.meterCloses();
    return new GroupTransition(
        step.seen(),
        step.next(),
        epoch,
        step.occurrences(),
        step.at().plusSeconds(120),
        opens == null ? null : opens.plusSeconds(120),
        closes == null ? null : closes.plusSeconds(120),
        step.releases(),
        step.ends());
  }

  /** The step was written. */
  void written(GroupTransition step) {
    stored = step.written();
  }

  Instant at(Event event) {
    return start.plusSeconds(event.second()).plusNanos(event.nano());
  }

  /** Whoever asked for a change that the host never got to is not billed for it. */
  private GroupRecord perhapsChanging(Random random) {
    return random.nextInt(4) == 0
        ? changing(GroupStatus.UPDATING, stored.spec().withSize(Size.of(64_000, 524_288)))
        : stored;
  }

  private GroupRecord changing(GroupStatus status, GroupSpec spec) {
    return changed(stored, status, stored.goal(), spec);
  }

  private GroupRecord deleted() {
    return changed(stored, GroupStatus.TERMINATING, StoredGoal.END, stored.spec());
  }

  private static GroupTransition step(
      GroupRecord seen,
      GroupPhase phase,
      @Nullable Instant chargedFrom,
      @Nullable Instant endedAt,
      Instant now) {
    GroupState next =
        new GroupState(
            phase,
            "",
            "",
            "10.0.0.1",
            chargedFrom,
            chargedFrom,
            chargedFrom,
            endedAt,
            null,
            seen.state().containers(),
            List.of(),
            seen.generation(),
            null);
    return GroupSteps.step(seen, EPOCH, next, List.of(), now);
  }

  private static Size size(Event event) {
    return Size.of(event.milliCpu(), event.memoryMib());
  }

  private static int mib(Event event) {
    return GroupSpec.DEFAULT_EPHEMERAL_MIB + event.storageGib() * MIB_OF_GIB;
  }

  private static @Nullable GroupGpus gpus(int milli) {
    if (milli == 0) {
      return null;
    }
    return milli < WHOLE_GPU ? GroupGpus.of(1, milli) : GroupGpus.of(milli / WHOLE_GPU, WHOLE_GPU);
  }

  /** As a request leaves it, that its driver has not yet seen to. */
  private static GroupRecord changed(
      GroupRecord group, GroupStatus status, StoredGoal goal, GroupSpec spec) {
    boolean driven = status == GroupStatus.UPDATING || status == GroupStatus.RESTARTING;
    return record(
        group.id(),
        status,
        spec,
        group.state(),
        group.generation() + (driven ? 1 : 0),
        group.version(),
        goal,
        group.createdAt(),
        group.runningAt());
  }

  private static GroupRecord scheduling(ContainerGroupId id, GroupSpec spec, Instant created) {
    return record(
        id,
        GroupStatus.SCHEDULING,
        spec,
        GroupState.initial(spec),
        1,
        1,
        StoredGoal.RUN,
        created,
        null);
  }

  private static GroupRecord record(
      ContainerGroupId id,
      GroupStatus status,
      GroupSpec spec,
      GroupState state,
      long generation,
      long version,
      StoredGoal goal,
      Instant createdAt,
      @Nullable Instant runningAt) {
    return new GroupRecord(
        id,
        ACCOUNT,
        REGION,
        ZONE,
        "g",
        status,
        "",
        "",
        spec,
        new KeptFields(null, null, null, null, null, null),
        Map.of(),
        state,
        generation,
        version,
        new HostId("h1"),
        SHARD,
        goal,
        "",
        goal == StoredGoal.END ? createdAt : null,
        null,
        false,
        createdAt,
        runningAt,
        null,
        null,
        null,
        null,
        null);
  }
}
