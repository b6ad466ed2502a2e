package io.podyard.controlplane.ops;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Goes on with the tasks of the hosts that this process drives. Nothing is remembered here that
 * matters: whoever drives a host next finds them in the table. It also removes captures from hosts
 * whose task is over or unknown, which is what a driver leaves that began one after its time.
 */
@Component
class OpsRunner implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_TRIES_TO_CLEAR = Duration.ofSeconds(20);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(15);
  private static final Duration TASKS_KEPT = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(OpsRunner.class);

  private final OpsTaskStore tasks;
  private final OpsWork work;
  private final ShardLeases leases;
  private final Placement placement;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final int perHost;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();
  private final Map<HostId, Set<String>> unknown = new ConcurrentHashMap<>();
  private final Set<HostId> swept = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("ops-poll-", 0).daemon().factory());
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ops-", 0).factory());
  private volatile boolean running;

  OpsRunner(
      OpsTaskStore tasks,
      OpsWork work,
      ShardLeases leases,
      Placement placement,
      Runtimes runtimes,
      Inventory inventory,
      PodyardSettings settings) {
    this.tasks = tasks;
    this.work = work;
    this.leases = leases;
    this.placement = placement;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.perHost = settings.ops().perHost();
  }

  private void poll() {
    Set<Integer> shards = leases.shards();
    if (shards.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (OpsTask task : tasks.toDo(shards, perHost)) {
      Long due = notBefore.get(task.id());
      boolean rests = due != null && due - now > 0;
      if (!rests && !underWay.contains(task.id())) {
        leases.held(task.shard()).ifPresent(lease -> begin(task, lease));
      }
    }
    notBefore.values().removeIf(due -> due - now <= -BETWEEN_TRIES_TO_CLEAR.toNanos());
  }

  private void begin(OpsTask task, ShardLease lease) {
    underWay.add(task.id());
    threads.execute(
        () -> {
          try (LogScope _ = LogScope.ofGroup(task.group())) {
            carryOut(task, lease);
          } finally {
            underWay.remove(task.id());
          }
        });
  }

  private void carryOut(OpsTask task, ShardLease lease) {
    boolean done = false;
    try {
      done = work.carryOut(task, lease);
    } catch (DataAccessException e) {
      log.warn("task {} goes on later: {}", task.id(), e.getMessage());
    } catch (Throwable failure) {
      if (running) {
        Mishaps.tell(log, Loop.OPS, "an operations task failed", failure);
      }
    }
    if (!done) {
      Duration pause = task.isOver() ? BETWEEN_TRIES_TO_CLEAR : BETWEEN_LOOKS;
      notBefore.put(task.id(), System.nanoTime() + pause.toNanos());
    }
  }

  private void sweep() {
    tasks.forget(TASKS_KEPT);
    for (int shard : leases.shards()) {
      for (HostId host : placement.hostsOfShard(shard)) {
        leases
            .held(shard)
            .filter(_ -> swept.add(host))
            .ifPresent(lease -> threads.execute(() -> sweep(host, lease)));
      }
    }
  }

  /** What is found to belong to no task twice in a row is removed. */
  private void sweep(HostId host, ShardLease lease) {
    try {
      GroupRuntime runtime = runtimes.of(host);
      Set<String> found = runtime.captures(inventory.installation(), host);
      if (found.isEmpty()) {
        unknown.remove(host);
        return;
      }
      Set<String> now = new HashSet<>(found);
      now.removeAll(tasks.alive(host, found));
      Set<String> before = unknown.getOrDefault(host, Set.of());
      for (String task : now) {
        if (before.contains(task)) {
          log.warn("removing the capture of task {} from host {}: it is over", task, host);
          runtime.removeCapture(inventory.installation(), host, task, lease);
        }
      }
      unknown.put(host, now);
    } catch (RuntimeUnavailableException | StaleFenceException | DataAccessException e) {
      log.debug("captures of host {} are swept later: {}", host, e.getMessage());
    } catch (Throwable failure) {
      if (running) {
        Mishaps.tell(log, Loop.OPS, "sweeping captures failed", failure);
      }
    } finally {
      swept.remove(host);
    }
  }

  private void again(Duration pause, Runnable round) {
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                round.run();
              } catch (DataAccessException e) {
                log.debug("tasks are looked at later: {}", e.getMessage());
              } catch (Throwable failure) {
                if (running) {
                  Mishaps.tell(log, Loop.OPS, "looking for tasks failed", failure);
                }
              }
            },
            pause.toMillis(),
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void start() {
    running = true;
    again(PAUSE, this::poll);
    again(BETWEEN_SWEEPS, this::sweep);
  }

  @Override
  public void stop() {
    running = false;
    timer.shutdownNow();
    threads.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
