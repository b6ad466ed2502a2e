package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.SpotHost;
import io.podyard.scheduler.SpotVictims;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Has spot groups give way to groups that pay in full and that no host has room for (contract
 * section 17). The notices to the one and the promise of their room to the other are one
 * transaction, so nothing is left half done whoever dies, and nothing is done twice: every process
 * looks, and the rows decide. Until the promise is kept, the host takes nothing else; see {@link
 * KeptHosts}.
 */
@Component
class GivingWay {

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "giveWay";

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** For each of these all hosts with spot groups are looked at. */
  private static final int MOST_AT_ONCE = 20;

  private static final Logger log = LoggerFactory.getLogger(GivingWay.class);

  private final TransactionTemplate transaction;
  private final Inventory inventory;
  private final Placement placement;
  private final KeptHosts kept;
  private final SpotNotices notices;
  private final SpotHosts hosts;
  private final CommitPoints points;
  private final Clock clock;
  private Instant lookedAt = Instant.MIN;

  GivingWay(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      Inventory inventory,
      Placement placement,
      KeptHosts kept,
      SpotNotices notices,
      CommitPoints points,
      Clock clock) {
    this.transaction = transaction;
    this.inventory = inventory;
    this.placement = placement;
    this.kept = kept;
    this.notices = notices;
    this.hosts = new SpotHosts(jdbc);
    this.points = points;
    this.clock = clock;
  }

  /**
   * Looks for hosts that spot groups can leave. By one thread at a time.
   *
   * @param left groups that pay in full and that no host had room for just now, in their order
   * @return whether a host was promised
   */
  boolean look(Collection<WaitingGroup> left, WaitingRound round) {
    Instant now = clock.instant();
    if (left.isEmpty() || (now.isBefore(lookedAt.plus(BETWEEN_LOOKS)) && !now.isBefore(lookedAt))) {
      return false;
    }
    lookedAt = now;
    // Also if no spot groups are left: a group that a promise came to nothing for would wait on.
    kept.forgetPromises();
    List<SpotHost> there = hosts.all(placement::host);
    if (there.isEmpty()) {
      return false;
    }
    Map<ContainerGroupId, HostId> promised = kept.promised();
    left.forEach(group -> takeAddress(group.id(), promised.get(group.id()), round));
    boolean any = false;
    int looked = 0;
    for (WaitingGroup group : left) {
      if (promised.containsKey(group.id())) {
        continue;
      }
      if (++looked > MOST_AT_ONCE) {
        break;
      }
      if (promise(group.id(), round, there)) {
        any = true;
        there = hosts.all(placement::host);
      }
    }
    return any;
  }

  /** Nobody leaves for a group that will get no address of its vSwitch, because others will. */
  private void takeAddress(ContainerGroupId group, @Nullable HostId promised, WaitingRound round) {
    Optional<ZoneId> zone =
        Optional.ofNullable(promised).flatMap(placement::host).map(host -> host.snapshot().zone());
    if (zone.isEmpty() || !round.knows(group)) {
      return;
    }
    round.possible(group).stream()
        .filter(
            place -> {
              ZoneId its = round.hostsFor(place).zone();
              return its == null || its.equals(zone.get());
            })
        .findFirst()
        .ifPresent(round::take);
  }

  private boolean promise(ContainerGroupId group, WaitingRound round, List<SpotHost> there) {
    try {
      for (GroupPlace place : round.possible(group)) {
        PlacementRequest request = round.hostsFor(place);
        Optional<SpotVictims.Choice> choice =
            SpotVictims.choose(request, candidates(request, there));
        if (choice.isPresent() && promise(group, request, choice.get().host())) {
          round.take(place);
          return true;
        }
      }
    } catch (RuntimeException failure) {
      Mishaps.tell(log, Loop.WAITING, "nobody gives way to group " + group + " yet", failure);
    }
    return false;
  }

  /** A host that is kept for a group is no other's, and a group has one such host at most. */
  private static List<SpotHost> candidates(PlacementRequest request, List<SpotHost> there) {
    HostId own = request.keptHost();
    return there.stream()
        .filter(
            host ->
                own == null
                    ? !host.host().kept() || !host.promised().isEmpty()
                    : own.equals(host.host().id()))
        .toList();
  }

  /** On a host as it is now; false if it is not as it was when it was chosen. */
  private boolean promise(ContainerGroupId group, PlacementRequest request, HostId host) {
    points.reached(POINT, CommitPoints.Side.BEFORE);
    Boolean done =
        transaction.execute(
            status -> {
              if (!kept.lockForPromise(group, host)) {
                return false;
              }
              List<SpotHost> now =
                  hosts.locked(host, id -> inventory.host(id).filter(GivingWay::isReady)).stream()
                      .toList();
              Optional<SpotVictims.Choice> choice =
                  SpotVictims.choose(request, candidates(request, now));
              if (choice.isEmpty()) {
                return false;
              }
              List<ContainerGroupId> leave = choice.get().groups();
              if (leave.isEmpty() && now.getFirst().leaving().isEmpty()) {
                return false; // it has room by now
              }
              boolean counted = now.getFirst().host().disk().counted();
              kept.promise(
                  group,
                  host,
                  new SpotHost.Promise(
                      request.size(), counted ? request.diskMib() : 0, request.gpus()));
              notices.giveWay(leave, group);
              return true;
            });
    points.reached(POINT, CommitPoints.Side.AFTER);
    if (Boolean.TRUE.equals(done)) {
      log.info("spot groups on host {} give way to group {}", host, group);
      return true;
    }
    return false;
  }

  private static boolean isReady(KnownHost host) {
    return host.snapshot().schedulable();
  }
}
