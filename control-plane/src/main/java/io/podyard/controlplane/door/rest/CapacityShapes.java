package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import io.podyard.controlplane.containergroup.Stock;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about the room that there is for groups. */
final class CapacityShapes {

  private CapacityShapes() {}

  record AvailableResourcesRequest(
      @Required @Nullable BigDecimal cpu,
      @Required @Nullable BigDecimal memory,
      @Nullable String regionId,
      @Nullable String zoneId) {}

  /**
   * Where there is room for a group.
   *
   * @param cpu as it would be, raised to a supported size
   */
  record AvailableResourcesResponse(
      String regionId, BigDecimal cpu, BigDecimal memory, List<ZoneStockResponse> zones) {}

  /** What there is in a zone. */
  record ZoneStockResponse(String zoneId, String status) {

    static ZoneStockResponse of(Stock stock) {
      return new ZoneStockResponse(stock.zone().value(), stock.status().wireName());
    }
  }
}
