package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.price.DescribeContainerGroupPriceRequest;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.billing.Item;
import io.podyard.billing.ItemRate;
import io.podyard.billing.Metered;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * DescribeContainerGroupPrice (contract section 18): what a group of a size costs per second,
 * exact, by the price book as it is now. The size is raised as that of a new group is; of several
 * instance types it is the first. A spot group costs a share of the price, the rest of it is its
 * discount; where no zone is named and zones differ, the dearest counts.
 */
@Component
public class DescribeGroupPrice {

  private static final PriceInfoResponse.Rules NO_RULES = new PriceInfoResponse.Rules(List.of());

  private static final BigDecimal SECONDS_OF_AN_HOUR = BigDecimal.valueOf(3600);

  private final Regions regions;
  private final AskedMachine machines;
  private final Prices prices;
  private final Clock clock;

  DescribeGroupPrice(Regions regions, AskedMachine machines, Prices prices, Clock clock) {
    this.regions = regions;
    this.machines = machines;
    this.prices = prices;
    this.clock = clock;
  }

  /**
   * @throws ApiException with every problem of the request, or if something has no price
   */
  public DescribeContainerGroupPriceResponse describe(
      Decoded<DescribeContainerGroupPriceRequest> decoded) {
    DescribeContainerGroupPriceRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    regions.checkZone(asked.regionId(), asked.zoneId(), problems::add);
    MachineOption option =
        machines
            .read(
                region,
                new AskedMachine.Wanted(
                    asked.cpu(),
                    asked.memory(),
                    asked.instanceType(),
                    asked.computeCategory(),
                    asked.spotStrategy()),
                AskedMachine.Names.OF_PRICE,
                problems::add)
            .getFirst();
    EphemeralStorage.checkAdditional("EphemeralStorage", asked.ephemeralStorage(), problems::add);
    SpotWish spot =
        SpotRules.read(
            "",
            asked.spotStrategy(),
            asked.spotPriceLimit(),
            asked.spotDuration(),
            List.of(option),
            ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC,
            "Cpu",
            problems::add);
    DescribeContainerGroupPriceRequest request = decoded.orThrow(problems);
    Integer storageGib = request.ephemeralStorage();
    Metered metered =
        option.metered(option.tariffOf(prices, region), storageGib == null ? 0 : storageGib);
    prices.require(region, metered);
    if (spot != null) {
      return spotPrice(region, request.zoneId(), option, metered, spot);
    }
    PriceBook book = prices.book();
    Instant now = clock.instant();
    Money whole = Rating.pricePerSecond(metered, region, now, book);
    List<PriceInfoResponse.DetailInfo> details =
        Rating.rates(metered, region, now, book).stream().map(DescribeGroupPrice::detail).toList();
    return new DescribeContainerGroupPriceResponse(
        new PriceInfoResponse(
            new PriceInfoResponse.Price(
                whole.currency().value(),
                new PriceInfoResponse.DetailInfos(details),
                BigDecimal.ZERO,
                whole.amount(),
                whole.amount()),
            NO_RULES,
            new PriceInfoResponse.SpotPrices(List.of())),
        null);
  }

  private DescribeContainerGroupPriceResponse spotPrice(
      RegionId region,
      @Nullable String zone,
      MachineOption option,
      Metered metered,
      SpotWish spot) {
    List<ZoneId> zones =
        zone == null || zone.isEmpty() ? regions.zonesOf(region) : List.of(new ZoneId(zone));
    prices.requireSpot(region, zones, metered, spot.priceLimit());
    PriceBook book = prices.book();
    Instant now = clock.instant();
    Money full = Rating.pricePerSecond(metered, region, now, book);
    List<ItemRate> dearest = List.of();
    BigDecimal most = BigDecimal.ONE.negate();
    List<PriceInfoResponse.SpotPrice> rows = new ArrayList<>();
    for (ZoneId each : zones) {
      BigDecimal price =
          Rating.spotPricePerSecond(metered, region, each, now, book).orElseThrow().amount();
      rows.add(
          new PriceInfoResponse.SpotPrice(
              option.name(), hour(full.amount()), hour(price), each.value()));
      if (price.compareTo(most) > 0) {
        most = price;
        dearest = Rating.spotRates(metered, region, each, now, book).orElseThrow();
      }
    }
    List<ItemRate> fullRates = Rating.rates(metered, region, now, book);
    List<PriceInfoResponse.DetailInfo> details = new ArrayList<>();
    for (int i = 0; i < fullRates.size(); i++) {
      details.add(detail(fullRates.get(i), dearest.get(i).perSecond().amount()));
    }
    return new DescribeContainerGroupPriceResponse(
        new PriceInfoResponse(
            new PriceInfoResponse.Price(
                full.currency().value(),
                new PriceInfoResponse.DetailInfos(details),
                full.amount().subtract(most),
                full.amount(),
                most),
            NO_RULES,
            new PriceInfoResponse.SpotPrices(rows)),
        null);
  }

  private static BigDecimal hour(BigDecimal perSecond) {
    BigDecimal hour = perSecond.multiply(SECONDS_OF_AN_HOUR).stripTrailingZeros();
    return hour.scale() < 0 ? hour.setScale(0) : hour;
  }

  private static PriceInfoResponse.DetailInfo detail(ItemRate rate) {
    return detail(rate, rate.perSecond().amount());
  }

  private static PriceInfoResponse.DetailInfo detail(ItemRate rate, BigDecimal tradePrice) {
    BigDecimal full = rate.perSecond().amount();
    BigDecimal discount = full.subtract(tradePrice);
    return new PriceInfoResponse.DetailInfo(
        discount.signum() == 0 ? BigDecimal.ZERO : discount,
        full,
        resource(rate.item()),
        NO_RULES,
        tradePrice);
  }

  private static String resource(Item item) {
    return switch (item.code()) {
      case "vcpu", "economy-vcpu" -> "cpu";
      case "memory" -> "memory";
      case "gpu" -> "gpu";
      case "ephemeral-storage" -> "ephemeralStorage";
      default -> item.isGpuOfModel() ? "gpu" : "instanceType";
    };
  }
}
