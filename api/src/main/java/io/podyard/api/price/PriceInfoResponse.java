package io.podyard.api.price;

import io.podyard.api.wire.WireLists;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prices in the layout that old SDKs read, each list within an object of its own (section 2.3). */
public record PriceInfoResponse(
    @Nullable Price price, @Nullable Rules rules, @Nullable SpotPrices spotPrices) {

  /**
   * What the whole group costs per second.
   *
   * @param tradePrice what is paid: {@code originalPrice} less {@code discountPrice}
   */
  public record Price(
      @Nullable String currency,
      @Nullable DetailInfos detailInfos,
      @Nullable BigDecimal discountPrice,
      @Nullable BigDecimal originalPrice,
      @Nullable BigDecimal tradePrice) {}

  /** The parts of a price. */
  public record DetailInfos(List<DetailInfo> detailInfo) {
    public DetailInfos {
      detailInfo = WireLists.orEmpty(detailInfo);
    }
  }

  /**
   * What one resource of the group costs per second.
   *
   * @param resource {@code cpu} or {@code memory}
   */
  public record DetailInfo(
      @Nullable BigDecimal discountPrice,
      @Nullable BigDecimal originalPrice,
      @Nullable String resource,
      @Nullable Rules rules,
      @Nullable BigDecimal tradePrice) {}

  /** Rules by which a price is lowered. */
  public record Rules(List<Rule> rule) {
    public Rules {
      rule = WireLists.orEmpty(rule);
    }
  }

  /** One such rule. */
  public record Rule(@Nullable String description, @Nullable Long ruleId) {}

  /** Prices of spot groups. */
  public record SpotPrices(List<SpotPrice> spotPrice) {
    public SpotPrices {
      spotPrice = WireLists.orEmpty(spotPrice);
    }
  }

  /** One such price. */
  public record SpotPrice(
      @Nullable String instanceType,
      @Nullable BigDecimal originPrice,
      @Nullable BigDecimal spotPrice,
      @Nullable String zoneId) {}
}
