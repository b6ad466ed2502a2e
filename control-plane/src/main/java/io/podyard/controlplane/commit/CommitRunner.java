package io.podyard.controlplane.commit;

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
import io.podyard.model.HostId;
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
 * Finds the tasks of the hosts that this process drives and works on a few of each host at the same
 * time. Nothing is remembered here that matters: whoever drives a host next finds them in the
 * table. It also removes images from hosts whose task is over or unknown, which is what a driver
 * leaves that made one after its time.
 */
@Component
class CommitRunner implements SmartLifecycle {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(15);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);
  private static final Duration BETWEEN_TRIES_TO_CLEAR = Duration.ofSeconds(20);
  private static final Duration KEPT = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(CommitRunner.class);

  private final CommitTaskStore tasks;
  private final CommitWork work;
  private final ShardLeases leases;
  private final Leftovers leftovers;
  private final int perHost;
  private final Map<String, HostId> underWay = new ConcurrentHashMap<>();
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();
  private final Rounds rounds = new Rounds(log, Loop.COMMIT, "commit", 2);

  CommitRunner(
      CommitTaskStore tasks,
      CommitWork work,
      ShardLeases leases,
      DrivenHosts hosts,
      Runtimes runtimes,
      Inventory inventory,
      PodyardSettings settings) {
    this.tasks = tasks;
    this.work = work;
    this.leases = leases;
    this.leftovers = new Leftovers(new CommitImages(tasks), hosts, runtimes, inventory);
    this.perHost = settings.commits().perHost();
  }

  private void poll() {
    Set<Integer> shards = leases.shards();
    if (shards.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    // Those that wait for another try must not stand before those that do not.
    for (CommitTask task : tasks.toDo(shards, perHost + notBefore.size())) {
      Long due = notBefore.get(task.id());
      boolean rests = due != null && due - now > 0;
      if (!rests && !underWay.containsKey(task.id()) && places(task.host()) > 0) {
        leases.held(task.shard()).ifPresent(lease -> begin(task, lease));
      }
    }
    notBefore.values().removeIf(due -> due - now <= -BETWEEN_TRIES.toNanos());
  }

  private int places(HostId host) {
    return perHost - (int) underWay.values().stream().filter(host::equals).count();
  }

  private void begin(CommitTask task, ShardLease lease) {
    underWay.put(task.id(), task.host());
    rounds.beside(
        "a task that makes an image",
        () -> {
          try (LogScope _ = LogScope.ofGroup(task.group())) {
            carryOut(task, lease);
          } finally {
            underWay.remove(task.id());
          }
        });
  }

  private void carryOut(CommitTask task, ShardLease lease) throws InterruptedException {
    boolean done = false;
    try {
      done = work.carryOut(task, lease);
    } catch (DataAccessException e) {
      log.warn("task {} goes on later: {}", task.id(), e.getMessage());
    } finally {
      if (!done) {
        Duration pause =
            task.status() == CommitStatus.RUNNING ? BETWEEN_TRIES : BETWEEN_TRIES_TO_CLEAR;
        notBefore.put(task.id(), System.nanoTime() + pause.toNanos());
      }
    }
  }

  private void sweep() {
    tasks.forget(KEPT);
    leftovers.sweep(rounds);
  }

  @Override
  public void start() {
    rounds.every(PAUSE, "looking for tasks", this::poll);
    rounds.every(BETWEEN_SWEEPS, "sweeping images", this::sweep);
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
