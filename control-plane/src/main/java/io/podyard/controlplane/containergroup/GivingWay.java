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
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.SpotHost;
import io.podyard.scheduler.SpotVictims;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** For each of these all hosts with spot groups are looked at that are where it can be. */
  static final int MOST_AT_ONCE = 20;

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

  /** The place in the line at which the next look begins. */
  private int next;

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
    Look look = new Look(round, there);
    return look.at(
        left.stream().map(WaitingGroup::id).filter(id -> !promised.containsKey(id)).toList());
  }

  /**
   * One look. Where nobody can leave for a request, nobody can for others like it: all that is
   * promised meanwhile makes it less. So those that cannot be helped hold up nobody, and if they
   * are too many for one look the next one goes on behind them.
   */
  private final class Look {

    private final WaitingRound round;
    private final Set<PlacementRequest> refused = new HashSet<>();
    private List<SpotHost> there;

    Look(WaitingRound round, List<SpotHost> there) {
      this.round = round;
      this.there = there;
    }

    /** Whether a host was promised to one of these. */
    boolean at(List<ContainerGroupId> groups) {
      int first = next < groups.size() ? next : 0;
      next = 0;
      boolean any = false;
      int tried = 0;
      for (int i = 0; i < groups.size(); i++) {
        int place = (first + i) % groups.size();
        if (tried == MOST_AT_ONCE) {
          next = place;
          break;
        }
        Tried its = guarded(groups.get(place));
        tried += its == Tried.NOTHING ? 0 : 1;
        if (its == Tried.PROMISED) {
          any = true;
          there = hosts.all(placement::host);
        }
      }
      return any;
    }

    private Tried guarded(ContainerGroupId group) {
      try {
        return tryFor(group);
      } catch (RuntimeException failure) {
        Mishaps.tell(log, Loop.WAITING, "nobody gives way to group " + group + " yet", failure);
        return Tried.IN_VAIN;
      }
    }

    private Tried tryFor(ContainerGroupId group) {
      Tried tried = Tried.NOTHING;
      for (GroupPlace place : round.possible(group)) {
        PlacementRequest request = round.hostsFor(place);
        if (refused.contains(request.whateverImages())) {
          continue;
        }
        List<SpotHost> candidates = candidates(request, there);
        Optional<SpotVictims.Choice> choice = SpotVictims.choose(request, candidates);
        tried = candidates.isEmpty() ? tried : Tried.IN_VAIN;
        if (choice.isEmpty()) {
          refused.add(request.whateverImages());
        } else if (promise(group, request, choice.get().host())) {
          round.take(place);
          return Tried.PROMISED;
        }
      }
      return tried;
    }
  }

  /** What came of looking at a group. */
  private enum Tried {
    /** No host could be looked at that was not before. */
    NOTHING,
    IN_VAIN,
    PROMISED
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

  /**
   * Those that are where the request can be. A host that is kept for a group is no other's, and a
   * group has one such host at most.
   */
  private static List<SpotHost> candidates(PlacementRequest request, List<SpotHost> there) {
    HostId own = request.keptHost();
    return there.stream()
        .filter(host -> isWhere(request, host.host()))
        .filter(
            host ->
                own == null
                    ? !host.host().kept() || !host.promised().isEmpty()
                    : own.equals(host.host().id()))
        .toList();
  }

  private static boolean isWhere(PlacementRequest request, HostSnapshot host) {
    ZoneId zone = request.zone();
    HostId disks = request.host();
    return request.region().equals(host.region())
        && (zone == null || zone.equals(host.zone()))
        && (disks == null || disks.equals(host.id()));
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
