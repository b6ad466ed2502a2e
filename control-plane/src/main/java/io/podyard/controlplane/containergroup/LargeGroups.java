package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Groups that are too large for the hosts as they are now. Small ones take each bit that becomes
 * free, so a large one could wait for ever: after a while the host that lacks least for it is kept
 * for it. The largest come first, because the others have more chances. By one thread at a time.
 */
final class LargeGroups {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** In a region, so that its hosts are not all kept within a moment. */
  private static final int MOST_AT_ONCE = 10;

  private static final long WEIGHT_OF_MILLI_CPU = 4096;
  private static final long WEIGHT_OF_MIB = 1000;
  private static final long WEIGHT_OF_MILLI_GPU = 16 * WEIGHT_OF_MILLI_CPU;

  private static final Logger log = LoggerFactory.getLogger(LargeGroups.class);

  private record Large(WaitingGroup group, PlacementRequest request) {

    /** A vCPU weighs as much as 4 GiB, a GPU as much as 16 vCPU. */
    long weight() {
      return request.size().cpu().value() * WEIGHT_OF_MILLI_CPU
          + request.size().memory().value() * WEIGHT_OF_MIB
          + request.gpus().milli() * WEIGHT_OF_MILLI_GPU;
    }
  }

  private final WaitingLine line;
  private final KeptHosts kept;
  private final Duration patience;
  private final Clock clock;
  private final Runnable hostsChanged;
  private Instant lookedAt = Instant.MIN;

  /**
   * @param patience how long a group waits before a host is kept for it
   * @param hostsChanged told when hosts are kept, or take all again
   */
  LargeGroups(
      WaitingLine line, KeptHosts kept, Duration patience, Clock clock, Runnable hostsChanged) {
    this.line = line;
    this.kept = kept;
    this.patience = patience;
    this.clock = clock;
    this.hostsChanged = hostsChanged;
  }

  /**
   * Keeps on what is kept for groups that still wait, gives back the rest, and keeps hosts for
   * those that have waited long enough.
   *
   * @param left those that no host had room for just now
   */
  void look(Collection<WaitingGroup> left, WaitingRound round) {
    Instant now = clock.instant();
    if (now.isBefore(lookedAt.plus(BETWEEN_LOOKS)) && !now.isBefore(lookedAt)) {
      return;
    }
    lookedAt = now;
    Set<ContainerGroupId> have = kept.groups();
    boolean changed = !have.isEmpty() && goOn(have, round);
    Map<RegionId, Integer> looked = new HashMap<>();
    for (Large large : candidates(left, have, round, now)) {
      RegionId region = large.request().region();
      if (looked.getOrDefault(region, 0) >= MOST_AT_ONCE) {
        continue;
      }
      Optional<HostId> host = round.closest(large.group().id());
      if (host.isEmpty()) {
        continue;
      }
      if (keep(large.group().id(), host.get(), region)) {
        changed = true;
        looked.merge(region, 1, Integer::sum);
      } else {
        looked.put(region, MOST_AT_ONCE); // no more of its hosts can be kept
      }
    }
    if (changed) {
      hostsChanged.run();
    }
  }

  /**
   * Keeps on what is kept for groups that still wait and can use it; answers whether the rest was
   * given back.
   */
  private boolean goOn(Set<ContainerGroupId> have, WaitingRound round) {
    Set<ContainerGroupId> still = line.stillWaiting(have);
    List<ContainerGroupId> inVain = still.stream().filter(round::isKeptInVain).toList();
    if (!inVain.isEmpty()) {
      log.info("hosts are too small by now for the groups {} that they were kept for", inVain);
      kept.forgetPromises(inVain);
      still.removeAll(inVain);
    }
    kept.goOn(still);
    Set<ContainerGroupId> others = new HashSet<>(have);
    others.removeAll(still);
    return kept.giveBack(others);
  }

  private List<Large> candidates(
      Collection<WaitingGroup> left, Set<ContainerGroupId> have, WaitingRound round, Instant now) {
    List<Large> candidates = new ArrayList<>();
    for (WaitingGroup group : left) {
      if (!now.isBefore(group.createdAt().plus(patience)) && !have.contains(group.id())) {
        candidates.add(new Large(group, round.request(group.id())));
      }
    }
    candidates.sort(
        Comparator.comparingLong(Large::weight)
            .reversed()
            .thenComparing(large -> large.group().createdAt())
            .thenComparing(large -> large.group().id().value()));
    return candidates;
  }

  private boolean keep(ContainerGroupId group, HostId host, RegionId region) {
    boolean done = kept.keep(group, host, region);
    if (done) {
      log.info("host {} is kept for group {}, which is too large for now", host, group);
    }
    return done;
  }
}
