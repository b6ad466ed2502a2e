package io.podyard.controlplane.ops;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.leftover.DrivenHosts;
import io.podyard.controlplane.leftover.Leftovers;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.PodyardSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Leftovers leftovers;
  private final int perHost;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();
  private final Rounds rounds = new Rounds(log, Loop.OPS, "ops", 2);

  OpsRunner(
      OpsTaskStore tasks,
      OpsWork work,
      ShardLeases leases,
      DrivenHosts hosts,
      Runtimes runtimes,
      Inventory inventory,
      PodyardSettings settings) {
    this.tasks = tasks;
    this.work = work;
    this.leases = leases;
    this.leftovers = new Leftovers(new Captures(tasks), hosts, runtimes, inventory);
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
    rounds.beside(
        "an operations task",
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
    } finally {
      if (!done) {
        Duration pause = task.isOver() ? BETWEEN_TRIES_TO_CLEAR : BETWEEN_LOOKS;
        notBefore.put(task.id(), System.nanoTime() + pause.toNanos());
      }
    }
  }

  private void sweep() {
    tasks.forget(TASKS_KEPT);
    leftovers.sweep(rounds);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "looking for tasks", this::poll);
    rounds.every(BETWEEN_SWEEPS, "sweeping captures", this::sweep);
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
