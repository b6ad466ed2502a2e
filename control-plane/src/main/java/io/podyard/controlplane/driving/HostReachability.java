package io.podyard.controlplane.driving;

import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.lease.ShardLeases;
import io.podyard.controlplane.lease.ShardLeases.ShardLease;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the tables which of the driven hosts do not answer, so that nobody places anything new
 * there, and which do again. A host is written when that changes and never otherwise.
 */
final class HostReachability {

  /** Counted from the first call that a host did not answer. */
  static final Duration UNREACHABLE_AFTER = Duration.ofSeconds(5);

  /** An older answer may be from before somebody else drove the host. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(HostReachability.class);

  /**
   * The last contact with a host.
   *
   * @param failingSince null if it answered
   * @param nanos when it answered, or began to fail
   */
  private record Contact(@Nullable Instant failingSince, long nanos) {}

  private final HostLife life;
  private final Placement placement;
  private final ShardLeases leases;
  private final CapacityReturned capacityReturned;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Map<HostId, Contact> contacts = new ConcurrentHashMap<>();

  HostReachability(
      HostLife life,
      Placement placement,
      ShardLeases leases,
      CapacityReturned capacityReturned,
      Clock clock,
      LongSupplier nanoTime) {
    this.life = life;
    this.placement = placement;
    this.leases = leases;
    this.capacityReturned = capacityReturned;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  void answered(HostId host) {
    contacts.put(host, new Contact(null, nanoTime.getAsLong()));
  }

  void failed(HostId host) {
    contacts.compute(
        host,
        (_, before) ->
            before != null && before.failingSince() != null
                ? before
                : new Contact(clock.instant(), nanoTime.getAsLong()));
  }

  /** Brings the tables up to date. */
  void note() {
    Set<Integer> shards = leases.shards();
    if (shards.isEmpty()) {
      return;
    }
    Set<HostId> noted = life.unreachable(shards);
    boolean fell = false;
    boolean returned = false;
    for (int shard : shards) {
      ShardLease lease = leases.held(shard).orElse(null);
      if (lease == null) {
        continue;
      }
      for (HostId host : placement.hostsOfShard(shard)) {
        Contact contact = contacts.get(host);
        if (contact == null) {
          continue;
        }
        if (noted.contains(host)) {
          returned |= answers(contact) && answersAgain(host, lease);
        } else {
          fell |= isSilent(contact) && fellSilent(host, contact, lease);
        }
      }
    }
    if (returned) {
      capacityReturned.toHosts();
    } else if (fell) {
      placement.renew();
    }
  }

  private boolean isSilent(Contact contact) {
    return contact.failingSince() != null
        && nanoTime.getAsLong() - contact.nanos() >= UNREACHABLE_AFTER.toNanos();
  }

  private boolean answers(Contact contact) {
    return contact.failingSince() == null
        && nanoTime.getAsLong() - contact.nanos() <= FRESH.toNanos();
  }

  private boolean fellSilent(HostId host, Contact contact, ShardLease lease) {
    Instant since = contact.failingSince();
    boolean noted = since != null && life.fellSilent(host, lease.shard(), lease.epoch(), since);
    if (noted) {
      log.warn("host {} is unreachable since {}; nothing new is placed there", host, since);
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
}
