package io.podyard.controlplane.volume;

import io.podyard.controlplane.hosttask.DrivenHosts;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.volume.VolumeRemoval.Doomed;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Removes disks from the hosts that this process drives, one of a host at a time, and says so in
 * the table only then. Nothing is remembered here that matters: whoever drives a host next finds
 * the same rows, and a disk that is not there is fine.
 *
 * <p>Now and then it asks hosts what disks they keep. One that was removed before, and that a
 * driver made again after its time, goes. One that nobody knows stays and is told: the database may
 * have been restored from before it was made, and what is on it may be all its owner has.
 */
@Component
class VolumeRunner implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(15);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  /**
   * For how long it is remembered that a disk is gone; no call of a driver is under way so long.
   */
  private static final Duration KEPT = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(VolumeRunner.class);

  /** A host, and the right to change what is on it. */
  private record Work(HostId host, ShardLease lease) {}

  private final VolumeRemoval volumes;
  private final ShardLeases leases;
  private final DrivenHosts driven;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final Set<HostId> underWay = ConcurrentHashMap.newKeySet();
  private final Set<HostId> sweeping = ConcurrentHashMap.newKeySet();
  private final Map<HostId, Long> notBefore = new ConcurrentHashMap<>();
  private final Map<HostId, Set<String>> told = new ConcurrentHashMap<>();
  private final Rounds rounds = new Rounds(log, Loop.VOLUMES, "volume", 2);

  VolumeRunner(
      VolumeRemoval volumes,
      ShardLeases leases,
      DrivenHosts driven,
      Runtimes runtimes,
      Inventory inventory) {
    this.volumes = volumes;
    this.leases = leases;
    this.driven = driven;
    this.runtimes = runtimes;
    this.inventory = inventory;
  }

  private void poll() {
    long now = System.nanoTime();
    notBefore.values().removeIf(due -> due - now <= 0);
    Set<Integer> shards = leases.shards();
    if (shards.isEmpty()) {
      return;
    }
    Set<HostId> leftOut = new HashSet<>(notBefore.keySet());
    leftOut.addAll(underWay);
    volumes.toRemove(shards, leftOut).stream()
        .collect(Collectors.groupingBy(Doomed::host))
        .forEach(
            (host, disks) ->
                leases
                    .held(disks.getFirst().shard())
                    .ifPresent(lease -> beginRemoving(new Work(host, lease), disks)));
  }

  private void beginRemoving(Work work, List<Doomed> disks) {
    if (underWay.add(work.host())) {
      rounds.beside(
          "removing disks",
          () -> {
            try {
              remove(work, disks);
            } finally {
              underWay.remove(work.host());
            }
          });
    }
  }

  private void remove(Work work, List<Doomed> disks) {
    try {
      GroupRuntime runtime = runtimes.of(work.host());
      for (Doomed disk : disks) {
        runtime.removeDisk(inventory.installation(), work.host(), disk.id(), work.lease());
        volumes.removed(disk.id());
        log.info("disk {} is removed from host {}", disk.id(), work.host());
      }
    } catch (RuntimeUnavailableException | DataAccessException e) {
      log.info("disks of host {} are removed later: {}", work.host(), e.getMessage());
      notBefore.put(work.host(), System.nanoTime() + AFTER_TROUBLE.toNanos());
    } catch (StaleFenceException e) {
      // Whoever drives the host now goes on with it.
    } catch (Throwable failure) {
      notBefore.put(work.host(), System.nanoTime() + AFTER_TROUBLE.toNanos());
      throw failure;
    }
  }

  private void sweep() {
    int freed = volumes.freeLeftBehind();
    if (freed > 0) {
      log.info("{} disks were left to groups that are gone", freed);
    }
    int _ = volumes.forgetUnmade();
    volumes.forgetRemoved(KEPT);
    Map<HostId, ShardLease> hosts = driven.all();
    for (HostId host : volumes.withDisks(hosts.keySet())) {
      ShardLease lease = hosts.get(host);
      if (lease != null && sweeping.add(host)) {
        rounds.beside(
            "looking at disks",
            () -> {
              try {
                sweep(new Work(host, lease));
              } finally {
                sweeping.remove(host);
              }
            });
      }
    }
  }

  private void sweep(Work work) {
    HostId host = work.host();
    try {
      GroupRuntime runtime = runtimes.of(host);
      Set<String> found = runtime.disks(inventory.installation(), host);
      for (String disk : volumes.removedBefore(found)) {
        log.warn("removing disk {} from host {} again", disk, host);
        runtime.removeDisk(inventory.installation(), host, disk, work.lease());
      }
      Set<String> unknown = new HashSet<>(found);
      unknown.removeAll(volumes.known(found));
      Set<String> before = told.getOrDefault(host, Set.of());
      unknown.stream()
          .filter(disk -> !before.contains(disk))
          .forEach(disk -> log.warn("host {} keeps disk {}, which nobody knows", host, disk));
      told.put(host, unknown);
    } catch (RuntimeUnavailableException | StaleFenceException e) {
      log.debug("disks of host {} are looked at later: {}", host, e.getMessage());
    }
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "looking for disks to remove", this::poll);
    rounds.every(BETWEEN_SWEEPS, "sweeping disks", this::sweep);
  }

  @Override
  public void stop() {
    rounds.stop();
  }

  @Override
  public boolean isRunning() {
    return rounds.areRunning();
  }
}
