package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Decision;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.ItemWriter;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives waiting groups a host as soon as one has room, in the order of {@link WaitingLine}; one
 * that is too large for now does not hold up the others, nor does one that something is wrong with.
 * Says why they wait, and ends those whose time is over. Every process may do it: the binding is
 * guarded.
 */
@Component
public class WaitingGroups {

  /** Enough to fill batches while others are written. */
  private static final int MOST_BOUND_AT_ONCE = 256;

  /** Of each only little is kept, and what the same groups want is asked for once. */
  static final int MOST_IN_TURN = 10_000;

  private static final int MOST_OUT_OF_TURN = 1_000;
  private static final long RENEWAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The picture of many hosts is not read more often, however much others tell. */
  private static final long SHORTEST_RENEWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final Logger log = LoggerFactory.getLogger(WaitingGroups.class);

  private record Bound(WaitingGroup group, Reservations.Grant grant) {}

  private final GroupStore groups;
  private final Placement placement;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final SpotBids bids;
  private final WaitingLine line;
  private final WaitingWishes wishes;
  private final GroupWakeUp wakeUp;
  private final BindingLoad load;
  private final StartTimes startTimes;
  private final ItemWriter<GroupBinding, Optional<Reservations.Grant>> bindings;
  private final Supplier<ExecutorService> binders;
  private final WaitingReasons reasons;
  private final LargeGroups large;
  private final GivingWay givingWay;
  private final Runnable hostsChanged;
  private final Looking looking;
  private final Clock clock;
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private @Nullable WaitingGroup lookedAt;

  private volatile boolean stale;
  private volatile boolean closed;

  @Autowired
  WaitingGroups(
      GroupStore groups,
      WaitingLine line,
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      GroupDisks disks,
      CapacityReturned capacityReturned,
      KeptHosts keptHosts,
      GivingWay givingWay,
      PodyardSettings settings,
      GroupWakeUp wakeUp,
      BindingLoad load,
      StartTimes startTimes,
      TransactionTemplate transaction,
      JdbcGroupBinding handler,
      CommitPoints points,
      Looking looking,
      Clock clock) {
    this(
        groups,
        line,
        placement,
        places,
        choice,
        bids,
        disks,
        capacityReturned,
        keptHosts,
        givingWay,
        settings,
        wakeUp,
        load,
        startTimes,
        new BatchWriter<>("bind", transaction, handler, points),
        Executors::newVirtualThreadPerTaskExecutor,
        looking,
        clock);
  }

  /**
   * @param bindings writes the bindings, and is closed with this
   * @param binders has them written, for one round
   */
  WaitingGroups(
      GroupStore groups,
      WaitingLine line,
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      GroupDisks disks,
      CapacityReturned capacityReturned,
      KeptHosts keptHosts,
      GivingWay givingWay,
      PodyardSettings settings,
      GroupWakeUp wakeUp,
      BindingLoad load,
      StartTimes startTimes,
      ItemWriter<GroupBinding, Optional<Reservations.Grant>> bindings,
      Supplier<ExecutorService> binders,
      Looking looking,
      Clock clock) {
    this.groups = groups;
    this.placement = placement;
    this.places = places;
    this.choice = choice;
    this.bids = bids;
    this.line = line;
    this.wishes = new WaitingWishes(line, disks, clock);
    this.wakeUp = wakeUp;
    this.load = load;
    this.startTimes = startTimes;
    this.bindings = bindings;
    this.binders = binders;
    this.reasons = new WaitingReasons(groups, clock);
    this.givingWay = givingWay;
    this.hostsChanged = capacityReturned::toHosts;
    this.large = new LargeGroups(line, keptHosts, settings.keepHostAfter(), clock, hostsChanged);
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
    signal.release();
    Ending.of(thread);
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
        if (closed) {
          return;
        }
        signal.drainPermits();
        long now = System.nanoTime();
        boolean looks = told || stale || now - lastLook >= looking.waiting().toNanos();
        List<WaitingGroup> waiting = looks ? waiting() : List.of();
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
   * Those whose turn is first, and where these are so many that they could hide the others, a part
   * of the others: each time the next.
   */
  private List<WaitingGroup> waiting() {
    List<WaitingGroup> first = line.first(MOST_IN_TURN);
    if (first.size() < MOST_IN_TURN) {
      return first;
    }
    List<WaitingGroup> others = line.oldest(lookedAt, MOST_OUT_OF_TURN);
    lookedAt = others.size() < MOST_OUT_OF_TURN ? null : others.getLast();
    Map<ContainerGroupId, WaitingGroup> all = new LinkedHashMap<>();
    first.forEach(group -> all.put(group.id(), group));
    others.forEach(group -> all.putIfAbsent(group.id(), group));
    return List.copyOf(all.values());
  }

  /** One round with the picture of the hosts that this process has. */
  void round() {
    round(waiting());
  }

  private WaitingRound round(Map<ContainerGroupId, WaitingWishes.Wish> wanted) {
    return new WaitingRound(placement, places, choice, bids, wanted);
  }

  private void round(List<WaitingGroup> waiting) {
    if (waiting.isEmpty()) {
      large.look(List.of(), round(Map.of()));
      return;
    }
    WaitingRound round = round(wishes.of(waiting));
    Queue<Bound> bound = new ConcurrentLinkedQueue<>();
    List<WaitingGroup> left = new ArrayList<>();
    Semaphore free = new Semaphore(MOST_BOUND_AT_ONCE);
    try (ExecutorService executor = binders.get()) {
      for (WaitingGroup group : waiting) {
        Instant deadline = group.deadlineAt();
        if (!round.knows(group.id())) {
          continue;
        }
        try {
          if (deadline != null && !clock.instant().isBefore(deadline)) {
            boolean tooDear = round.tooDear(group.id()).isPresent();
            String why =
                (tooDear ? "It got no host in time. " : "No host had room in time. ")
                    + round.why(group.id()).orElse("");
            @Nullable Decision last = tooDear ? null : round.decision(group.id());
            begin(executor, free, group, () -> fail(group.id(), why.strip(), last));
            continue;
          }
          Optional<PlaceChoice.Chosen> chosen = round.pick(group.id());
          if (chosen.isPresent()) {
            begin(executor, free, group, chosen.get(), bound);
          } else {
            left.add(group);
          }
        } catch (RuntimeException poison) {
          wishes.leaveAside(group.id(), poison);
        }
      }
    }
    // Their drivers have much to do: all that wait have their hosts first.
    bound.forEach(this::wake);
    // When all that could be bound is: it has the rows first.
    List<WaitingGroup> paying = left.stream().filter(group -> !group.spot()).toList();
    large.look(paying, round);
    reasons.explain(left, round);
    // The last: it plans with addresses that nobody has yet.
    if (givingWay.look(paying, round)) {
      hostsChanged.run();
    }
    if (!bound.isEmpty() && waiting.size() >= MOST_IN_TURN) {
      // More may fit, of those that were not looked at.
      signal.release();
    }
  }

  private void begin(
      ExecutorService binders,
      Semaphore free,
      WaitingGroup group,
      PlaceChoice.Chosen chosen,
      Queue<Bound> bound) {
    Placement.Pick pick = chosen.pick().orElseThrow();
    try {
      begin(
          binders,
          free,
          group,
          () ->
              bind(group, chosen.place(), pick)
                  .ifPresent(grant -> bound.add(new Bound(group, grant))));
    } catch (Throwable noThread) {
      placement.notWritten(pick);
      throw noThread;
    }
  }

  /** Has it done as soon as there is a place. */
  private void begin(ExecutorService binders, Semaphore free, WaitingGroup group, Runnable work) {
    free.acquireUninterruptibly();
    try {
      binders.execute(
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

  private static void guarded(WaitingGroup group, Runnable work) {
    try {
      work.run();
    } catch (Throwable failure) {
      Mishaps.tell(log, Loop.WAITING, "binding group " + group.id() + " failed", failure);
    }
  }

  private Optional<Reservations.Grant> bind(
      WaitingGroup group, GroupPlace place, Placement.Pick pick) {
    Optional<Reservations.Grant> grant = Optional.empty();
    load.begin();
    try {
      grant =
          bindings.write(
              new GroupBinding(
                  group.id(), pick, place.vSwitch(), place.attempt(), clock.instant()));
    } catch (NotWrittenException e) {
      log.warn("group {} is bound later: {}", group.id(), e.getMessage());
    } finally {
      load.end(1);
      if (grant.isPresent()) {
        placement.written(pick, group.account(), group.id());
      } else {
        placement.notWritten(pick);
      }
    }
    if (grant.isPresent()) {
      startTimes.placed(group.createdAt(), clock.instant());
    }
    return grant;
  }

  private void wake(Bound bound) {
    ContainerGroupId group = bound.group().id();
    Reservations.Grant grant = bound.grant();
    try (LogScope _ = LogScope.ofGroup(group)) {
      guarded(bound.group(), () -> wakeUp.start(group, grant.host(), grant.shard()));
    }
  }

  /**
   * Its time is over.
   *
   * @param last what was seen of the hosts for it, null if they were not why
   */
  private void fail(ContainerGroupId id, String message, @Nullable Decision last) {
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
