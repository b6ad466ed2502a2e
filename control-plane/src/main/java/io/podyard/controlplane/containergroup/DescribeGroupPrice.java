package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
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
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * DescribeContainerGroupPrice (contract section 18): what a group of a size costs per second,
 * exact, by the price book as it is now. The size is raised as that of a new group is; of several
 * instance types it is the first. Nothing is discounted and nothing is sold as spot.
 */
@Component
public class DescribeGroupPrice {

  private static final PriceInfoResponse.Rules NO_RULES = new PriceInfoResponse.Rules(List.of());

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
                    asked.cpu(), asked.memory(), asked.instanceType(), asked.computeCategory()),
                AskedMachine.Names.OF_PRICE,
                problems::add)
            .getFirst();
    EphemeralStorage.checkAdditional("EphemeralStorage", asked.ephemeralStorage(), problems::add);
    DescribeContainerGroupPriceRequest _ = decoded.orThrow(problems);
    Metered metered = option.metered(option.tariffOf(prices, region));
    prices.require(region, metered);
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

  private static PriceInfoResponse.DetailInfo detail(ItemRate rate) {
    return new PriceInfoResponse.DetailInfo(
        BigDecimal.ZERO,
        rate.perSecond().amount(),
        resource(rate.item()),
        NO_RULES,
        rate.perSecond().amount());
  }

  private static String resource(Item item) {
    return switch (item.code()) {
      case "vcpu", "economy-vcpu" -> "cpu";
      case "memory" -> "memory";
      case "gpu" -> "gpu";
      default -> "instanceType";
    };
  }
}
