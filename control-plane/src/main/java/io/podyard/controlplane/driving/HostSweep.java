package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupRemains;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.sighting.Sightings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Finds what is on a host although no group has a right to it there. It is reported first and
 * removed after a grace time, and never more than a share of the host at once: a database restored
 * from yesterday must not empty a host in one sweep. A lost host that answers is taken back once a
 * full list, asked for after its last group was ended, shows nothing any more.
 */
final class HostSweep {

  /**
   * At most this share of the groups found on a host, but one at least, is removed in one sweep.
   */
  private static final int LARGEST_SHARE_PERCENT = 25;

  private static final Logger log = LoggerFactory.getLogger(HostSweep.class);

  private record Unknown(HostId host, ContainerGroupId group) {}

  private final GroupStore groups;
  private final EndedGroups ended;
  private final Runtimes runtimes;
  private final InstallationId installation;
  private final Sightings sightings;
  private final Duration grace;
  private final HostSilence silence;
  private final HostReachability reachability;
  private final HostLife life;
  private final KnownTroubles troubles;
  private final Runnable cleaned;
  private final HostRevisions revisions;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final BiConsumer<HostId, ContainerGroupId> changed;

  /** By {@code nanoTime}: a clock that is set forward must not cost anybody the grace. */
  private final Map<Unknown, Long> firstSeen = new ConcurrentHashMap<>();

  HostSweep(
      GroupStore groups,
      EndedGroups ended,
      Runtimes runtimes,
      InstallationId installation,
      Sightings sightings,
      Duration grace,
      HostSilence silence,
      HostReachability reachability,
      HostLife life,
      KnownTroubles troubles,
      Runnable cleaned,
      HostRevisions revisions,
      Clock clock,
      LongSupplier nanoTime,
      BiConsumer<HostId, ContainerGroupId> changed) {
    this.groups = groups;
    this.ended = ended;
    this.runtimes = runtimes;
    this.installation = installation;
    this.sightings = sightings;
    this.grace = grace;
    this.silence = silence;
    this.reachability = reachability;
    this.life = life;
    this.troubles = troubles;
    this.cleaned = cleaned;
    this.revisions = revisions;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.changed = changed;
  }

  /**
   * Of different hosts at the same time, of one host by one caller.
   *
   * @param revision what the host is at; null if nobody knows
   */
  void sweep(HostId host, ShardLease lease, @Nullable Long revision) {
    revisions.forget(host);
    try {
      GroupRuntime runtime = runtimes.of(host);
      Instant at = clock.instant();
      // Before the list: what is there then has no right to be.
      boolean mayReturn = troubles.isLost(host) && life.holdsNothing(host);
      List<FoundGroup> found = list(runtime, host, lease);
      sightings.listed(host, at, found);
      Set<ContainerGroupId> known =
          groups.belongingTo(host, found.stream().map(FoundGroup::group).toList());
      Map<ContainerGroupId, FoundGroup> unknown = new LinkedHashMap<>();
      found.stream()
          .filter(group -> !known.contains(group.group()))
          .forEach(group -> unknown.put(group.group(), group));
      firstSeen
          .keySet()
          .removeIf(seen -> seen.host().equals(host) && !unknown.containsKey(seen.group()));
      int most = Math.max(1, found.size() * LARGEST_SHARE_PERCENT / 100);
      for (FoundGroup group : unknown.values()) {
        try (LogScope _ = LogScope.ofGroup(group.group())) {
          if (due(new Unknown(host, group.group())) && most-- > 0) {
            remove(host, group, runtime, lease);
          }
        }
      }
      List<FoundGroup> odd = found.stream().filter(HostSweep::odd).toList();
      odd.forEach(group -> changed.accept(host, group.group()));
      if (revision != null && unknown.isEmpty() && odd.isEmpty()) {
        revisions.swept(host, revision, found);
      }
      if (mayReturn && found.isEmpty() && life.cleaned(host, lease.shard(), lease.epoch())) {
        log.warn("host {} was lost, answers again and has nothing left of before", host);
        cleaned.run();
      }
    } catch (RuntimeUnavailableException | StaleFenceException | DataAccessException e) {
      log.debug("host {} is swept later: {}", host, e.getMessage());
    }
  }

  /** Forgets what was seen on other hosts. */
  void keepOnly(Set<HostId> driven) {
    firstSeen.keySet().removeIf(seen -> !driven.contains(seen.host()));
  }

  private List<FoundGroup> list(GroupRuntime runtime, HostId host, ShardLease lease)
      throws RuntimeUnavailableException {
    reachability.asked(host, lease);
    try {
      List<FoundGroup> found = runtime.list(installation, host);
      silence.answered(host);
      reachability.answered(host, lease);
      return found;
    } catch (RuntimeUnavailableException e) {
      silence.failed(host);
      reachability.failed(host, lease);
      throw e;
    }
  }

  private void remove(HostId host, FoundGroup group, GroupRuntime runtime, ShardLease lease)
      throws RuntimeUnavailableException, StaleFenceException {
    log.warn("removing group {} from host {}: it does not belong there", group.group(), host);
    // Removing keeps the logs; noted first, so that they go even if this process does not live on.
    ended.found(
        new GroupRemains(
            group.group(),
            host,
            group.containers().stream().map(FoundGroup.FoundContainer::name).distinct().toList()));
    runtime.removeUnknown(installation, host, group.group(), lease);
  }

  private boolean due(Unknown unknown) {
    long now = nanoTime.getAsLong();
    Long since = firstSeen.putIfAbsent(unknown, now);
    if (since == null) {
      log.warn("group {} is on host {} but does not belong there", unknown.group(), unknown.host());
      return false;
    }
    return now - since >= grace.toNanos();
  }

  /** Two attempts of one container at once: its driver is to look. */
  private static boolean odd(FoundGroup group) {
    return group.sandboxes() > 1
        || group.containers().stream().map(FoundGroup.FoundContainer::name).distinct().count()
            != group.containers().size();
  }
}
