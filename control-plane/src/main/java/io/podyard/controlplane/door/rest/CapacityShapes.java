package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.Stock;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about the room that there is for groups. */
final class CapacityShapes {

  private CapacityShapes() {}

  record AvailableResourcesRequest(
      @Nullable BigDecimal cpu,
      @Nullable BigDecimal memory,
      @Nullable String instanceType,
      @Nullable String computeCategory,
      @Nullable String regionId,
      @Nullable String zoneId) {}

  /**
   * Where there is room for a group.
   *
   * @param instanceType the first that was asked for, null for a size
   * @param cpu as it would be, raised to a supported size
   */
  record AvailableResourcesResponse(
      String regionId,
      @Nullable String instanceType,
      BigDecimal cpu,
      BigDecimal memory,
      List<ZoneStockResponse> zones) {}

  /** What there is in a zone. */
  record ZoneStockResponse(String zoneId, String status) {

    static ZoneStockResponse of(Stock stock) {
      return new ZoneStockResponse(stock.zone().value(), stock.status().wireName());
    }
  }
}
