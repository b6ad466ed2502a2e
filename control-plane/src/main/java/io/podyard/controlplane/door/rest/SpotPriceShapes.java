package io.podyard.controlplane.door.rest;

import io.podyard.billing.ItemPattern;
import io.podyard.billing.SpotShare;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about spot prices. */
final class SpotPriceShapes {

  private SpotPriceShapes() {}

  record AddSpotPriceRequest(
      @Nullable String items,
      @Nullable String regionId,
      @Nullable BigDecimal share,
      @Nullable Instant validFrom,
      @Nullable String zoneId) {}

  record SpotPricesRequest(
      @Nullable Integer limit, @Nullable String regionId, @Nullable String zoneId) {}

  /** The spot prices of a region. */
  record SpotPricesResponse(List<SpotPriceResponse> spotPrices) {}

  /** One spot price. */
  record SpotPriceResponse(
      String regionId,
      @Nullable String zoneId,
      @Nullable String items,
      BigDecimal share,
      Instant validFrom) {

    static SpotPriceResponse of(SpotShare share) {
      return new SpotPriceResponse(
          share.region().value(),
          share.zone() == null ? null : share.zone().value(),
          share.items().equals(ItemPattern.ALL) ? null : share.items().value(),
          share.share(),
          share.validFrom());
    }
  }
}
