package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.inventory.HostListing.ListedHost;
import io.podyard.controlplane.inventory.HostLosses;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.MemoryMib;
import io.podyard.model.Size;
import io.podyard.scheduler.DiskSpace;
import io.podyard.scheduler.GpuDevices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
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

  /** Ephemeral disk in GiB. */
  record Disk(BigDecimal allocatable, BigDecimal reserved) {

    static Disk of(DiskSpace disk) {
      return new Disk(
          MemoryMib.of(disk.allocatableMib()).gib(), MemoryMib.of(disk.reservedMib()).gib());
    }
  }

  /** A GPU and what groups hold of it, as a share from 0 to 1. */
  record Gpu(int device, BigDecimal reserved) {

    private static final int DIGITS = 3;

    static List<Gpu> all(GpuDevices devices) {
      return IntStream.range(0, devices.count())
          .mapToObj(
              device ->
                  new Gpu(
                      device,
                      BigDecimal.valueOf(devices.reservedMilli().get(device), DIGITS)
                          .stripTrailingZeros()))
          .toList();
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /**
   * One host.
   *
   * @param cordonedAt since when nothing new is placed there by its operator's will
   * @param unreachableSince since when it does not answer
   * @param alarmedAt since when it is one of too many that vanished together
   * @param lostAt when it was given up
   * @param keptFor the group that the host is kept for, because it is too large for any host now;
   *     nothing else is placed there
   * @param keptUntil until when, if nobody goes on keeping it
   * @param groupBound whether a group as a whole cannot use more than its size there
   * @param groupUnboundReason why it can, null if it cannot
   * @param declaredBy {@code Settings}, {@code File} or {@code Api}
   * @param leavingSince since when it is to go when nothing is left of it
   * @param disk its ephemeral disk, null if nobody counts
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
      @Nullable String keptFor,
      @Nullable Instant keptUntil,
      boolean groupBound,
      @Nullable String groupUnboundReason,
      String declaredBy,
      @Nullable String address,
      @Nullable Instant leavingSince,
      String architecture,
      @Nullable String instanceType,
      List<String> labels,
      @Nullable Disk disk,
      @Nullable String gpuModel,
      List<Gpu> gpus) {

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
          host.alarmedAt(),
          host.lostAt(),
          Drain.of(host),
          keptFor(host),
          host.keptUntil(),
          host.unboundBecause().isEmpty(),
          orNull(host.unboundBecause()),
          InventoryShapes.name(host.by()),
          orNull(host.address()),
          host.leavingSince(),
          host.kind().architecture(),
          orNull(host.kind().instanceType()),
          host.kind().labels().stream().sorted().toList(),
          host.disk().counted() ? Disk.of(host.disk()) : null,
          orNull(host.kind().gpuModel()),
          Gpu.all(host.gpus()));
    }
  }
}
