package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A page of hosts. */
record HostsResponse(List<Host> hosts, @Nullable String nextToken, List<Alarm> alarms) {

  /**
   * Too many hosts of a region vanished together, so none of it is declared lost.
   *
   * @param vanished hosts that neither answer nor were given up so far
   * @param hosts of the region that are not lost
   */
  record Alarm(String regionId, Instant since, int vanished, int hosts, String message) {

    static Alarm of(HostLosses.Alarm alarm) {
      return new Alarm(
          alarm.region().value(),
          alarm.since(),
          alarm.vanished(),
          alarm.hosts(),
          ("%d of %d hosts vanished together and do not answer. None of the region is declared lost"
                  + " until they answer, or until you declare each of them lost")
              .formatted(alarm.vanished(), alarm.hosts()));
    }
  }

  /**
   * How far a host is that is to become empty.
   *
   * @param containerGroupsLeft groups that still hold something of it
   * @param drained whether none is left
   */
  record Drain(
      Instant since,
      Instant deadline,
      @Nullable String reason,
      int containerGroupsLeft,
      boolean drained) {

    static @Nullable Drain of(ListedHost host) {
      HostListing.Drain drain = host.drain();
      return drain == null
          ? null
          : new Drain(
              drain.since(), drain.deadline(), drain.reason(), host.groups(), host.groups() == 0);
    }
  }

  /** Capacity in the units of requests. */
  record Capacity(BigDecimal cpu, BigDecimal memory) {

    static Capacity of(Size size) {
      return new Capacity(size.cpu().vcpu(), size.memory().gib());
    }
  }

  /**
   * One host.
   *
   * @param cordonedAt since when nothing new is placed there by its operator's will
   * @param unreachableSince since when it does not answer
   * @param alarmedAt since when it is one of too many that vanished together
   * @param lostAt when it was given up
   * @param groupBound whether a group as a whole cannot use more than its size there
   * @param groupUnboundReason why it can, null if it cannot
   */
  record Host(
      String hostId,
      String poolId,
      String runtime,
      String regionId,
      String zoneId,
      int shard,
      String state,
      String engine,
      int containerGroups,
      Capacity allocatable,
      Capacity reserved,
      Capacity reported,
      @Nullable Instant cordonedAt,
      @Nullable String cordonReason,
      @Nullable Instant unreachableSince,
      @Nullable Instant alarmedAt,
      @Nullable Instant lostAt,
      @Nullable Drain drain,
      boolean groupBound,
      @Nullable String groupUnboundReason) {

    static Host of(ListedHost host) {
      return new Host(
          host.id().value(),
          host.pool().value(),
          host.runtime(),
          host.region().value(),
          host.zone().value(),
          host.shard(),
          host.state().charAt(0) + host.state().substring(1).toLowerCase(Locale.ROOT),
          host.engine(),
          host.groups(),
          Capacity.of(host.allocatable()),
          Capacity.of(host.reserved()),
          Capacity.of(host.reported()),
          host.cordonedAt(),
          host.cordonReason(),
          host.unreachableSince(),
          host.alarmedAt(),
          host.lostAt(),
          Drain.of(host),
          host.unboundBecause().isEmpty(),
          host.unboundBecause().isEmpty() ? null : host.unboundBecause());
    }
  }
}
