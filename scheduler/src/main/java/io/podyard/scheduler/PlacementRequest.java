package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is to be placed and where it may go. Build it with {@link #anywhereIn} and {@link #inZone}:
 * these stay when the request learns further wishes.
 *
 * @param zone the only zone that will do, null if any zone of the region will
 * @param host the only host that will do, because it keeps disks of what is placed; null if any
 *     host will
 * @param size what is reserved on the host that takes it
 */
public record PlacementRequest(
    RegionId region, @Nullable ZoneId zone, @Nullable HostId host, Size size) {

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
    return new PlacementRequest(region, zone, disks, size);
  }

  /** The same in whatever zone. */
  public PlacementRequest inAnyZone() {
    return new PlacementRequest(region, null, host, size);
  }
}
