package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.scheduler.PlacementRequest;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives waiting groups a host as soon as one has room, oldest first; one that is too large for now
 * does not hold up the others, and says why they wait. Ends those whose time is over. Every process
 * may do it: the binding is guarded.
 */
@Component
public class WaitingGroups {

  private static final int MOST_BOUND_AT_ONCE = 64;
  private static final long RENEWAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The picture of many hosts is not read more often, however much others tell. */
  private static final long SHORTEST_RENEWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Logger log = LoggerFactory.getLogger(WaitingGroups.class);

  private final GroupStore groups;
  private final Placement placement;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final GroupDisks disks;
  private final GroupWakeUp wakeUp;
  private final StartTimes startTimes;
  private final BatchWriter<GroupBinding, Optional<Reservations.Grant>> bindings;
  private final WaitingReasons reasons;
  private final Looking looking;
  private final Clock clock;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private @Nullable GroupRecord lookedAt;

  /** Where disks are that groups of this round have. */
  private Map<ContainerGroupId, HostId> diskHosts = Map.of();

  private volatile boolean stale;
  private volatile boolean closed;

  WaitingGroups(
      GroupStore groups,
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      GroupDisks disks,
      CapacityReturned capacityReturned,
      GroupWakeUp wakeUp,
      StartTimes startTimes,
      TransactionTemplate transaction,
      JdbcGroupBinding handler,
      CommitPoints points,
      Looking looking,
      Clock clock) {
    this.groups = groups;
    this.placement = placement;
    this.places = places;
    this.choice = choice;
    this.disks = disks;
    this.wakeUp = wakeUp;
    this.startTimes = startTimes;
    this.bindings = new BatchWriter<>("bind", transaction, handler, points);
    this.reasons = new WaitingReasons(groups, placement, clock);
    this.looking = looking;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("waiting-groups").daemon().unstarted(this::run);
    capacityReturned.addListener(signal::release);
  }

  @PostConstruct
  void start() {
    thread.start();
  }

  @PreDestroy
  void close() {
    closed = true;
    thread.interrupt();
    bindings.close();
  }

  /** Hosts have room again, as another process says, whose picture of them is newer than ours. */
  public void capacityReturnedElsewhere() {
    stale = true;
    signal.release();
  }

  private void run() {
    long renewedAt = System.nanoTime() - RENEWAL_NANOS;
    long lastLook = renewedAt;
    while (!closed) {
      try {
        boolean told = signal.tryAcquire(1, TimeUnit.SECONDS);
        signal.drainPermits();
        long now = System.nanoTime();
        boolean looks = told || stale || now - lastLook >= looking.waiting().toNanos();
        List<GroupRecord> waiting = looks ? waiting() : List.of();
        if (looks) {
          lastLook = now;
        }
        long age = System.nanoTime() - renewedAt;
        if (age > RENEWAL_NANOS || (stale && !waiting.isEmpty() && age > SHORTEST_RENEWAL_NANOS)) {
          stale = false;
          placement.renew();
          renewedAt = System.nanoTime();
        }
        round(waiting);
      } catch (InterruptedException e) {
        return;
      } catch (DataAccessException e) {
        log.warn("waiting groups could not be looked at: {}", e.getMessage());
      } catch (Throwable failure) {
        if (!closed) {
          Mishaps.tell(log, Loop.WAITING, "looking at waiting groups failed", failure);
        }
      }
    }
  }

  /**
   * The oldest, and where those are so many that they could hide the others, a part of the others:
   * each time the next.
   */
  private List<GroupRecord> waiting() {
    List<GroupRecord> oldest = groups.waiting(null);
    if (oldest.size() < GroupStore.MOST_AT_ONCE) {
      return oldest;
    }
    GroupRecord last = oldest.getLast();
    GroupRecord from = lookedAt;
    boolean behind = from == null || from.createdAt().isBefore(last.createdAt());
    List<GroupRecord> others = groups.waiting(behind ? last : from);
    lookedAt = others.size() < GroupStore.MOST_AT_ONCE ? null : others.getLast();
    return Stream.concat(oldest.stream(), others.stream()).toList();
  }

  private void round(List<GroupRecord> waiting) {
    if (waiting.isEmpty()) {
      return;
    }
    diskHosts = disks.hostsOf(waiting);
    VSwitchPicture picture = places.look(waiting);
    List<GroupRecord> left = new ArrayList<>();
    Semaphore free = new Semaphore(MOST_BOUND_AT_ONCE);
    try (ExecutorService binders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (GroupRecord group : waiting) {
        Instant deadline = group.deadlineAt();
        if (deadline != null && !clock.instant().isBefore(deadline)) {
          try (LogScope _ = LogScope.ofGroup(group.id())) {
            fail(group, picture);
          }
          continue;
        }
        Optional<PlaceChoice.Chosen> chosen = choice.pick(places(group, picture), picture);
        if (chosen.isPresent()) {
          begin(binders, free, group, chosen.get());
        } else {
          left.add(group);
        }
      }
    }
    // When all that could be bound is: it has the rows first.
    reasons.explain(
        left, (group, explanations) -> choice.why(places(group, picture), picture, explanations));
  }

  private void begin(
      ExecutorService binders, Semaphore free, GroupRecord group, PlaceChoice.Chosen chosen) {
    Placement.Pick pick = chosen.pick().orElseThrow();
    free.acquireUninterruptibly();
    try {
      binders.execute(
          () -> {
            try (LogScope _ = LogScope.ofGroup(group.id())) {
              tryToBind(group, chosen.place(), pick);
            } finally {
              free.release();
            }
          });
    } catch (Throwable noThread) {
      placement.notWritten(pick);
      throw noThread;
    }
  }

  private void tryToBind(GroupRecord group, GroupPlace place, Placement.Pick pick) {
    try {
      bind(group, place, pick);
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.WAITING, "binding group " + group.id() + " failed", failure);
    }
  }

  private void bind(GroupRecord group, GroupPlace place, Placement.Pick pick) {
    Optional<Reservations.Grant> grant = Optional.empty();
    try {
      grant = bindings.write(new GroupBinding(group.id(), pick, place.vSwitch(), clock.instant()));
    } catch (NotWrittenException e) {
      log.warn("group {} is bound later: {}", group.id(), e.getMessage());
    } finally {
      if (grant.isPresent()) {
        placement.written(pick);
      } else {
        placement.notWritten(pick);
      }
    }
    if (grant.isPresent()) {
      startTimes.placed(group.createdAt(), clock.instant());
      wakeUp.wake(group.id(), grant.get().shard());
    }
  }

  private void fail(GroupRecord group, VSwitchPicture picture) {
    String message =
        ("No host had room in time. "
                + choice.why(places(group, picture), picture, placement::explain).orElse(""))
            .strip();
    try {
      if (groups.write(GroupTransition.scheduleFailed(group, null, message, clock.instant()))) {
        log.info("group {} got no host in time", group.id());
      }
    } catch (NotWrittenException e) {
      log.warn("group {} is failed later: {}", group.id(), e.getMessage());
    }
  }

  private List<GroupPlace> places(GroupRecord group, VSwitchPicture picture) {
    return places.of(
        group,
        new PlacementRequest(group.region(), group.zone(), diskHosts.get(group.id()), group.size())
            .withDisk(group.spec().ephemeralMib()),
        picture);
  }
}
