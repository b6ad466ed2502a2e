package io.podyard.controlplane.hosttask;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the hosts that this process drives what belongs to no task, which is what a driver
 * leaves that made it after its time. It is removed when it is found for the second time in a row:
 * a task may have become known between the looks at the host and at the table.
 *
 * <p>Hosts with tasks are looked at each time, all others by turns: there may be ten thousand that
 * never had any.
 */
final class Leftovers {

  /** Each host is looked at in one of so many sweeps. */
  static final int TURNS = 20;

  /** A task that was over so long ago makes no difference to its host's turn. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  private final HostTasks<?> tasks;
  private final DrivenHosts hosts;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final Map<HostId, Set<String>> unknown = new ConcurrentHashMap<>();
  private final Set<HostId> underWay = ConcurrentHashMap.newKeySet();
  private int turn;

  Leftovers(HostTasks<?> tasks, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    this.tasks = tasks;
    this.hosts = hosts;
    this.runtimes = runtimes;
    this.inventory = inventory;
  }

  /**
   * Begins a look at each host whose turn it is; one that is still looked at is left alone. To be
   * called by one thread at a time.
   */
  void sweep(Rounds rounds) {
    Map<HostId, ShardLease> driven = hosts.all();
    unknown.keySet().retainAll(driven.keySet());
    turn = (turn + 1) % TURNS;
    Set<HostId> withTasks = tasks.table().hosts(shards(driven), RECENT);
    driven.forEach(
        (host, lease) -> {
          boolean looked = withTasks.contains(host) || unknown.containsKey(host) || isTurnOf(host);
          if (looked && underWay.add(host)) {
            rounds.beside("sweeping " + tasks.kept(), () -> sweep(host, lease));
          }
        });
  }

  private boolean isTurnOf(HostId host) {
    return Math.floorMod(host.value().hashCode(), TURNS) == turn;
  }

  private static Set<Integer> shards(Map<HostId, ShardLease> driven) {
    return driven.values().stream().map(ShardLease::shard).collect(Collectors.toSet());
  }

  private void sweep(HostId host, ShardLease lease) {
    try {
      GroupRuntime runtime = runtimes.of(host);
      Set<String> found = tasks.found(runtime, inventory.installation(), host);
      if (found.isEmpty()) {
        unknown.remove(host);
        return;
      }
      Set<String> now = new HashSet<>(found);
      now.removeAll(tasks.table().alive(host, found));
      Set<String> before = unknown.getOrDefault(host, Set.of());
      for (String task : now) {
        if (before.contains(task)) {
          log.warn("removing {} of task {} from host {}: it is over", tasks.kept(), task, host);
          tasks.remove(runtime, inventory.installation(), host, task, lease);
        }
      }
      unknown.put(host, now);
    } catch (RuntimeUnavailableException | StaleFenceException e) {
      log.debug("{} of host {} are swept later: {}", tasks.kept(), host, e.getMessage());
    } finally {
      underWay.remove(host);
    }
  }
}
