package io.podyard.controlplane.app;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.HostId;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Connects the runtime that the settings choose and puts its hosts into the inventory. */
@Component
class HostRegistration {

  private static final Logger log = LoggerFactory.getLogger(HostRegistration.class);

  private final PodyardSettings settings;
  private final Inventory inventory;
  private final Runtimes runtimes;
  private final Clock clock;
  private final CommitPoints points;
  private @Nullable SimulatedPool simulated;
  private @Nullable DockerPool docker;

  HostRegistration(
      PodyardSettings settings,
      Inventory inventory,
      Runtimes runtimes,
      Clock clock,
      CommitPoints points) {
    this.settings = settings;
    this.inventory = inventory;
    this.runtimes = runtimes;
    this.clock = clock;
    this.points = points;
  }

  void register(RegionId region, List<ZoneId> zones) {
    switch (settings.runtime()) {
      case "auto" -> {
        Optional<DockerPool> reached = DockerPool.reach(System.getenv(), settings.dataDir());
        if (reached.isPresent()) {
          registerDocker(reached.get(), region, zones);
        } else {
          registerSimulated(region, zones);
        }
      }
      case DockerPool.RUNTIME ->
          registerDocker(DockerPool.of(System.getenv(), settings.dataDir()), region, zones);
      case SimulatedPool.RUNTIME -> registerSimulated(region, zones);
      default ->
          throw new IllegalStateException(
              "PODYARD_RUNTIME is '%s'; it can be auto, docker or simulated"
                  .formatted(settings.runtime()));
    }
  }

  private void registerDocker(DockerPool pool, RegionId region, List<ZoneId> zones) {
    docker = pool;
    try {
      HostReport report = pool.report();
      runtimes.add(pool.runtime(clock, points));
      PoolId id = new PoolId(DockerPool.RUNTIME);
      inventory.addPool(id, region, DockerPool.RUNTIME);
      Size capacity = report.capacity();
      inventory.report(
          pool.host(),
          id,
          region,
          zones.getFirst(),
          0,
          new Size(
              MilliCpu.of(capacity.cpu().value() * settings.cpuOvercommit()), capacity.memory()),
          capacity,
          report.engine());
      log.info("Groups run on {} at {}", report.engine(), pool.address());
    } catch (RuntimeUnavailableException e) {
      throw new IllegalStateException(
          "no Docker Engine answers at %s: %s".formatted(pool.address(), e.getMessage()), e);
    }
  }

  private void registerSimulated(RegionId region, List<ZoneId> zones) {
    try {
      SimulatedPool pool =
          SimulatedPool.launch(
              settings.dataDir(),
              SimulatedPool.socket(settings.dataDir(), settings.simulatedSocket()));
      simulated = pool;
      runtimes.add(pool.runtime(clock, points));
      PoolId id = new PoolId(SimulatedPool.RUNTIME);
      inventory.addPool(id, region, SimulatedPool.RUNTIME);
      int number = 0;
      for (Map.Entry<HostId, HostReport> host : pool.hosts().entrySet()) {
        inventory.report(
            host.getKey(),
            id,
            region,
            zones.get(number % zones.size()),
            number % settings.shards(),
            host.getValue().capacity(),
            host.getValue().capacity(),
            host.getValue().engine());
        number++;
      }
      log.info("Groups run on {} simulated hosts: nothing real is started", number);
    } catch (RuntimeUnavailableException | IOException e) {
      throw new IllegalStateException("the simulated hosts cannot be used: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the simulated hosts started", e);
    }
  }

  @PreDestroy
  void close() {
    DockerPool engine = docker;
    if (engine != null) {
      engine.close();
    }
    SimulatedPool pool = simulated;
    if (pool != null) {
      pool.close();
    }
  }
}
