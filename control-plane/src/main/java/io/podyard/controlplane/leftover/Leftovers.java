package io.podyard.controlplane.leftover;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.mishap.Rounds;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the hosts that this process drives what belongs to no task, which is what a driver
 * leaves that made it after its time. It is removed when it is found for the second time in a row:
 * a task may have become known between the looks at the host and at the table.
 */
public final class Leftovers {

  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** What there may be on a host for the sake of a task, under the task's id. */
  public interface Kind {

    /** In words, as in "images". */
    String words();

    Set<String> found(GroupRuntime runtime, InstallationId installation, HostId host)
        throws RuntimeUnavailableException;

    /** The tasks among these that are not over. */
    Set<String> alive(HostId host, Set<String> found);

    void remove(
        GroupRuntime runtime, InstallationId installation, HostId host, String task, Fence fence)
        throws RuntimeUnavailableException, StaleFenceException;
  }

  private final Kind kind;
  private final DrivenHosts hosts;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final Map<HostId, Set<String>> unknown = new ConcurrentHashMap<>();
  private final Set<HostId> underWay = ConcurrentHashMap.newKeySet();

  public Leftovers(Kind kind, DrivenHosts hosts, Runtimes runtimes, Inventory inventory) {
    this.kind = kind;
    this.hosts = hosts;
    this.runtimes = runtimes;
    this.inventory = inventory;
  }

  /** Begins a look at each host; one that is still looked at is left alone. */
  public void sweep(Rounds rounds) {
    hosts
        .all()
        .forEach(
            (host, lease) -> {
              if (underWay.add(host)) {
                rounds.beside("sweeping " + kind.words(), () -> sweep(host, lease));
              }
            });
  }

  private void sweep(HostId host, ShardLease lease) {
    try {
      GroupRuntime runtime = runtimes.of(host);
      Set<String> found = kind.found(runtime, inventory.installation(), host);
      if (found.isEmpty()) {
        unknown.remove(host);
        return;
      }
      Set<String> now = new HashSet<>(found);
      now.removeAll(kind.alive(host, found));
      Set<String> before = unknown.getOrDefault(host, Set.of());
      for (String task : now) {
        if (before.contains(task)) {
          log.warn("removing {} of task {} from host {}: it is over", kind.words(), task, host);
          kind.remove(runtime, inventory.installation(), host, task, lease);
        }
      }
      unknown.put(host, now);
    } catch (RuntimeUnavailableException | StaleFenceException e) {
      log.debug("{} of host {} are swept later: {}", kind.words(), host, e.getMessage());
    } finally {
      underWay.remove(host);
    }
  }
}
