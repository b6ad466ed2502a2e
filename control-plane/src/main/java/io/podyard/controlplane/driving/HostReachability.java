package io.podyard.controlplane.driving;

import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.controlplane.inventory.HostTrouble;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the tables which of the driven hosts do not answer, so that nobody places anything new
 * there, and which do again; and has those given up that do not for long. A host is written when
 * that changes and never otherwise. Before that, with the first call that fails, new groups are
 * turned elsewhere, which is nothing but the word of this process until the host answers.
 *
 * <p>Counted is from the first call that was not answered, under the present lease and while this
 * process went on: whoever takes a shard over, or stood still, has not tried for as long.
 */
final class HostReachability {

  /** Counted from the first call that a host did not answer. */
  static final Duration UNREACHABLE_AFTER = Duration.ofSeconds(5);

  /** An older answer may be from before somebody else drove the host. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  /** Who hears nothing of itself for so long stood still. */
  private static final Duration STANDSTILL = Duration.ofSeconds(5);

  /** How often hosts are forgotten that are none, where no other hosts are driven than before. */
  private static final Duration BETWEEN_FORGETTING = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(HostReachability.class);

  /** The first call since the last answer. */
  private record Asked(Instant at, long nanos) {}

  /**
   * What is known of a host under one lease.
   *
   * @param asked what it was asked and has not answered since; null if nothing
   * @param answeredNanos when it answered last, null if it never did
   */
  private record Contact(long epoch, @Nullable Asked asked, @Nullable Long answeredNanos) {

    static final Contact NONE = new Contact(-1, null, null);
  }

  private final HostLife life;
  private final HostLosses losses;
  private final KnownTroubles troubles;
  private final Placement placement;
  private final ShardLeases leases;
  private final CapacityReturned capacityReturned;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<HostId, Contact> contacts = new ConcurrentHashMap<>();
  private final Object beat = new Object();
  private volatile Consumer<HostId> doubts = _ -> {};
  private volatile Runnable returns = () -> {};
  private List<List<HostId>> driven = List.of();
  private long forgotAt;
  private long lastBeat;
  private long awakeSince;

  HostReachability(
      HostLife life,
      HostLosses losses,
      KnownTroubles troubles,
      Placement placement,
      ShardLeases leases,
      CapacityReturned capacityReturned,
      Clock clock,
      LongSupplier nanoTime) {
    this.life = life;
    this.losses = losses;
    this.troubles = troubles;
    this.placement = placement;
    this.leases = leases;
    this.capacityReturned = capacityReturned;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.forgotAt = nanoTime.getAsLong();
    this.lastBeat = nanoTime.getAsLong();
    this.awakeSince = lastBeat;
  }

  /** A call is about to be made; it may hang, so it counts before it has failed. */
  void asked(HostId host, ShardLease lease) {
    asked(List.of(host), lease);
  }

  /** The same of hosts that are asked together. */
  void asked(Collection<HostId> hosts, ShardLease lease) {
    Asked now = new Asked(clock.instant(), nanoTime.getAsLong());
    for (HostId host : hosts) {
      contacts.compute(
          host,
          (_, known) -> {
            Contact before = under(lease.epoch(), known);
            return before.asked() != null
                ? before
                : new Contact(lease.epoch(), now, before.answeredNanos());
          });
    }
  }

  void answered(HostId host, ShardLease lease) {
    answered(List.of(host), lease);
  }

  /** The same of hosts that answered together. */
  void answered(Collection<HostId> hosts, ShardLease lease) {
    Contact contact = new Contact(lease.epoch(), null, nanoTime.getAsLong());
    for (HostId host : hosts) {
      contacts.put(host, contact);
      noLongerPassedOver(host);
    }
  }

  private void noLongerPassedOver(HostId host) {
    if (placement.passedOver().answers(host)) {
      log.debug("host {} answers again", host);
      capacityReturned.toPassedOver();
      if (troubles.of(host).filter(HostTrouble::unreachable).isPresent()) {
        returns.run();
      }
    }
  }

  /** A call failed. */
  void failed(HostId host, ShardLease lease) {
    asked(host, lease);
    boolean _ = placement.passedOver().silent(host);
  }

  /**
   * A call failed, for which its host may be the reason or the group that it was about: nothing new
   * is placed there until it answers, and it is asked at once.
   */
  void doubted(HostId host) {
    if (placement.passedOver().silent(host)) {
      doubts.accept(host);
    }
  }

  /** Has it called when a host answers again of which the tables say otherwise. */
  void onReturn(Runnable listener) {
    returns = listener;
  }

  /** Has it called with hosts that are to be asked whether they answer. */
  void onDoubt(Consumer<HostId> listener) {
    doubts = listener;
  }

  private static Contact under(long epoch, @Nullable Contact known) {
    return known != null && known.epoch() == epoch ? known : Contact.NONE;
  }

  /** To be called often: tells a standstill of this process from one of a host. */
  long beat() {
    synchronized (beat) {
      long now = nanoTime.getAsLong();
      if (now - lastBeat > STANDSTILL.toNanos()) {
        awakeSince = now;
      }
      lastBeat = now;
      return awakeSince;
    }
  }

  /** Brings the tables up to date. */
  synchronized void note() {
    Set<Integer> shards = leases.shards();
    if (placement.passedOver().keepOnly(host -> isIn(shards, host))) {
      capacityReturned.toPassedOver();
    }
    forgetOthers(shards);
    if (shards.isEmpty()) {
      troubles.learn(List.of());
      return;
    }
    troubles.learn(life.troubles(shards));
    boolean fell = false;
    boolean returned = false;
    for (int shard : shards) {
      ShardLease lease = leases.held(shard).orElse(null);
      if (lease == null) {
        continue;
      }
      List<HostId> givenUp = new ArrayList<>();
      for (HostId host : placement.hostsOfShard(shard)) {
        Contact contact = under(lease.epoch(), contacts.get(host));
        HostTrouble trouble = troubles.of(host).orElse(null);
        if (trouble == null || !trouble.unreachable()) {
          fell |=
              isSilentFor(contact, UNREACHABLE_AFTER) && fellSilent(host, contact.asked(), lease);
        } else if (answers(contact)) {
          returned |= answersAgain(host, lease);
        } else if (!trouble.lost() && isSilentFor(contact, losses.lostAfter())) {
          givenUp.add(host);
        }
      }
      declareLost(givenUp, lease);
    }
    if (fell) {
      losses.watch();
    }
    if (returned) {
      capacityReturned.toHosts();
    } else if (fell) {
      placement.renew();
    }
  }

  /** Another host may get the name of one that is gone. An answer on its way may come later. */
  private void forgetOthers(Set<Integer> shards) {
    List<List<HostId>> now = placement.hostsOfShards(shards);
    boolean due = nanoTime.getAsLong() - forgotAt >= BETWEEN_FORGETTING.toNanos();
    if (due || !now.equals(driven)) {
      contacts.keySet().removeIf(host -> !isIn(shards, host));
      driven = now;
      forgotAt = nanoTime.getAsLong();
    }
  }

  private boolean isIn(Set<Integer> shards, HostId host) {
    return placement.host(host).filter(known -> shards.contains(known.shard())).isPresent();
  }

  private boolean isSilentFor(Contact contact, Duration time) {
    Asked asked = contact.asked();
    if (asked == null) {
      return false;
    }
    long since = beat();
    long from = asked.nanos() - since > 0 ? asked.nanos() : since;
    return nanoTime.getAsLong() - from >= time.toNanos();
  }

  private boolean answers(Contact contact) {
    Long answered = contact.answeredNanos();
    return contact.asked() == null
        && answered != null
        && nanoTime.getAsLong() - answered <= FRESH.toNanos();
  }

  private boolean fellSilent(HostId host, @Nullable Asked asked, ShardLease lease) {
    if (asked == null) {
      return false;
    }
    boolean noted = life.fellSilent(host, lease.shard(), lease.epoch(), asked.at());
    if (noted) {
      log.warn("host {} is unreachable since {}; nothing new is placed there", host, asked.at());
    }
    return noted;
  }

  private boolean answersAgain(HostId host, ShardLease lease) {
    boolean noted = life.answersAgain(host, lease.shard(), lease.epoch());
    if (noted) {
      log.info("host {} is reachable again", host);
    }
    return noted;
  }

  private void declareLost(List<HostId> hosts, ShardLease lease) {
    for (int from = 0; from < hosts.size(); from += HostLosses.MOST_AT_ONCE) {
      List<HostId> some =
          hosts.subList(from, Math.min(from + HostLosses.MOST_AT_ONCE, hosts.size()));
      Set<HostId> lost = losses.declare(some, lease.shard(), lease.epoch());
      lost.forEach(
          host ->
              log.error(
                  "host {} was not reached for {} s and is lost; its groups end",
                  host,
                  losses.lostAfter().toSeconds()));
      if (lost.isEmpty()) {
        return;
      }
    }
  }
}
