package io.podyard.controlplane.simulation;

import io.podyard.controlplane.containergroup.SteppedGroups;
import io.podyard.controlplane.containergroup.SteppedTables.Plant;
import io.podyard.controlplane.driving.SteppedDriving;
import io.podyard.controlplane.lease.SteppedLeases;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.WatchedEngine;
import io.podyard.controlplane.settings.HostSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.PodRuntime;
import io.podyard.runtime.pod.PodSettings;
import io.podyard.runtime.simulated.SimulatedWorld;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process of the control plane: all that it has in memory, and what its threads would do, each
 * when it is called. A process that dies is forgotten with all of it.
 */
final class SimulatedProcess {

  private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

  /** In both tables that say until when a process holds something, and lives. */
  private static final String LIVES_ON =
      """
      with shards as (
        update shard_lease set expires_at = clock_timestamp() + interval '1 day'
        where holder = ? and expires_at > '-infinity')
      update lease_holder set expires_at = clock_timestamp() + interval '1 day'
      where holder = ? and expires_at > '-infinity'
      """;

  private static final String IS_DEAD =
      """
      with shards as (update shard_lease set expires_at = '-infinity' where holder = ?)
      update lease_holder set expires_at = '-infinity' where holder = ?
      """;

  private static final Duration RENEWAL = Duration.ofSeconds(1);

  private final String name;
  private final Ground ground;
  private final Clock clock;
  private final Placement placement;
  private final Runtimes runtimes;
  private final SteppedLeases leases;
  private final SteppedGroups groups;
  private final SteppedDriving driving;
  private @Nullable Instant leasedAt;

  SimulatedProcess(
      String name,
      Ground ground,
      SimulatedWorld world,
      Clock clock,
      HostSettings hosts,
      CommitPoints points,
      Plant plant) {
    this.name = name;
    this.ground = ground;
    this.clock = clock;
    placement = new Placement(ground.inventory());
    placement.open(world.hosts());
    placement.renew();
    runtimes = new Runtimes(placement);
    runtimes.add(
        new PodRuntime(
            Ground.RUNTIME, host -> engine(world, host, points), clock, PodSettings.DEFAULTS));
    leases = new SteppedLeases(ground.connections(), name, () -> SteppedDriving.nanos(clock));
    placement.prefer(leases.leases()::shards);
    CapacityReturned capacityReturned = new CapacityReturned(placement);
    groups =
        new SteppedGroups(
            ground.tables(),
            plant,
            placement,
            capacityReturned,
            Ground.ACCOUNT,
            Ground.REGION,
            points,
            clock);
    driving =
        new SteppedDriving(
            ground.jdbc(),
            ground.transaction(),
            groups.store(),
            leases.leases(),
            placement,
            runtimes,
            ground.installation(),
            capacityReturned,
            ORPHAN_GRACE,
            hosts,
            points,
            clock);
  }

  private static ContainerEngine engine(SimulatedWorld world, HostId host, CommitPoints points) {
    return new WatchedEngine(world.engine(host).orElseThrow(), points);
  }

  SteppedGroups groups() {
    return groups;
  }

  SteppedDriving driving() {
    return driving;
  }

  /** Renews its picture of the hosts. */
  void renewPicture() {
    placement.renew();
  }

  /** Whether it is time to renew its leases. */
  boolean isDue() {
    Instant renewed = leasedAt;
    return renewed == null || !clock.instant().isBefore(renewed.plus(RENEWAL));
  }

  /** Renews its leases, takes what is free, and reads what it took over. */
  void renewLeases() {
    try {
      leases.round();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    leasedAt = clock.instant();
    // How long a lease lives is the simulation's time, not the database's.
    int _ = ground.jdbc().update(LIVES_ON, name, name);
    driving.poll();
  }

  /**
   * Ends its leases in the tables if it has not renewed them for as long as they live.
   *
   * @return whether they are over
   */
  boolean expireLeases(Duration timeToLive) {
    Instant renewed = leasedAt;
    boolean over = renewed != null && !clock.instant().isBefore(renewed.plus(timeToLive));
    if (over) {
      loseLeases();
      leasedAt = null;
    }
    return over || renewed == null;
  }

  /** Its leases are over in the tables, and it is taken for dead. */
  void loseLeases() {
    int _ = ground.jdbc().update(IS_DEAD, name, name);
  }

  /** What it does from time to time. */
  void doRegularly(List<HostId> hosts) {
    if (isDue()) {
      renewLeases();
    }
    renewPicture();
    hosts.forEach(driving::sweep);
    driving.lookAfterHosts();
  }

  /**
   * What it does when something is heard of a group.
   *
   * @param again whether hosts have changed since it looked
   */
  void doWhatIsLeft(boolean again) {
    if (again) {
      renewPicture();
    }
    groups.bindWaiting();
    driving.groups().forEach(driving::look);
  }

  void close() {
    runtimes.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
