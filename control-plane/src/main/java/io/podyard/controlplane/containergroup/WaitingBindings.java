package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.ItemWriter;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Binds groups that waited to the hosts picked for them, and ends those whose time is over. */
@Component
class WaitingBindings {

  /** Enough to fill batches while others are written. */
  private static final int MOST_AT_ONCE = 256;

  private static final Logger log = LoggerFactory.getLogger(WaitingBindings.class);

  private record Bound(WaitingGroup group, Reservations.Grant grant) {}

  private final GroupStore groups;
  private final Placement placement;
  private final GroupWakeUp wakeUp;
  private final BindingLoad load;
  private final StartTimes startTimes;
  private final ItemWriter<GroupBinding, GroupBinding.Outcome> writer;
  private final Supplier<ExecutorService> threads;
  private final Clock clock;

  @Autowired
  WaitingBindings(
      GroupStore groups,
      Placement placement,
      GroupWakeUp wakeUp,
      BindingLoad load,
      StartTimes startTimes,
      TransactionTemplate transaction,
      JdbcGroupBinding handler,
      CommitPoints points,
      Clock clock) {
    this(
        groups,
        placement,
        wakeUp,
        load,
        startTimes,
        new BatchWriter<>("bind", transaction, handler, points),
        Executors::newVirtualThreadPerTaskExecutor,
        clock);
  }

  /**
   * @param writer is closed with this
   * @param threads those of one {@link Round}
   */
  WaitingBindings(
      GroupStore groups,
      Placement placement,
      GroupWakeUp wakeUp,
      BindingLoad load,
      StartTimes startTimes,
      ItemWriter<GroupBinding, GroupBinding.Outcome> writer,
      Supplier<ExecutorService> threads,
      Clock clock) {
    this.groups = groups;
    this.placement = placement;
    this.wakeUp = wakeUp;
    this.load = load;
    this.startTimes = startTimes;
    this.writer = writer;
    this.threads = threads;
    this.clock = clock;
  }

  @PreDestroy
  void close() {
    writer.close();
  }

  /** Begins to write what one look at all that wait comes to. */
  Round begin() {
    return new Round();
  }

  /** Writes many at once; closed when all of them are written. */
  final class Round implements AutoCloseable {

    private final Queue<Bound> bound = new ConcurrentLinkedQueue<>();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final ExecutorService executor = threads.get();

    private Round() {}

    /** Binds a group to the host picked for it, as soon as there is a place. */
    void bind(WaitingGroup group, PlaceChoice.Chosen chosen) {
      Placement.Pick pick = chosen.pick().orElseThrow();
      try {
        begin(
            group,
            () ->
                write(group, chosen.place(), pick)
                    .ifPresent(grant -> bound.add(new Bound(group, grant))));
      } catch (Throwable noThread) {
        placement.notWritten(pick);
        throw noThread;
      }
    }

    /**
     * The time of a group is over.
     *
     * @param last what was seen of the hosts for it, null if they were not why
     */
    void fail(WaitingGroup group, String message, @Nullable Decision last) {
      begin(group, () -> end(group.id(), message, last));
    }

    private void begin(WaitingGroup group, Runnable work) {
      free.acquireUninterruptibly();
      try {
        executor.execute(
            () -> {
              try (LogScope _ = LogScope.ofGroup(group.id())) {
                guarded(group, work);
              } finally {
                free.release();
              }
            });
      } catch (Throwable noThread) {
        free.release();
        throw noThread;
      }
    }

    /**
     * Has those that are bound started; answers whether there are any. To be called when closed.
     */
    boolean wake() {
      bound.forEach(WaitingBindings.this::wake);
      return !bound.isEmpty();
    }

    @Override
    public void close() {
      executor.close();
    }
  }

  private static void guarded(WaitingGroup group, Runnable work) {
    try {
      work.run();
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.WAITING, "binding group " + group.id() + " failed", failure);
    }
  }

  private Optional<Reservations.Grant> write(
      WaitingGroup group, GroupPlace place, Placement.Pick pick) {
    GroupBinding.Outcome outcome = new GroupBinding.Outcome.NotAsked();
    load.begin();
    try {
      outcome =
          writer.write(
              new GroupBinding(
                  group.id(), pick, place.vSwitch(), place.attempt(), clock.instant()));
    } catch (NotWrittenException e) {
      log.warn("group {} is bound later: {}", group.id(), e.getMessage());
    } finally {
      load.end(1);
      settle(group, pick, outcome);
    }
    if (outcome instanceof GroupBinding.Outcome.Bound(Reservations.Grant grant)) {
      startTimes.placed(group.createdAt(), clock.instant());
      return Optional.of(grant);
    }
    return Optional.empty();
  }

  private void settle(WaitingGroup group, Placement.Pick pick, GroupBinding.Outcome outcome) {
    switch (outcome) {
      case GroupBinding.Outcome.Bound _ -> placement.written(pick, group.account(), group.id());
      // Or all that come after it in this round would pick that host, and lose too.
      case GroupBinding.Outcome.NoRoom _ -> placement.lost(pick);
      case GroupBinding.Outcome.NotAsked _ -> placement.notWritten(pick);
    }
  }

  private void wake(Bound bound) {
    ContainerGroupId group = bound.group().id();
    Reservations.Grant grant = bound.grant();
    try (LogScope _ = LogScope.ofGroup(group)) {
      guarded(bound.group(), () -> wakeUp.start(group, grant.host(), grant.shard()));
    }
  }

  private void end(ContainerGroupId id, String message, @Nullable Decision last) {
    GroupRecord group = groups.find(id).orElse(null);
    if (group == null || group.host() != null || group.status() != GroupStatus.SCHEDULING) {
      return;
    }
    try {
      if (groups.write(GroupTransition.scheduleFailed(group, null, message, clock.instant()))) {
        if (last != null) {
          placement.refused(group.account(), id, last);
        }
        log.info("group {} got no host in time", group.id());
      }
    } catch (NotWrittenException e) {
      log.warn("group {} is failed later: {}", group.id(), e.getMessage());
    }
  }
}
