package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** Why there is no spot group to be had, wherever it could be (contract section 17). */
final class SpotRefusals {

  private SpotRefusals() {}

  /**
   * @param zones at least one
   */
  static ApiException notOnSale(RegionId region, List<ZoneId> zones) {
    String names = zones.stream().map(ZoneId::value).collect(Collectors.joining(", "));
    return new ApiException(
        ErrorCode.ZONE_NOT_ON_SALE,
        ("No spot group can be created in zone %s of region %s: spot groups have no price there."
                + " Whoever runs this installation can add one.")
            .formatted(names, region));
  }

  /**
   * @param prices what an hour costs, see {@link #price}
   */
  static ApiException tooDear(BigDecimal limit, List<String> prices) {
    return new ApiException(
        ErrorCode.SPOT_NOT_MATCHED,
        "SpotPriceLimit: %s is less than what an hour costs now: %s."
            .formatted(limit.toPlainString(), String.join(", ", prices)));
  }

  /** What an hour costs in a zone, in words. */
  static String price(Money price, ZoneId zone) {
    return "%s %s in zone %s"
        .formatted(price.amount().stripTrailingZeros().toPlainString(), price.currency(), zone);
  }
}
