package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A page of hosts. */
record HostsResponse(List<Host> hosts, @Nullable String nextToken) {

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
   * @param keptFor the group that the host is kept for, because it is too large for any host now;
   *     nothing else is placed there
   * @param keptUntil until when, if nobody goes on keeping it
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
      @Nullable String keptFor,
      @Nullable Instant keptUntil,
      boolean groupBound,
      @Nullable String groupUnboundReason) {

    private static @Nullable String keptFor(ListedHost host) {
      ContainerGroupId group = host.keptFor();
      return group == null ? null : group.value();
    }

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
          keptFor(host),
          host.keptUntil(),
          host.unboundBecause().isEmpty(),
          host.unboundBecause().isEmpty() ? null : host.unboundBecause());
    }
  }
}
