package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.price.DescribeContainerGroupPriceRequest;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.billing.Hour;
import io.podyard.billing.Item;
import io.podyard.billing.ItemRate;
import io.podyard.billing.Metered;
import io.podyard.billing.PriceBook;
import io.podyard.billing.Rating;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.settlement.AgreementsOf;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.AccountId;
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
 * instance types it is the first. The account's discounts are taken off; what it has committed
 * itself to is not, since that covers sums over all its groups. A spot group costs a share of the
 * price instead, the rest of it is its discount; where no zone is named and zones differ, the
 * dearest counts in which it costs no more than its limit.
 */
@Component
public class DescribeGroupPrice {

  private static final PriceInfoResponse.Rules NO_RULES = new PriceInfoResponse.Rules(List.of());

  private static final BigDecimal SECONDS_OF_AN_HOUR = BigDecimal.valueOf(3600);

  private final Regions regions;
  private final AskedMachine machines;
  private final Prices prices;
  private final AgreementsOf agreements;
  private final Clock clock;

  DescribeGroupPrice(
      Regions regions, AskedMachine machines, Prices prices, AgreementsOf agreements, Clock clock) {
    this.regions = regions;
    this.machines = machines;
    this.prices = prices;
    this.agreements = agreements;
    this.clock = clock;
  }

  /**
   * @throws ApiException with every problem of the request, or if something has no price
   */
  public DescribeContainerGroupPriceResponse describe(
      AccountId account, Decoded<DescribeContainerGroupPriceRequest> decoded) {
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
    Instant now = clock.instant();
    List<ItemRate> full = Rating.rates(metered, region, now, prices.book());
    List<ItemRate> paid = agreements.of(account).discounted(full, Hour.containing(now));
    return answer(full, paid, List.of());
  }

  private DescribeContainerGroupPriceResponse spotPrice(
      RegionId region,
      @Nullable String zone,
      MachineOption option,
      Metered metered,
      SpotWish spot) {
    List<ZoneId> zones =
        zone == null || zone.isEmpty() ? regions.zonesOf(region) : List.of(new ZoneId(zone));
    PriceBook book = prices.book();
    Instant now = clock.instant();
    List<ItemRate> full = Rating.rates(metered, region, now, book);
    BigDecimal fullHour = hour(Rating.sum(full).amount());
    BigDecimal limit = spot.priceLimit();
    List<ItemRate> dearest = List.of();
    BigDecimal most = BigDecimal.ONE.negate();
    List<PriceInfoResponse.SpotPrice> rows = new ArrayList<>();
    List<String> hours = new ArrayList<>();
    for (ZoneId each : zones) {
      List<ItemRate> rates = Rating.spotRates(metered, region, each, now, book).orElse(List.of());
      if (rates.isEmpty()) {
        continue;
      }
      Money second = Rating.sum(rates);
      BigDecimal price = hour(second.amount());
      rows.add(new PriceInfoResponse.SpotPrice(option.name(), fullHour, price, each.value()));
      hours.add(SpotRefusals.price(new Money(price, second.currency()), each));
      if ((limit == null || price.compareTo(limit) <= 0) && price.compareTo(most) > 0) {
        most = price;
        dearest = rates;
      }
    }
    if (rows.isEmpty()) {
      throw SpotRefusals.notOnSale(region, zones);
    }
    if (limit != null && dearest.isEmpty()) {
      throw SpotRefusals.tooDear(limit, hours);
    }
    return answer(full, dearest, rows);
  }

  /**
   * @param full by the price book
   * @param paid of it, in the same order
   */
  private static DescribeContainerGroupPriceResponse answer(
      List<ItemRate> full, List<ItemRate> paid, List<PriceInfoResponse.SpotPrice> rows) {
    List<PriceInfoResponse.DetailInfo> details = new ArrayList<>();
    for (int i = 0; i < full.size(); i++) {
      details.add(detail(full.get(i), paid.get(i).perSecond().amount()));
    }
    Money original = Rating.sum(full);
    BigDecimal trade = Rating.sum(paid).amount();
    return new DescribeContainerGroupPriceResponse(
        new PriceInfoResponse(
            new PriceInfoResponse.Price(
                original.currency().value(),
                new PriceInfoResponse.DetailInfos(details),
                discount(original.amount(), trade),
                original.amount(),
                trade),
            NO_RULES,
            new PriceInfoResponse.SpotPrices(rows)),
        null);
  }

  private static BigDecimal hour(BigDecimal perSecond) {
    BigDecimal hour = perSecond.multiply(SECONDS_OF_AN_HOUR).stripTrailingZeros();
    return hour.scale() < 0 ? hour.setScale(0) : hour;
  }

  private static PriceInfoResponse.DetailInfo detail(ItemRate rate, BigDecimal tradePrice) {
    BigDecimal full = rate.perSecond().amount();
    return new PriceInfoResponse.DetailInfo(
        discount(full, tradePrice), full, resource(rate.item()), NO_RULES, tradePrice);
  }

  private static BigDecimal discount(BigDecimal full, BigDecimal tradePrice) {
    BigDecimal discount = full.subtract(tradePrice);
    return discount.signum() == 0 ? BigDecimal.ZERO : discount;
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
