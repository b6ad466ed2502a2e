package io.podyard.controlplane.app;

import io.podyard.controlplane.inventory.Declarations;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.Inventory.Reach;
import io.podyard.controlplane.mishap.Ending;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.DockerHosts;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.LogArchive;
import jakarta.annotation.PreDestroy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Reaches the hosts that operators declare, whoever of the processes was told: connects to those
 * that are new or elsewhere, notes what they report, and lets go of those that are gone. One that
 * does not answer is tried again.
 */
@Component
class DeclaredHosts {

  private static final long ROUND_MILLIS = 2_000;
  private static final int MOST_AT_ONCE = 16;

  /** What hosts report is asked for again. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Whether lost hosts can be forgotten is not as easily seen as of others. */
  private static final Duration BETWEEN_LOOKS_AT_LOST = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(DeclaredHosts.class);

  private record Said(HostReport report, String unboundBecause) {}

  /** What is known of a host that this process reaches. */
  private static final class Known {

    private final Reach reach;
    private final @Nullable DockerPool docker;
    private volatile @Nullable Said said;
    private volatile long dueAt;
    private volatile boolean asked;
    private volatile boolean silent;

    Known(Reach reach, @Nullable DockerPool docker) {
      this.reach = reach;
      this.docker = docker;
      this.dueAt = System.nanoTime();
    }
  }

  private final PodyardSettings settings;
  private final Inventory inventory;
  private final Declarations declarations;
  private final InventoryFile file;
  private final HostRegistration registration;
  private final DockerHosts engines;
  private final Placement placement;
  private final CapacityReturned capacityReturned;
  private final LogArchive logs;
  private final Map<HostId, Known> known = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("declared-hosts").daemon().factory());
  private final AtomicBoolean untold = new AtomicBoolean();
  private final ExecutorService asking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("declared-host-", 0).factory());
  private long lostLookedAt = System.nanoTime() - BETWEEN_LOOKS_AT_LOST.toNanos();
  private volatile boolean closed;

  DeclaredHosts(
      PodyardSettings settings,
      Inventory inventory,
      Declarations declarations,
      InventoryFile file,
      HostRegistration registration,
      DockerHosts engines,
      Placement placement,
      CapacityReturned capacityReturned,
      LogArchive logs) {
    this.settings = settings;
    this.inventory = inventory;
    this.declarations = declarations;
    this.file = file;
    this.registration = registration;
    this.engines = engines;
    this.placement = placement;
    this.capacityReturned = capacityReturned;
    this.logs = logs;
  }

  /** Knows all of them before the first group is driven; whether they answer is seen later. */
  void start() {
    file.readAtStart();
    connect(inventory.declaredHosts());
    ScheduledFuture<?> _ =
        rounds.scheduleWithFixedDelay(this::round, 0, ROUND_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void round() {
    guarded(
        "looking at declared hosts failed",
        () -> {
          file.look();
          connect(inventory.declaredHosts());
          known.values().forEach(this::ask);
          Set<HostId> gone = declarations.forgetLeft(isLostDue());
          if (!gone.isEmpty()) {
            log.info("hosts {} are gone from the inventory", gone);
          }
        });
  }

  private boolean isLostDue() {
    long now = System.nanoTime();
    boolean due = now - lostLookedAt >= BETWEEN_LOOKS_AT_LOST.toNanos();
    if (due) {
      lostLookedAt = now;
    }
    return due;
  }

  private void guarded(String failed, Runnable work) {
    try {
      work.run();
    } catch (DataAccessException e) {
      log.warn("{}: {}", failed, e.getMessage());
    } catch (Throwable failure) {
      if (!closed) {
        Mishaps.tell(log, Loop.INVENTORY, failed, failure);
      }
    }
  }

  private void connect(List<Reach> reaches) {
    Set<HostId> gone = new HashSet<>(known.keySet());
    for (Reach reach : reaches) {
      gone.remove(reach.host());
      Known before = known.get(reach.host());
      if (before == null || !before.reach.equals(reach)) {
        known.put(reach.host(), new Known(reach, engine(reach)));
        placement.open(Set.of(reach.host()));
      }
    }
    for (HostId host : gone) {
      known.remove(host);
      engines.remove(host);
    }
  }

  private @Nullable DockerPool engine(Reach reach) {
    if (!reach.runtime().equals(DockerPool.RUNTIME)) {
      return null;
    }
    DockerPool pool =
        DockerPool.at(
            reach.host(),
            URI.create(reach.address()),
            reach.tlsFolder().isEmpty() ? null : Path.of(reach.tlsFolder()),
            settings,
            logs);
    engines.add(pool);
    return pool;
  }

  private void ask(Known host) {
    if (host.asked || System.nanoTime() - host.dueAt < 0) {
      return;
    }
    host.asked = true;
    asking.execute(
        () -> {
          places.acquireUninterruptibly();
          try {
            if (!closed) {
              host.dueAt = System.nanoTime() + report(host).toNanos();
            }
          } finally {
            host.asked = false;
            places.release();
          }
        });
  }

  /** When to ask again. */
  private Duration report(Known host) {
    try {
      Said said = said(host);
      if (!said.equals(host.said)) {
        inventory.report(host.reach.host(), said.report(), said.unboundBecause());
        host.said = said;
        if (untold.compareAndSet(false, true)) {
          rounds.execute(this::tell);
        }
        log.info(
            "host {} has {} and is {}",
            host.reach.host(),
            said.report().capacity(),
            said.report().engine());
      }
      host.silent = false;
      return FRESH;
    } catch (RuntimeUnavailableException e) {
      if (!host.silent) {
        log.warn("declared host {} does not answer yet: {}", host.reach.host(), e.getMessage());
      }
      host.silent = true;
    } catch (DataAccessException e) {
      log.warn("what host {} reports is noted later: {}", host.reach.host(), e.getMessage());
    } catch (Throwable failure) {
      if (!closed) {
        Mishaps.tell(log, Loop.INVENTORY, "asking host " + host.reach.host() + " failed", failure);
      }
    }
    return RETRY;
  }

  /** Once for all that came meanwhile: everything about hosts is read anew for it. */
  private void tell() {
    untold.set(false);
    guarded("telling what hosts report failed", capacityReturned::toHosts);
  }

  private Said said(Known host) throws RuntimeUnavailableException {
    DockerPool docker = host.docker;
    if (docker != null) {
      return new Said(docker.report(), docker.unboundBecause().orElse(""));
    }
    return new Said(registration.simulatedPool().client().engine(host.reach.host()).report(), "");
  }

  @PreDestroy
  void close() {
    closed = true;
    Ending.of(rounds, asking);
  }
}
