package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be placed and where it may go. Build it with {@link #anywhereIn} and {@link #inZone}
 * and the methods that add to it: these stay when the request learns further wishes.
 *
 * @param zone the only zone that will do, null if any zone of the region will
 * @param host the only host that will do, because it keeps disks of what is placed; null if any
 *     host will
 * @param size what is reserved on the host that takes it
 * @param diskMib what is reserved of the host's ephemeral disk, 0 if nothing
 * @param gpus what is reserved of its GPUs
 * @param wishes which kinds of hosts will do
 * @param imageHosts hosts that have its images, which are preferred, see {@link
 *     PlacementPolicy#imageBonus}
 * @param keptHost the host that is kept for it, null if none is; it goes there as soon as there is
 *     room, and to any other that has room before
 */
public record PlacementRequest(
    RegionId region,
    @Nullable ZoneId zone,
    @Nullable HostId host,
    Size size,
    int diskMib,
    GpuRequest gpus,
    HostWishes wishes,
    Set<HostId> imageHosts,
    @Nullable HostId keptHost) {

  /**
   * @throws IllegalArgumentException if the disk is negative
   */
  public PlacementRequest {
    if (diskMib < 0) {
      throw new IllegalArgumentException("nobody can ask for " + diskMib + " MiB of disk");
    }
    imageHosts = Set.copyOf(imageHosts);
  }

  /** A request that no host is kept for. */
  public PlacementRequest(
      RegionId region,
      @Nullable ZoneId zone,
      @Nullable HostId host,
      Size size,
      int diskMib,
      GpuRequest gpus,
      HostWishes wishes,
      Set<HostId> imageHosts) {
    this(region, zone, host, size, diskMib, gpus, wishes, imageHosts, null);
  }

  /** A request for vCPU and memory. */
  public PlacementRequest(
      RegionId region, @Nullable ZoneId zone, @Nullable HostId host, Size size) {
    this(region, zone, host, size, 0, GpuRequest.NONE, HostWishes.ANY, Set.of());
  }

  /** A request that any zone of the region may take. */
  public static PlacementRequest anywhereIn(RegionId region, Size size) {
    return new PlacementRequest(region, null, null, size);
  }

  /** A request that only this zone of the region may take. */
  public static PlacementRequest inZone(RegionId region, ZoneId zone, Size size) {
    return new PlacementRequest(region, zone, null, size);
  }

  /** The same for the host that keeps its disks; for any host if that is null. */
  public PlacementRequest onHost(@Nullable HostId disks) {
    return new PlacementRequest(
        region, zone, disks, size, diskMib, gpus, wishes, imageHosts, keptHost);
  }

  /** The same in whatever zone. */
  public PlacementRequest inAnyZone() {
    return inZone(null);
  }

  /** The same in this zone; in any if that is null. */
  public PlacementRequest inZone(@Nullable ZoneId wanted) {
    return new PlacementRequest(
        region, wanted, host, size, diskMib, gpus, wishes, imageHosts, keptHost);
  }

  /** The same with so much ephemeral disk. */
  public PlacementRequest withDisk(int mib) {
    return new PlacementRequest(region, zone, host, size, mib, gpus, wishes, imageHosts, keptHost);
  }

  /** The same of another size. */
  public PlacementRequest sized(Size wanted) {
    return new PlacementRequest(
        region, zone, host, wanted, diskMib, gpus, wishes, imageHosts, keptHost);
  }

  /** The same with GPUs. */
  public PlacementRequest withGpus(GpuRequest wanted) {
    return new PlacementRequest(
        region, zone, host, size, diskMib, wanted, wishes, imageHosts, keptHost);
  }

  /** The same for such hosts. */
  public PlacementRequest wishing(HostWishes wanted) {
    return new PlacementRequest(
        region, zone, host, size, diskMib, gpus, wanted, imageHosts, keptHost);
  }

  /** The same with images that these hosts have. */
  public PlacementRequest withImagesOn(Set<HostId> hosts) {
    return new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, hosts, keptHost);
  }

  /** The same with a host that is kept for it; with none if that is null. */
  public PlacementRequest withKeptHost(@Nullable HostId kept) {
    return new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, imageHosts, kept);
  }

  /** What all requests have in common that the same hosts are as good for, images aside. */
  public PlacementRequest shape() {
    return imageHosts.isEmpty() && keptHost == null
        ? this
        : new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, Set.of(), null);
  }

  /** What it takes of a host: these devices, and so much of each. */
  public Taken taking(long gpuDevices) {
    return new Taken(size, diskMib, gpuDevices, gpus.milliEach());
  }
}
