package io.podyard.scheduler;

import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is to be placed and where it may go. Build it with {@link #anywhereIn} and {@link #inZone}:
 * these stay when the request learns further wishes.
 *
 * @param zone the only zone that will do, null if any zone of the region will
 * @param size what is reserved on the host that takes it
 */
public record PlacementRequest(RegionId region, @Nullable ZoneId zone, Size size) {

  /** A request that any zone of the region may take. */
  public static PlacementRequest anywhereIn(RegionId region, Size size) {
    return new PlacementRequest(region, null, size);
  }

  /** A request that only this zone of the region may take. */
  public static PlacementRequest inZone(RegionId region, ZoneId zone, Size size) {
    return new PlacementRequest(region, zone, size);
  }
}
