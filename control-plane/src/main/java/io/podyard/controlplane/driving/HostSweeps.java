package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.FoundGroup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sweeps all driven hosts again and again: those side by side that have something new or have to be
 * asked themselves, and all others by one question for all. What these have is still compared with
 * the tables now and then, where a group may have lost its right to be there.
 */
final class HostSweeps implements AutoCloseable {

  /** How often groups that nothing is new of are looked for in the tables. */
  static final Duration BETWEEN_COMPARISONS = Duration.ofSeconds(10);

  private final GroupStore groups;
  private final ShardLeases leases;
  private final Placement placement;
  private final Sightings sightings;
  private final HostSilence silence;
  private final HostReachability reachability;
  private final KnownTroubles troubles;
  private final HostRevisions revisions;
  private final HostSweep sweep;
  private final SideBySide sweeps;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Consumer<ContainerGroupId> missing;
  private List<List<HostId>> swept = List.of();
  private long comparedAt;

  HostSweeps(
      GroupStore groups,
      ShardLeases leases,
      Placement placement,
      Sightings sightings,
      HostSilence silence,
      HostReachability reachability,
      KnownTroubles troubles,
      HostRevisions revisions,
      HostSweep sweep,
      Clock clock,
      LongSupplier nanoTime,
      Consumer<ContainerGroupId> missing) {
    this.groups = groups;
    this.leases = leases;
    this.placement = placement;
    this.sightings = sightings;
    this.silence = silence;
    this.reachability = reachability;
    this.troubles = troubles;
    this.revisions = revisions;
    this.sweep = sweep;
    this.sweeps = new SideBySide(Loop.SWEEP, silence);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.missing = missing;
    this.comparedAt = nanoTime.getAsLong();
  }

  /** To be called by one thread at a time. */
  void round() {
    Set<Integer> shards = leases.shards();
    List<List<HostId>> driven = placement.hostsOfShards(shards);
    boolean compares = nanoTime.getAsLong() - comparedAt >= BETWEEN_COMPARISONS.toNanos();
    if (compares || !driven.equals(swept)) {
      keepOnly(driven);
    }
    swept = driven;
    // The question may hang, so it counts before it has failed.
    for (int shard : shards) {
      leases.held(shard).ifPresent(lease -> reachability.asked(known(shard), lease));
    }
    Instant at = clock.instant();
    Map<HostId, Long> now = revisions.ask();
    for (int shard : shards) {
      List<HostId> unchanged = new ArrayList<>();
      for (HostId host : placement.hostsOfShard(shard)) {
        Long revision = now.get(host);
        if (revision != null && revisions.isAsSwept(host, revision) && !troubles.isLost(host)) {
          unchanged.add(host);
        } else {
          sweeps.on(
              host, () -> leases.held(shard).ifPresent(held -> sweep.sweep(host, held, revision)));
        }
      }
      leases.held(shard).ifPresent(lease -> unchanged(unchanged, at, lease, compares));
    }
    if (compares) {
      comparedAt = nanoTime.getAsLong();
    }
  }

  private List<HostId> known(int shard) {
    return placement.hostsOfShard(shard).stream().filter(revisions::knows).toList();
  }

  private void keepOnly(List<List<HostId>> driven) {
    Set<HostId> hosts = new HashSet<>();
    driven.forEach(hosts::addAll);
    revisions.keepOnly(hosts);
    silence.keepOnly(hosts);
    sweep.keepOnly(hosts);
  }

  /** Sweeps one host out of its turn, unless that is under way. */
  void now(HostId host) {
    placement
        .host(host)
        .map(KnownHost::shard)
        .flatMap(leases::held)
        .ifPresent(lease -> sweeps.on(host, () -> sweep.sweep(host, lease, null)));
  }

  private void unchanged(List<HostId> hosts, Instant at, ShardLease lease, boolean compares) {
    reachability.answered(hosts, lease);
    for (HostId host : hosts) {
      silence.answered(host);
      sightings.listedAgain(host, at);
    }
    if (compares) {
      Map<HostId, List<FoundGroup>> found = revisions.found(hosts);
      groups.withoutRight(found).forEach(revisions::forget);
    }
    sightings.compare(lease.shard(), lease.epoch(), clock.instant()).forEach(missing);
  }

  @Override
  public void close() {
    sweeps.close();
  }

  /** What sweeps; ends with the driving. */
  ExecutorService threads() {
    return sweeps.threads();
  }
}
