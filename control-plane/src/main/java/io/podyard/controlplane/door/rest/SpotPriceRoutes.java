package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.billing.ItemPattern;
import io.podyard.billing.SpotShare;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.usage.SpotPriceTable;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What spot groups cost, for the operator to say. */
@Configuration(proxyBeanMethods = false)
class SpotPriceRoutes {

  private static final String ALL = "/spot-prices";
  private static final String REGION = "RegionId";
  private static final String ZONE = "ZoneId";
  private static final String ITEMS = "Items";
  private static final String SHARE = "Share";
  private static final String FROM = "ValidFrom";
  private static final int PRICES_BY_DEFAULT = 100;
  private static final int MOST_PRICES = 1000;

  private final SpotPriceTable prices;
  private final Regions regions;
  private final SignedOnce once;

  SpotPriceRoutes(SpotPriceTable prices, Regions regions, SignedOnce once) {
    this.prices = prices;
    this.regions = regions;
    this.once = once;
  }

  @Bean
  Route listSpotPricesRoute() {
    return Route.own(
        "ListSpotPrices",
        "GET",
        ALL,
        SpotPriceShapes.SpotPricesRequest.class,
        SpotPriceShapes.SpotPricesResponse.class,
        OperatorOnly.of(
            (caller, fields) -> {
              RegionId region = regions.read(fields.text(REGION), fields::add);
              ZoneId zone = zone(fields);
              int limit = fields.limit("Limit", PRICES_BY_DEFAULT, MOST_PRICES);
              return () ->
                  new SpotPriceShapes.SpotPricesResponse(
                      prices.of(region, zone, limit).stream()
                          .map(SpotPriceTable.Row::share)
                          .map(SpotPriceShapes.SpotPriceResponse::of)
                          .toList());
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List spot prices",
                """
                What spot groups cost in a region, as shares of what others cost, those that begin \
                last first. At any instant the newest that has begun counts, one for the item before \
                one for all items, of those one for the region before one for all, and of those \
                one for the zone.\
                """)
            .errors(NO_PERMISSION));
  }

  @Bean
  Route addSpotPriceRoute() {
    return Route.own(
        "AddSpotPrice",
        "PUT",
        ALL,
        SpotPriceShapes.AddSpotPriceRequest.class,
        SpotPriceShapes.SpotPriceResponse.class,
        OperatorOnly.of(this::add),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Add a spot price",
                """
                Says what spot groups cost in a region, or in one of its zones, from an instant on: \
                all that they are charged for, or an item of it, such as an instance type that has \
                a price of its own. Prices are never edited: what was used is charged by the price that counted then. \
                Groups that are protected go on paying what they cost when they were created.\
                """)
            .errors(NO_PERMISSION)
            .example("{\"zoneId\": \"cn-hangzhou-b\", \"share\": 0.25}\n"));
  }

  private Route.OwnCall add(Caller caller, OwnFields fields) {
    RegionId region = regions.read(fields.text(REGION), fields::add);
    ZoneId zone = zone(fields);
    BigDecimal share = fields.decimal(SHARE);
    if (share != null
        && (share.compareTo(BigDecimal.ONE) > 0
            || share.stripTrailingZeros().scale() > SpotShare.MOST_DECIMALS)) {
      fields.refuse(
          SHARE,
          share.toPlainString(),
          "must be from 0 to 1 with at most %d decimals".formatted(SpotShare.MOST_DECIMALS));
    }
    ItemPattern items = items(fields);
    Instant from = fields.time(FROM);
    if (from != null && !from.equals(from.truncatedTo(ChronoUnit.SECONDS))) {
      fields.refuse(FROM, fields.text(FROM), "must be a whole second");
    }
    return () -> {
      once.burn(caller);
      return SpotPriceShapes.SpotPriceResponse.of(
          prices
              .add(region, zone, items, Objects.requireNonNull(share), from)
              .orElseThrow(
                  () ->
                      new ApiException(
                          new Problem(
                              INVALID_PARAMETER,
                              FROM,
                              String.valueOf(from),
                              "lies before now, or another price of the same place begins then")))
              .share());
    };
  }

  private static ItemPattern items(OwnFields fields) {
    String items = fields.text(ITEMS);
    try {
      return items == null ? ItemPattern.ALL : new ItemPattern(items);
    } catch (IllegalArgumentException e) {
      fields.refuse(
          ITEMS, items, "must be an item like ecs.g7.large, a beginning like ecs.g7.* or *");
      return ItemPattern.ALL;
    }
  }

  private @Nullable ZoneId zone(OwnFields fields) {
    String zone = fields.text(ZONE);
    regions.checkZone(fields.text(REGION), zone, fields::add);
    return fields.id(ZONE, ZoneId::new);
  }
}
