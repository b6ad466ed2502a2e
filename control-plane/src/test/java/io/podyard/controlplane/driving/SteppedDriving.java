package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.GroupStore.OnHost;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.sighting.ProofsOfLife;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.DirectWriter.CommitFailure;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** What {@link Driving} does in its threads, one thing at a time on the caller's. */
public final class SteppedDriving implements ShardLeases.Listener {

  /** More than there are groups, so that none stands in line for its start. */
  private static final int PLACES = 256;

  private final GroupStore groups;
  private final ShardLeases leases;
  private final Placement placement;
  private final Clock clock;
  private final Sightings sightings;
  private final HostReachability reachability;
  private final HostSweep sweep;
  private final LostHosts lostHosts;
  private final DrainedHosts drainedHosts;
  private final DueSpotGroups dueSpot;
  private final GroupDriver driver;
  private final HostStarts starts = new HostStarts(() -> PLACES, (_, _) -> {});
  private final Set<Integer> unread = new TreeSet<>();
  private final Set<ContainerGroupId> odd = new TreeSet<>();

  public SteppedDriving(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      GroupStore groups,
      ShardLeases leases,
      Placement placement,
      Runtimes runtimes,
      InstallationId installation,
      CapacityReturned capacityReturned,
      Duration orphanGrace,
      HostSettings hosts,
      CommitPoints points,
      Clock clock) {
    this.groups = groups;
    this.leases = leases;
    this.placement = placement;
    this.clock = clock;
    this.sightings = new Sightings(new ProofsOfLife(jdbc));
    HostSilence silence = new HostSilence(() -> nanos(clock));
    HostLife life = new HostLife(jdbc);
    KnownTroubles troubles = new KnownTroubles(life);
    this.reachability =
        new HostReachability(
            life,
            new HostLosses(jdbc, transaction, hosts, points),
            troubles,
            placement,
            leases,
            capacityReturned,
            clock,
            () -> nanos(clock));
    this.dueSpot = new DueSpotGroups(groups, leases, (_, group) -> odd.add(group));
    this.driver =
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
            (_, _) -> Optional.empty(),
            clock);
    this.sweep =
        new HostSweep(
            groups,
            new EndedGroups(jdbc),
            runtimes,
            installation,
            sightings,
            orphanGrace,
            silence,
            reachability,
            life,
            troubles,
            capacityReturned::toHosts,
            new HostRevisions(runtimes, () -> nanos(clock)),
            clock,
            () -> nanos(clock),
            (_, group) -> odd.add(group));
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
            all -> all.forEach(Runnable::run),
            clock);
    this.drainedHosts = new DrainedHosts(groups, leases, troubles, (_, group) -> odd.add(group));
    leases.addListener(this);
  }

  /** Monotonic time of a stepped clock. */
  public static long nanos(Clock clock) {
    return clock.millis() * 1_000_000;
  }

  @Override
  public void acquired(ShardLease lease) {
    unread.add(lease.shard());
  }

  @Override
  public void lost(int shard) {
    unread.remove(shard);
  }

  /** Reads the groups of shards that were taken over. */
  public void poll() {
    for (Integer shard : Set.copyOf(unread)) {
      List<ContainerGroupId> driven = groups.driven(shard).stream().map(OnHost::group).toList();
      leases.held(shard).ifPresent(lease -> sightings.tookOver(shard, lease.epoch(), driven));
      unread.remove(shard);
    }
    reachability.beat();
  }

  /**
   * Notes which hosts answer, gives hosts up, and ends what is left on lost and drained ones and
   * spot groups whose notice is over.
   */
  public void lookAfterHosts() {
    try {
      reachability.note();
    } catch (CommitFailure later) {
      // As the production's round does it: the next one.
    }
    lostHosts.round();
    drainedHosts.round();
    dueSpot.round();
    driveOdd();
  }

  /** The groups of all shards that are held. */
  public List<ContainerGroupId> groups() {
    return leases.shards().stream()
        .flatMap(shard -> groups.driven(shard).stream())
        .map(OnHost::group)
        .sorted()
        .toList();
  }

  /** Drives a group, if that is this process's. */
  public void look(ContainerGroupId group) {
    var _ = driver.look(group, starts);
  }

  /** Sweeps a host, if that is this process's, and drives what is odd or missing there. */
  public void sweep(HostId host) {
    for (int shard : leases.shards()) {
      if (placement.hostsOfShard(shard).contains(host)) {
        leases.held(shard).ifPresent(lease -> sweep.sweep(host, lease, null));
        leases
            .held(shard)
            .ifPresent(
                lease -> odd.addAll(sightings.compare(shard, lease.epoch(), clock.instant())));
      }
    }
    driveOdd();
  }

  private void driveOdd() {
    List<ContainerGroupId> told = List.copyOf(odd);
    odd.clear();
    told.forEach(this::look);
  }
}
