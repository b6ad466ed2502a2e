package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;

/**
 * What placement needs to know of one host at one moment.
 *
 * @param allocatable all that groups may reserve on it
 * @param reserved what groups hold of it, never more than allocatable
 * @param schedulable false while nothing new may be placed on it (cordoned, drained, unreachable)
 * @param kept whether it is kept for one request that is too large for the hosts as they are:
 *     nothing else is placed on it, see {@link PlacementRequest#keptHost}
 * @param near whether whoever places drives it as well. A host that is not is taken only if none
 *     that is has room, or for the images that it has: processes that place at the same time would
 *     fill the same hosts otherwise, and be in each other's way
 * @param answering false while it has not answered its last call: nothing new is placed there until
 *     it does, whatever else is known of it
 */
public record HostSnapshot(
    HostId id,
    PoolId pool,
    RegionId region,
    ZoneId zone,
    Size allocatable,
    Size reserved,
    boolean schedulable,
    DiskSpace disk,
    GpuDevices gpus,
    HostKind kind,
    boolean kept,
    boolean near,
    boolean answering) {

  /**
   * @throws IllegalArgumentException if more is reserved than is allocatable
   */
  public HostSnapshot {
    if (!reserved.fitsIn(allocatable)) {
      throw new IllegalArgumentException(
          "host " + id + " cannot have " + reserved + " reserved of " + allocatable);
    }
  }

  /** A host of which only vCPU and memory matter. */
  public HostSnapshot(
      HostId id,
      PoolId pool,
      RegionId region,
      ZoneId zone,
      Size allocatable,
      Size reserved,
      boolean schedulable) {
    this(
        id,
        pool,
        region,
        zone,
        allocatable,
        reserved,
        schedulable,
        DiskSpace.NOT_COUNTED,
        GpuDevices.NONE,
        HostKind.UNKNOWN);
  }

  /** A host that is kept for nothing, is not near and answers. */
  public HostSnapshot(
      HostId id,
      PoolId pool,
      RegionId region,
      ZoneId zone,
      Size allocatable,
      Size reserved,
      boolean schedulable,
      DiskSpace disk,
      GpuDevices gpus,
      HostKind kind) {
    this(
        id,
        pool,
        region,
        zone,
        allocatable,
        reserved,
        schedulable,
        disk,
        gpus,
        kind,
        false,
        false,
        true);
  }

  /** What is allocatable and not reserved, whether or not the host is schedulable. */
  public Size free() {
    return Size.of(
        allocatable.cpu().value() - reserved.cpu().value(),
        allocatable.memory().value() - reserved.memory().value());
  }

  /** The same with another ephemeral disk. */
  public HostSnapshot withDisk(DiskSpace other) {
    return with(reserved, other, gpus, kind, kept, near, answering);
  }

  /** The same with other GPUs. */
  public HostSnapshot withGpus(GpuDevices others) {
    return with(reserved, disk, others, kind, kept, near, answering);
  }

  /** The same of another kind. */
  public HostSnapshot ofKind(HostKind other) {
    return with(reserved, disk, gpus, other, kept, near, answering);
  }

  /** The same, kept for one request or for none. */
  public HostSnapshot withKept(boolean now) {
    return with(reserved, disk, gpus, kind, now, near, answering);
  }

  /** The same, near or not. */
  public HostSnapshot withNear(boolean now) {
    return with(reserved, disk, gpus, kind, kept, now, answering);
  }

  /** The same, answering or not. */
  public HostSnapshot withAnswering(boolean now) {
    return with(reserved, disk, gpus, kind, kept, near, now);
  }

  HostSnapshot withReserved(Size now) {
    return with(now, disk, gpus, kind, kept, near, answering);
  }

  /** The same host with all of it that may change. */
  private HostSnapshot with(
      Size itsReserved,
      DiskSpace itsDisk,
      GpuDevices itsGpus,
      HostKind itsKind,
      boolean isKept,
      boolean isNear,
      boolean isAnswering) {
    return new HostSnapshot(
        id,
        pool,
        region,
        zone,
        allocatable,
        itsReserved,
        schedulable,
        itsDisk,
        itsGpus,
        itsKind,
        isKept,
        isNear,
        isAnswering);
  }
}
