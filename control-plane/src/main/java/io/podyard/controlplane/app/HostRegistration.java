package io.podyard.controlplane.app;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.Shards;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.DockerHosts;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.LogArchive;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Connects the runtime that the settings choose and puts its hosts into the inventory. */
@Component
class HostRegistration {

  /** No hosts but those that operators declare. */
  private static final String NONE = "none";

  private static final Logger log = LoggerFactory.getLogger(HostRegistration.class);

  private final PodyardSettings settings;
  private final Inventory inventory;
  private final Placement placement;
  private final Runtimes runtimes;
  private final Clock clock;
  private final CommitPoints points;
  private final TreeMap<HostId, String> staying = new TreeMap<>();
  private final LogArchive logs;
  private final DockerHosts engines;
  private @Nullable SimulatedPool simulated;
  private @Nullable DockerPool docker;

  HostRegistration(
      PodyardSettings settings,
      Inventory inventory,
      Placement placement,
      Runtimes runtimes,
      Clock clock,
      CommitPoints points,
      LogArchive logs,
      DockerHosts engines) {
    this.settings = settings;
    this.inventory = inventory;
    this.placement = placement;
    this.runtimes = runtimes;
    this.clock = clock;
    this.points = points;
    this.logs = logs;
    this.engines = engines;
  }

  /**
   * Refuses a region while groups run in another one: whoever names no region would look for them
   * in vain, and hosts cannot be in two. Changes nothing.
   *
   * @throws IllegalStateException naming both regions
   */
  void checkRegion(RegionId region) {
    inventory
        .groupsOnHosts()
        .forEach(
            (other, groups) -> {
              if (!other.equals(region)) {
                throw otherRegion(
                    region, other, groups == 1 ? "a group runs" : groups + " groups run");
              }
            });
  }

  private static IllegalStateException otherRegion(RegionId region, RegionId other, String run) {
    return new IllegalStateException(
        ("PODYARD_REGION is %s, but %s on hosts of region %s. Start with PODYARD_REGION=%s; hosts"
                + " move to another region once no group is left on any of them")
            .formatted(region, run, other, other));
  }

  /**
   * @throws IllegalStateException if the runtime that is chosen cannot be used, or groups run on a
   *     host of another region
   */
  void register(RegionId region, List<ZoneId> zones) {
    runtimes.add(engines.runtime(clock));
    Map<HostId, String> inUse = inventory.hostsInUse();
    String chosen = choose(inUse.values());
    Set<HostId> reached = new HashSet<>(connect(chosen, region, zones));
    placement.open(reached);
    runtimes.startNewGroupsOn(chosen);
    // What runs elsewhere is not left alone because new groups shall go somewhere else.
    for (String other : new TreeSet<>(inUse.values())) {
      if (!other.equals(chosen)) {
        reached.addAll(connectIfReachable(other, region, zones));
      }
    }
    if (!staying.isEmpty()) {
      log.warn(
          "Hosts that hold groups stay where they are and not where the settings have them: {},"
              + " the first one {} in {}. Each goes there at the first start that finds it empty",
          staying.size(),
          staying.firstKey(),
          staying.firstEntry().getValue());
    }
    Set<HostId> unreached = new TreeSet<>(inUse.keySet());
    unreached.removeAll(reached);
    if (!unreached.isEmpty()) {
      log.warn(
          "Groups run on {}, which this process does not reach: it neither watches nor stops them",
          unreached);
    }
  }

  private String choose(Collection<String> inUse) {
    return switch (settings.runtime()) {
      case "auto" -> {
        Optional<DockerPool> reached = DockerPool.reach(System.getenv(), settings, logs);
        docker = reached.orElse(null);
        if (reached.isEmpty() && inUse.contains(DockerPool.RUNTIME)) {
          throw new IllegalStateException(
              "groups of this installation run on a Docker Engine and none answers; start it, or"
                  + " let new groups go elsewhere with PODYARD_RUNTIME=simulated");
        }
        yield reached.isPresent() ? DockerPool.RUNTIME : SimulatedPool.RUNTIME;
      }
      case DockerPool.RUNTIME, SimulatedPool.RUNTIME, NONE -> settings.runtime();
      default ->
          throw new IllegalStateException(
              "PODYARD_RUNTIME is '%s'; it can be auto, docker, simulated or none"
                  .formatted(settings.runtime()));
    };
  }

  private Set<HostId> connect(String runtime, RegionId region, List<ZoneId> zones) {
    return switch (runtime) {
      case DockerPool.RUNTIME -> registerDocker(region, zones);
      case SimulatedPool.RUNTIME -> registerSimulated(region, zones);
      case NONE -> Set.of();
      default -> throw new IllegalStateException("there is no runtime " + runtime);
    };
  }

  private Set<HostId> connectIfReachable(String runtime, RegionId region, List<ZoneId> zones) {
    try {
      return connect(runtime, region, zones);
    } catch (IllegalStateException e) {
      log.warn("Of groups that run elsewhere: {}", e.getMessage());
      return Set.of();
    }
  }

  private Set<HostId> registerDocker(RegionId region, List<ZoneId> zones) {
    DockerPool pool = docker;
    if (pool == null) {
      pool = DockerPool.of(System.getenv(), settings, logs);
      docker = pool;
    }
    try {
      HostReport report = pool.report();
      String unbound = pool.unboundBecause().orElse("");
      engines.add(pool);
      PoolId id = new PoolId(DockerPool.RUNTIME);
      inventory.addPool(id, region, DockerPool.RUNTIME, settings.cpuOvercommit());
      report(
          pool.host(),
          id,
          new Inventory.Seat(region, zones.getFirst(), Shards.of(pool.host(), settings.shards())),
          report,
          unbound);
      if (!unbound.isEmpty()) {
        log.warn(
            "Nothing bounds a group as a whole on host {}, only each of its containers, so a group"
                + " may use more than its size: {}",
            pool.host(),
            unbound);
      }
      log.info("Groups run on {} at {}", report.engine(), pool.address());
      return Set.of(pool.host());
    } catch (RuntimeUnavailableException e) {
      throw new IllegalStateException(
          "no Docker Engine answers at %s: %s".formatted(pool.address(), e.getMessage()), e);
    }
  }

  private Set<HostId> registerSimulated(RegionId region, List<ZoneId> zones) {
    try {
      SimulatedPool pool = simulatedPool();
      PoolId id = new PoolId(SimulatedPool.RUNTIME);
      inventory.addPool(id, region, SimulatedPool.RUNTIME, 1);
      Map<HostId, HostReport> hosts = pool.hosts();
      int number = 0;
      for (Map.Entry<HostId, HostReport> host : hosts.entrySet()) {
        report(
            host.getKey(),
            id,
            new Inventory.Seat(
                region,
                zones.get(number % zones.size()),
                Shards.of(host.getKey(), settings.shards())),
            host.getValue(),
            "");
        number++;
      }
      log.info("Groups run on {} simulated hosts: nothing real is started", number);
      return hosts.keySet();
    } catch (RuntimeUnavailableException e) {
      throw new IllegalStateException("the simulated hosts cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * The simulated hosts, which are started if they are not there.
   *
   * @throws RuntimeUnavailableException if they cannot be used
   */
  synchronized SimulatedPool simulatedPool() throws RuntimeUnavailableException {
    SimulatedPool pool = simulated;
    if (pool == null) {
      try {
        pool =
            SimulatedPool.launch(
                settings.dataDir(),
                SimulatedPool.socket(settings.dataDir(), settings.simulatedSocket()));
      } catch (IOException e) {
        throw new RuntimeUnavailableException("they cannot be started: " + e.getMessage(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RuntimeUnavailableException("interrupted while they started", e);
      }
      simulated = pool;
      runtimes.add(pool.runtime(clock, points));
    }
    return pool;
  }

  private void report(
      HostId host, PoolId pool, Inventory.Seat wanted, HostReport report, String unboundBecause) {
    Inventory.Seat seat = inventory.report(host, pool, wanted, report, unboundBecause);
    if (!seat.region().equals(wanted.region())) {
      // A group came between the check and this.
      throw otherRegion(wanted.region(), seat.region(), "a group runs");
    }
    if (!seat.equals(wanted)) {
      staying.put(host, "%s and shard %d".formatted(seat.zone(), seat.shard()));
    }
  }

  @PreDestroy
  void close() {
    SimulatedPool pool = simulated;
    if (pool != null) {
      pool.close();
    }
  }
}
