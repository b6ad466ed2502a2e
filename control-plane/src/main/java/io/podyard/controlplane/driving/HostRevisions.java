package io.podyard.controlplane.driving;

import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.HostId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hosts have nothing new since they were swept, where a runtime can tell that of all its
 * hosts at once: these need not be asked for their lists. What was found then is remembered.
 */
final class HostRevisions {

  /** A list is asked for again after so long, whatever the host says. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(HostRevisions.class);

  /**
   * What a sweep found.
   *
   * @param revision what the host was at before it was asked
   */
  private record Swept(long revision, List<FoundGroup> found, long nanos) {}

  private final Runtimes runtimes;
  private final LongSupplier nanoTime;
  private final Map<HostId, Swept> swept = new ConcurrentHashMap<>();

  HostRevisions(Runtimes runtimes, LongSupplier nanoTime) {
    this.runtimes = runtimes;
    this.nanoTime = nanoTime;
  }

  /** What all hosts are at; one that is missing does not answer or has to be asked itself. */
  Map<HostId, Long> ask() {
    Map<HostId, Long> all = new HashMap<>();
    for (GroupRuntime runtime : runtimes.all()) {
      try {
        runtime.revisions().ifPresent(all::putAll);
      } catch (RuntimeUnavailableException e) {
        log.debug("the hosts of {} are asked one by one: {}", runtime.name(), e.getMessage());
      }
    }
    return all;
  }

  /** A host was swept, and nothing was found that has to be looked at again. */
  void swept(HostId host, long revision, List<FoundGroup> found) {
    swept.put(host, new Swept(revision, found, nanoTime.getAsLong()));
  }

  /** A host has to be swept, whatever it is at. */
  void forget(HostId host) {
    swept.remove(host);
  }

  /** Nothing is remembered of other hosts. */
  void keepOnly(Set<HostId> hosts) {
    swept.keySet().retainAll(hosts);
  }

  /** Whether anything is remembered of a host. */
  boolean knows(HostId host) {
    return swept.containsKey(host);
  }

  /** Whether a host has what it had when it was swept, going by what it is at now. */
  boolean isAsSwept(HostId host, long revision) {
    Swept last = swept.get(host);
    return last != null
        && last.revision() == revision
        && nanoTime.getAsLong() - last.nanos() < LONGEST.toNanos();
  }

  /** What was found on hosts when they were swept, without those that had nothing. */
  Map<HostId, List<FoundGroup>> found(Collection<HostId> hosts) {
    Map<HostId, List<FoundGroup>> found = new HashMap<>();
    for (HostId host : hosts) {
      Swept last = swept.get(host);
      if (last != null && !last.found().isEmpty()) {
        found.put(host, last.found());
      }
    }
    return found;
  }
}
