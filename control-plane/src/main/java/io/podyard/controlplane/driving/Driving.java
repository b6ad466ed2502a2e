package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.BindingLoad;
import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupStore.OnHost;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.controlplane.wake.Looking;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Drives the groups of the shards this process holds: all of them when a shard is taken over, then
 * those something is heard of, those somebody changed (the tables are asked when another process
 * tells so, and twice a second), and everyone now and then.
 */
public final class Driving implements ShardLeases.Listener, AutoCloseable {

  private static final long POLL_MILLIS = 500;
  private static final long SWEEP_MILLIS = 2_000;
  private static final long NOTE_MILLIS = 1_000;
  private static final long BEAT_MILLIS = 500;
  private static final long FORGET_MILLIS = 2_000;

  private static final Logger log = LoggerFactory.getLogger(Driving.class);

  private final GroupStore groups;
  private final ChangedGroups changed;
  private final ShardLeases leases;
  private final Placement placement;
  private final Runtimes runtimes;
  private final InstallationId installation;
  private final Looking looking;
  private final Sightings sightings;
  private final HostSilence silence;
  private final DriveSchedule schedule;
  private final HostReachability reachability;
  private final LostHosts lostHosts;
  private final DrainedHosts drainedHosts;
  private final DueSpotGroups dueSpot;
  private final HostSweeps sweeps;
  private final LogForgetting forgetting;
  private final Map<HostId, AutoCloseable> watches = new ConcurrentHashMap<>();
  private List<List<HostId>> watched = List.of();
  private boolean allWatched;
  private final UnreadShards unread = new UnreadShards();
  private final AtomicBoolean lookWanted = new AtomicBoolean();
  private final AtomicBoolean noteWanted = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * One thread each for the poll, the sweep, its notes, the beat, the lost and the drained hosts,
   * spot groups, the forgetting, and what others tell.
   */
  private final ScheduledExecutorService polls =
      Executors.newScheduledThreadPool(
          9, Thread.ofPlatform().name("drive-poll-", 0).daemon().factory());

  public Driving(
      GroupStore groups,
      EndedGroups ended,
      ShardLeases leases,
      Placement placement,
      Runtimes runtimes,
      InstallationId installation,
      CapacityReturned capacityReturned,
      ProofsOfLife proofs,
      AwaitedCoreDumps coreDumps,
      HostLife life,
      HostLosses losses,
      BindingLoad load,
      Duration orphanGrace,
      Looking looking,
      Clock clock) {
    this.groups = groups;
    this.changed = new ChangedGroups(groups);
    this.leases = leases;
    this.placement = placement;
    this.runtimes = runtimes;
    this.installation = installation;
    this.looking = looking;
    this.sightings = new Sightings(proofs);
    this.silence = new HostSilence(System::nanoTime);
    KnownTroubles troubles = new KnownTroubles(life);
    this.reachability =
        new HostReachability(
            life, losses, troubles, placement, leases, capacityReturned, clock, System::nanoTime);
    this.dueSpot = new DueSpotGroups(groups, leases, this::driveNow);
    this.schedule =
        new DriveSchedule(
            silence,
            load,
            leases::share,
            new GroupDriver(
                groups,
                leases,
                runtimes,
                installation,
                capacityReturned,
                sightings,
                silence,
                reachability,
                troubles,
                dueSpot,
                coreDumps,
                clock));
    HostRevisions revisions = new HostRevisions(runtimes, System::nanoTime);
    HostSweep sweep =
        new HostSweep(
            groups,
            ended,
            runtimes,
            installation,
            sightings,
            orphanGrace,
            silence,
            reachability,
            life,
            troubles,
            capacityReturned::toHosts,
            revisions,
            clock,
            System::nanoTime,
            schedule::now);
    this.lostHosts =
        new LostHosts(
            groups,
            leases,
            runtimes,
            installation,
            capacityReturned,
            sightings,
            silence,
            troubles,
            Driving::sideBySide,
            clock);
    this.drainedHosts = new DrainedHosts(groups, leases, troubles, schedule::now);
    this.sweeps =
        new HostSweeps(
            groups,
            leases,
            placement,
            sightings,
            silence,
            reachability,
            troubles,
            revisions,
            sweep,
            clock,
            System::nanoTime,
            schedule::now);
    reachability.onDoubt(sweeps::now);
    reachability.onReturn(this::noteSoon);
    this.forgetting =
        new LogForgetting(ended, runtimes, installation, new SideBySide(Loop.FORGET, silence));
  }

  public void start() {
    leases.addListener(this);
    again(Loop.POLL, "asking for work failed", POLL_MILLIS, this::poll);
    again(
        Loop.POLL,
        "asking for changed groups failed",
        looking.changed().toMillis(),
        this::lookAtChanges);
    again(Loop.SWEEP, "sweeping hosts failed", SWEEP_MILLIS, sweeps::round);
    again(Loop.SWEEP, "noting which hosts answer failed", NOTE_MILLIS, reachability::note);
    again(Loop.SWEEP, "watching the time failed", BEAT_MILLIS, reachability::beat);
    again(Loop.DRIVE, "ending the groups of lost hosts failed", NOTE_MILLIS, lostHosts::round);
    again(Loop.DRIVE, "emptying drained hosts failed", NOTE_MILLIS, drainedHosts::round);
    again(Loop.DRIVE, "releasing spot groups failed", NOTE_MILLIS, dueSpot::round);
    again(
        Loop.FORGET,
        "forgetting logs failed",
        FORGET_MILLIS,
        () -> leases.shards().forEach(forgetting::round));
  }

  /** Does not wait for the next time that it is noted which hosts answer. */
  private void noteSoon() {
    if (noteWanted.compareAndSet(false, true)) {
      soon(this::noteNow);
    }
  }

  /** Others may still tell something while this ends: that is for whoever drives next. */
  private void soon(Runnable work) {
    try {
      polls.execute(work);
    } catch (RejectedExecutionException e) {
      log.debug("nothing is looked at any more");
    }
  }

  private void noteNow() {
    noteWanted.set(false);
    guarded(Loop.SWEEP, "noting which hosts answer failed", reachability::note);
  }

  private static void sideBySide(List<Runnable> all) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all.forEach(threads::execute);
    }
  }

  private void driveNow(HostId host, ContainerGroupId group) {
    schedule.now(host, group);
  }

  /** Whatever goes wrong, it is done again. */
  private void again(Loop loop, String failed, long millis, Runnable work) {
    ScheduledFuture<?> _ =
        polls.scheduleWithFixedDelay(
            () -> guarded(loop, failed, work), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void guarded(Loop loop, String failed, Runnable work) {
    try {
      work.run();
    } catch (DataAccessException | TransactionException e) {
      log.warn("{}: {}", failed, e.getMessage());
    } catch (Throwable failure) {
      if (!closed) {
        Mishaps.tell(log, loop, failed, failure);
      }
    }
  }

  /**
   * A group was written by this process and wants its driver.
   *
   * @return whether that is this process; if not, another one should be told
   */
  public boolean wake(ContainerGroupId group, int shard) {
    if (leases.held(shard).isEmpty()) {
      return false;
    }
    schedule.now(group);
    return true;
  }

  /** The same for a group that was given its host and is to be started there. */
  public boolean start(ContainerGroupId group, HostId host, int shard) {
    if (leases.held(shard).isEmpty()) {
      return false;
    }
    schedule.toStart(host, group);
    return true;
  }

  /**
   * Another process has written groups of these shards, or of any if none is named: the tables are
   * asked at once.
   */
  public void lookAt(Set<Integer> shards) {
    Set<Integer> held = leases.shards();
    boolean ours = shards.isEmpty() ? !held.isEmpty() : !Collections.disjoint(shards, held);
    if (ours && lookWanted.compareAndSet(false, true)) {
      soon(this::lookNow);
    }
  }

  private void lookNow() {
    lookWanted.set(false);
    guarded(Loop.POLL, "asking for changed groups failed", this::lookAtChanges);
  }

  private void lookAtChanges() {
    Set<Integer> held = leases.shards();
    if (!held.isEmpty()) {
      changed
          .next(held, schedule.unreached())
          .forEach(
              group -> {
                if (group.starts()) {
                  schedule.toStart(group.host(), group.group());
                } else {
                  schedule.now(group.host(), group.group());
                }
              });
    }
  }

  /** Which hosts do not answer. */
  HostSilence silence() {
    return silence;
  }

  /** Groups that are driven right now. */
  public int driven() {
    return schedule.size();
  }

  @Override
  public void acquired(ShardLease lease) {
    unread.acquired(lease.shard(), lease.epoch());
  }

  @Override
  public void lost(int shard) {
    unread.lost(shard);
  }

  @Override
  public boolean isBusy(int shard) {
    return schedule.worksOn(placement.hostsOfShard(shard));
  }

  private void poll() {
    unread.read(this::takeOver);
    watchHosts(leases.shards());
  }

  private void takeOver(int shard) {
    List<OnHost> driven = groups.driven(shard);
    leases
        .held(shard)
        .ifPresent(
            lease ->
                sightings.tookOver(
                    shard, lease.epoch(), driven.stream().map(OnHost::group).toList()));
    driven.forEach(group -> schedule.now(group.host(), group.group()));
  }

  private void watchHosts(Set<Integer> held) {
    List<List<HostId>> lists = placement.hostsOfShards(held);
    if (allWatched && lists.equals(watched)) {
      return;
    }
    Set<HostId> wanted = new HashSet<>();
    lists.forEach(wanted::addAll);
    boolean all = true;
    for (HostId host : wanted) {
      if (!watches.containsKey(host)) {
        try {
          watches.put(
              host,
              runtimes.of(host).watch(installation, host, group -> schedule.now(host, group)));
        } catch (RuntimeUnavailableException e) {
          all = false;
          log.debug("host {} is not watched yet: {}", host, e.getMessage());
        } catch (RuntimeException e) {
          all = false;
          log.error("host {} is not watched yet", host, e);
        }
      }
    }
    for (HostId host : Set.copyOf(watches.keySet())) {
      if (!wanted.contains(host)) {
        unwatch(host);
      }
    }
    watched = lists;
    allWatched = all;
  }

  private void unwatch(HostId host) {
    AutoCloseable watch = watches.remove(host);
    if (watch != null) {
      try {
        watch.close();
      } catch (Exception e) {
        log.debug("closing the watch of {}", host, e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Ending.of(polls, schedule.stop(), sweeps.threads(), forgetting.threads());
    Set.copyOf(watches.keySet()).forEach(this::unwatch);
  }
}
