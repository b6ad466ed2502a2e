package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.util.Map;
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
 * @param imageHosts how much of its images hosts have, from 1 to {@link #ALL_IMAGES}, as a share of
 *     their bytes; the more, the more they are preferred, see {@link PlacementPolicy#imageBonus}
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
    Map<HostId, Integer> imageHosts,
    @Nullable HostId keptHost) {

  /** What a host has of the images that has all their bytes: shares are in millionths. */
  public static final int ALL_IMAGES = 1_000_000;

  /**
   * @throws IllegalArgumentException if the disk is negative
   */
  public PlacementRequest {
    if (diskMib < 0) {
      throw new IllegalArgumentException("nobody can ask for " + diskMib + " MiB of disk");
    }
    imageHosts = Map.copyOf(imageHosts);
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
      Map<HostId, Integer> imageHosts) {
    this(region, zone, host, size, diskMib, gpus, wishes, imageHosts, null);
  }

  /** A request for vCPU and memory. */
  public PlacementRequest(
      RegionId region, @Nullable ZoneId zone, @Nullable HostId host, Size size) {
    this(region, zone, host, size, 0, GpuRequest.NONE, HostWishes.ANY, Map.of());
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

  /**
   * The same with images that these hosts have.
   *
   * @param hosts how much of them, from 1 to {@link #ALL_IMAGES}
   */
  public PlacementRequest withImagesOn(Map<HostId, Integer> hosts) {
    hosts.forEach(
        (host, share) -> {
          if (share < 1 || share > ALL_IMAGES) {
            throw new IllegalArgumentException(host + " cannot have " + share + " of the images");
          }
        });
    return new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, hosts, keptHost);
  }

  /** The same without a preference for any hosts; as many have room for it. */
  public PlacementRequest whateverImages() {
    return imageHosts.isEmpty() ? this : withImagesOn(Map.of());
  }

  /** The same with a host that is kept for it; with none if that is null. */
  public PlacementRequest withKeptHost(@Nullable HostId kept) {
    return new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, imageHosts, kept);
  }

  /** What all requests have in common that the same hosts are as good for, images aside. */
  public PlacementRequest shape() {
    return imageHosts.isEmpty() && keptHost == null
        ? this
        : new PlacementRequest(region, zone, host, size, diskMib, gpus, wishes, Map.of(), null);
  }

  /** What it takes of a host: these devices, and so much of each. */
  public Taken taking(long gpuDevices) {
    return new Taken(size, diskMib, gpuDevices, gpus.milliEach());
  }
}
