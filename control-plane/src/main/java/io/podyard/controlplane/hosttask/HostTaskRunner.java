package io.podyard.controlplane.hosttask;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Works on the tasks of the hosts that this process drives, a few of each host at the same time.
 * Nothing is remembered here that matters: whoever drives a host next finds its tasks in the table.
 * It also removes from hosts what they keep for tasks that are over or unknown.
 */
public final class HostTaskRunner<T extends HostTask> implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(15);
  private static final Duration BETWEEN_TRIES_TO_CLEAR = Duration.ofSeconds(20);
  private static final Duration LISTED = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(HostTaskRunner.class);

  private final HostTasks<T> tasks;
  private final ShardLeases leases;
  private final Leftovers leftovers;
  private final Rounds rounds;
  private final Map<String, HostId> underWay = new ConcurrentHashMap<>();
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();

  public HostTaskRunner(
      HostTasks<T> tasks,
      ShardLeases leases,
      DrivenHosts hosts,
      Runtimes runtimes,
      Inventory inventory) {
    this.tasks = tasks;
    this.leases = leases;
    this.leftovers = new Leftovers(tasks, hosts, runtimes, inventory, System::nanoTime);
    this.rounds = new Rounds(log, tasks.loop(), tasks.loop().tag(), 2);
  }

  private void poll() {
    Set<Integer> shards = leases.shards();
    if (shards.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    for (T task : tasks.toDo(shards, notBefore.size())) {
      Long due = notBefore.get(task.id());
      boolean rests = due != null && due - now > 0;
      if (!rests && !underWay.containsKey(task.id()) && places(task.host()) > 0) {
        leases.held(task.shard()).ifPresent(lease -> begin(task, lease));
      }
    }
    notBefore.values().removeIf(due -> due - now <= -BETWEEN_TRIES_TO_CLEAR.toNanos());
  }

  private int places(HostId host) {
    return tasks.atOnce() - (int) underWay.values().stream().filter(host::equals).count();
  }

  private void begin(T task, ShardLease lease) {
    underWay.put(task.id(), task.host());
    rounds.beside(
        tasks.doing(),
        () -> {
          ContainerGroupId group = task.group();
          try (LogScope _ =
              group == null ? LogScope.of(LogScope.Fields.NONE) : LogScope.ofGroup(group)) {
            carryOut(task, lease);
          } finally {
            underWay.remove(task.id());
          }
        });
  }

  private void carryOut(T task, ShardLease lease) throws InterruptedException {
    boolean done = false;
    try {
      done = tasks.carryOut(task, lease);
    } catch (DataAccessException e) {
      log.warn("task {} goes on later: {}", task.id(), e.getMessage());
    } finally {
      if (!done) {
        Duration pause = task.isOver() ? BETWEEN_TRIES_TO_CLEAR : tasks.betweenTries();
        notBefore.put(task.id(), System.nanoTime() + pause.toNanos());
      }
    }
  }

  private void sweep() {
    tasks.table().forget(LISTED);
    leftovers.sweep(rounds);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "looking for tasks", this::poll);
    rounds.every(BETWEEN_SWEEPS, "sweeping " + tasks.kept(), this::sweep);
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
