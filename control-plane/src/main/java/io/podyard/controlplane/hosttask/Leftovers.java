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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the hosts that this process drives what belongs to no task, which is what a driver
 * leaves that made it after its time. It is removed when it is found for the second time in a row:
 * a task may have become known between the looks at the host and at the table.
 *
 * <p>Hosts with tasks, or with some not long ago, are looked at each time, and so is one that is
 * new here or did not answer. All others are now and then: there may be ten thousand that never had
 * any.
 */
final class Leftovers {

  /** A host on which a task was so long ago is looked at as if there had been one. */
  static final Duration RECENT = Duration.ofMinutes(10);

  /** The longest time between two looks at a host; the shortest is half of it, by chance. */
  static final Duration QUIET = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  private final HostTasks<?> tasks;
  private final DrivenHosts hosts;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final LongSupplier nanoTime;
  private final Map<HostId, Set<String>> unknown = new ConcurrentHashMap<>();
  private final Set<HostId> underWay = ConcurrentHashMap.newKeySet();

  /** Until when hosts count as having tasks, by {@code nanoTime}. */
  private final Map<HostId, Long> busyUntil = new ConcurrentHashMap<>();

  /** When those are looked at again that nothing was found on, by {@code nanoTime}. */
  private final Map<HostId, Long> quietUntil = new ConcurrentHashMap<>();

  Leftovers(
      HostTasks<?> tasks,
      DrivenHosts hosts,
      Runtimes runtimes,
      Inventory inventory,
      LongSupplier nanoTime) {
    this.tasks = tasks;
    this.hosts = hosts;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.nanoTime = nanoTime;
  }

  /** Begins a look at each host that is due; one that is still looked at is left alone. */
  void sweep(Rounds rounds) {
    Map<HostId, ShardLease> driven = hosts.all();
    unknown.keySet().retainAll(driven.keySet());
    busyUntil.keySet().retainAll(driven.keySet());
    quietUntil.keySet().retainAll(driven.keySet());
    long now = nanoTime.getAsLong();
    for (HostId host : tasks.table().hostsWithTasks(shards(driven), RECENT)) {
      busyUntil.put(host, now + RECENT.toNanos());
    }
    driven.forEach(
        (host, lease) -> {
          if (isDue(host, now) && underWay.add(host)) {
            rounds.beside("sweeping " + tasks.kept(), () -> sweep(host, lease));
          }
        });
  }

  private boolean isDue(HostId host, long now) {
    Long busy = busyUntil.get(host);
    Long quiet = quietUntil.get(host);
    return quiet == null || now - quiet >= 0 || (busy != null && now - busy < 0);
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
        quietUntil.put(host, nanoTime.getAsLong() + quiet());
        return;
      }
      quietUntil.remove(host);
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
      quietUntil.remove(host);
      log.debug("{} of host {} are swept later: {}", tasks.kept(), host, e.getMessage());
    } finally {
      underWay.remove(host);
    }
  }

  private static long quiet() {
    long longest = QUIET.toNanos();
    return ThreadLocalRandom.current().nextLong(longest / 2, longest);
  }
}
