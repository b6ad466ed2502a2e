package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.stock.DescribeAvailableResourceRequest;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableResource;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableResources;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableZone;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableZones;
import io.podyard.api.stock.DescribeAvailableResourceResponse.SupportedResource;
import io.podyard.api.stock.DescribeAvailableResourceResponse.SupportedResources;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * DescribeAvailableResource: in which zones a group of a size could be placed now, by the same look
 * at the hosts that a create takes. What the account may have is not stock; a dry run says that.
 */
@Component
public class DescribeStock {

  /** The only category that a size is asked for by. */
  private static final String INSTANCE_TYPE = "InstanceType";

  private static final String PREFIX = "DestinationResource.";

  private final Regions regions;
  private final Placement placement;
  private final ServedZones served;
  private final Prices prices;

  DescribeStock(Regions regions, Placement placement, ServedZones served, Prices prices) {
    this.prices = prices;
    this.regions = regions;
    this.placement = placement;
    this.served = served;
  }

  /**
   * @throws ApiException with every problem of the request
   */
  public DescribeAvailableResourceResponse describe(
      Decoded<DescribeAvailableResourceRequest> decoded) {
    DescribeAvailableResourceRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    regions.checkZone(asked.regionId(), asked.zoneId(), problems::add);
    DescribeAvailableResourceRequest.DestinationResource wanted = asked.destinationResource();
    if (wanted == null) {
      wanted = new DescribeAvailableResourceRequest.DestinationResource(null, null, null, null);
    }
    checkCategory(wanted.category(), problems);
    checkGiven("Cores", wanted.cores(), decoded, problems);
    checkGiven("Memory", wanted.memory(), decoded, problems);
    AskedSize size =
        AskedSize.read(
            region,
            wanted.cores(),
            wanted.memory(),
            ErrorCode.INVALID_PARAMETER,
            List.of(PREFIX + "Cores", PREFIX + "Memory"),
            problems::add);
    SpotWish spot = spot(asked.spotResource(), size.size(), problems::add);
    DescribeAvailableResourceRequest request = decoded.orThrow(problems);
    return new DescribeAvailableResourceResponse(
        new AvailableZones(
            of(region, request.zoneId(), size.size()).stream()
                .map(stock -> spot == null ? stock : asSpot(region, size.size(), spot, stock))
                .map(stock -> zone(region, size, stock))
                .toList()),
        null);
  }

  /**
   * Looks at the hosts.
   *
   * @param zone one zone of the region, null or empty for all of them
   */
  public List<Stock> of(RegionId region, @Nullable String zone, Size size) {
    return regions.zonesOf(region).stream()
        .filter(each -> zone == null || zone.isEmpty() || each.value().equals(zone))
        .map(each -> new Stock(each, status(region, each, size)))
        .toList();
  }

  private Stock.Status status(RegionId region, ZoneId zone, Size size) {
    Explanation explanation =
        placement.explain(served.hostsFor(PlacementRequest.inZone(region, zone, size)));
    if (explanation.hostsFitting() > 0) {
      return Stock.Status.WITH_STOCK;
    }
    return explanation.couldEverFit()
        ? Stock.Status.WITHOUT_STOCK
        : Stock.Status.CLOSED_WITHOUT_STOCK;
  }

  private static @Nullable SpotWish spot(
      DescribeAvailableResourceRequest.@Nullable SpotResource asked,
      Size size,
      Consumer<Problem> problems) {
    if (asked == null) {
      return null;
    }
    Findings findings = new Findings();
    Integer hours = asked.spotDuration();
    SpotWish spot =
        SpotRules.read(
            "SpotResource.",
            asked.spotStrategy(),
            asked.spotPriceLimit(),
            hours == null ? null : Long.valueOf(hours),
            findings);
    if (spot != null) {
      SpotRules.checkSize(size, ErrorCode.INVALID_PARAMETER, PREFIX + "Cores", findings);
    }
    findings.problems().forEach(problems);
    return spot;
  }

  /** Spot groups have the hosts that others have, where they have a price, within its limit. */
  private Stock asSpot(RegionId region, Size size, SpotWish spot, Stock stock) {
    BigDecimal limit = spot.priceLimit();
    Optional<Money> price = prices.spotPricePerHour(region, stock.zone(), size);
    if (price.isEmpty()) {
      return new Stock(stock.zone(), Stock.Status.CLOSED_WITHOUT_STOCK);
    }
    boolean tooDear = limit != null && price.get().amount().compareTo(limit) > 0;
    return tooDear && stock.status() == Stock.Status.WITH_STOCK
        ? new Stock(stock.zone(), Stock.Status.WITHOUT_STOCK)
        : stock;
  }

  private static void checkCategory(@Nullable String category, List<Problem> problems) {
    if (category != null && !category.isEmpty() && !category.equals(INSTANCE_TYPE)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              PREFIX + "Category",
              category,
              "must be InstanceType; families of instance types are not built in yet"));
    }
  }

  private static void checkGiven(
      String name,
      @Nullable BigDecimal value,
      Decoded<DescribeAvailableResourceRequest> decoded,
      List<Problem> problems) {
    if (value == null && !decoded.isUnread(PREFIX + name)) {
      problems.add(Problem.missing(PREFIX + name));
    }
  }

  private static AvailableZone zone(RegionId region, AskedSize size, Stock stock) {
    SupportedResource row = new SupportedResource(stock.status().wireName(), size.name());
    return new AvailableZone(
        new AvailableResources(
            List.of(new AvailableResource(new SupportedResources(List.of(row)), INSTANCE_TYPE))),
        region.value(),
        stock.zone().value());
  }
}
