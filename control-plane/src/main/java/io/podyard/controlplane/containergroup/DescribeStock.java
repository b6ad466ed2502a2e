package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.stock.DescribeAvailableResourceRequest;
import io.podyard.api.stock.DescribeAvailableResourceRequest.DestinationResource;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableResource;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableResources;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableZone;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableZones;
import io.podyard.api.stock.DescribeAvailableResourceResponse.SupportedResource;
import io.podyard.api.stock.DescribeAvailableResourceResponse.SupportedResources;
import io.podyard.controlplane.instancetype.InstanceType;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupSpec;
import io.podyard.scheduler.PlacementRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * DescribeAvailableResource: in which zones a group of a size, an instance type or one of a family
 * could be placed now, by the same look at the hosts that a create takes. What the account may have
 * is not stock; a dry run says that.
 */
@Component
public class DescribeStock {

  /** The category of sizes and of single instance types. */
  private static final String INSTANCE_TYPE = "InstanceType";

  private static final String FAMILY = "InstanceTypeFamily";

  private static final String PREFIX = "DestinationResource.";

  private final Regions regions;
  private final AskedMachine machines;
  private final Placement placement;
  private final ServedZones served;
  private final Prices prices;

  DescribeStock(
      Regions regions,
      AskedMachine machines,
      Placement placement,
      ServedZones served,
      Prices prices) {
    this.machines = machines;
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
    DestinationResource wanted = asked.destinationResource();
    if (wanted == null) {
      wanted = new DestinationResource(null, null, null, null);
    }
    List<Row> rows = rows(region, wanted, decoded, problems);
    SpotWish spot = spot(asked.spotResource(), rows, problems::add);
    DescribeAvailableResourceRequest request = decoded.orThrow(problems);
    String category = Objects.requireNonNull(wanted.category());
    List<Row> sold =
        rows.stream().map(row -> new Row(row.name(), onSale(region, row.options()))).toList();
    return new DescribeAvailableResourceResponse(
        new AvailableZones(
            regions.zonesOf(region).stream()
                .filter(zone -> isAsked(zone, request.zoneId()))
                .map(zone -> zone(region, zone, category, sold, spot))
                .toList()),
        null);
  }

  /** What is looked for under one name. */
  private record Row(String name, List<MachineOption> options) {}

  private List<Row> rows(
      RegionId region,
      DestinationResource wanted,
      Decoded<DescribeAvailableResourceRequest> decoded,
      List<Problem> problems) {
    String category = wanted.category();
    String value = wanted.value();
    boolean ofFamily = FAMILY.equals(category);
    if (category != null && !category.isEmpty() && !ofFamily && !category.equals(INSTANCE_TYPE)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              PREFIX + "Category",
              category,
              "must be InstanceType or InstanceTypeFamily"));
    }
    if (ofFamily) {
      return List.of(family(value, decoded, problems));
    }
    boolean named = value != null && !value.isEmpty();
    if (!named) {
      checkGiven("Cores", wanted.cores(), decoded, problems);
      checkGiven("Memory", wanted.memory(), decoded, problems);
    }
    return machines
        .read(
            region,
            new AskedMachine.Wanted(wanted.cores(), wanted.memory(), value, null, null),
            AskedMachine.Names.OF_STOCK,
            problems::add)
        .stream()
        .map(option -> new Row(option.name(), List.of(option)))
        .toList();
  }

  private Row family(
      @Nullable String family,
      Decoded<DescribeAvailableResourceRequest> decoded,
      List<Problem> problems) {
    checkGiven("Value", family, decoded, problems);
    List<MachineOption> types = family == null ? List.of() : machines.ofFamily(family);
    if (family != null && types.isEmpty()) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_NOT_FOUND,
              PREFIX + "Value",
              family,
              "is no family of instance types here"));
    }
    return new Row(family == null ? "" : family, types);
  }

  private static boolean isAsked(ZoneId zone, @Nullable String asked) {
    return asked == null || asked.isEmpty() || zone.value().equals(asked);
  }

  /**
   * Looks at the hosts.
   *
   * @param zone one zone of the region, null or empty for all of them
   * @param options any of which will do; a create that names them is refused if one has no price
   */
  public List<Stock> of(RegionId region, @Nullable String zone, List<MachineOption> options) {
    List<MachineOption> sold =
        onSale(region, options).size() == options.size() ? options : List.of();
    return regions.zonesOf(region).stream()
        .filter(each -> isAsked(each, zone))
        .map(each -> new Stock(each, status(region, each, sold, false)))
        .toList();
  }

  /** Those that have a price, which is the same in all zones of a region. */
  private List<MachineOption> onSale(RegionId region, List<MachineOption> options) {
    return options.stream()
        .filter(
            option -> prices.isPriced(region, option.metered(option.tariffOf(prices, region), 0)))
        .toList();
  }

  /**
   * @param options those that are on sale
   * @param spot whether spot groups are asked about, which let all others go first
   */
  private Stock.Status status(
      RegionId region, ZoneId zone, List<MachineOption> options, boolean spot) {
    boolean couldBe = false;
    for (MachineOption option : options) {
      for (HostAttempt attempt : option.attempts(0, InstanceType.gpus(option.gpuThousandths()))) {
        // With the disk that every group has.
        PlacementRequest wanted =
            PlacementRequest.inZone(region, zone, attempt.size())
                .withDisk(GroupSpec.DEFAULT_EPHEMERAL_MIB);
        GroupPlace place = attempt.at(new GroupPlace(wanted, null));
        PlacementRequest hosts = placement.completed(served.hostsFor(place.wanted()));
        if (placement.takesNew(hosts, spot)) {
          return Stock.Status.WITH_STOCK;
        }
        couldBe |= placement.explain(hosts).couldEverFit();
      }
    }
    return couldBe ? Stock.Status.WITHOUT_STOCK : Stock.Status.CLOSED_WITHOUT_STOCK;
  }

  private static @Nullable SpotWish spot(
      DescribeAvailableResourceRequest.@Nullable SpotResource asked,
      List<Row> rows,
      Consumer<Problem> problems) {
    if (asked == null) {
      return null;
    }
    return SpotRules.read(
        "SpotResource.",
        asked.spotStrategy(),
        asked.spotPriceLimit(),
        asked.spotDuration(),
        rows.stream().flatMap(row -> row.options().stream()).toList(),
        ErrorCode.INVALID_PARAMETER,
        PREFIX + "Cores",
        problems);
  }

  /** Spot groups have the hosts that others have, where they have a price, within its limit. */
  private Stock.Status spotStatus(
      RegionId region, ZoneId zone, List<MachineOption> options, SpotWish spot) {
    BigDecimal limit = spot.priceLimit();
    boolean priced = false;
    List<MachineOption> affordable = new ArrayList<>();
    for (MachineOption option : options) {
      Optional<Money> price =
          prices.spotPricePerHour(region, zone, option.metered(option.tariffOf(prices, region), 0));
      priced |= price.isPresent();
      if (price.isPresent() && (limit == null || price.get().amount().compareTo(limit) <= 0)) {
        affordable.add(option);
      }
    }
    if (!priced) {
      return Stock.Status.CLOSED_WITHOUT_STOCK;
    }
    if (!affordable.isEmpty()) {
      return status(region, zone, affordable, true);
    }
    Stock.Status status = status(region, zone, options, true);
    return status == Stock.Status.WITH_STOCK ? Stock.Status.WITHOUT_STOCK : status;
  }

  private static void checkGiven(
      String name,
      @Nullable Object value,
      Decoded<DescribeAvailableResourceRequest> decoded,
      List<Problem> problems) {
    if (value == null && !decoded.isUnread(PREFIX + name)) {
      problems.add(Problem.missing(PREFIX + name));
    }
  }

  private AvailableZone zone(
      RegionId region, ZoneId zone, String category, List<Row> rows, @Nullable SpotWish spot) {
    List<SupportedResource> resources =
        rows.stream()
            .map(
                row ->
                    new SupportedResource(
                        (spot == null
                                ? status(region, zone, row.options(), false)
                                : spotStatus(region, zone, row.options(), spot))
                            .wireName(),
                        row.name()))
            .toList();
    return new AvailableZone(
        new AvailableResources(
            List.of(new AvailableResource(new SupportedResources(resources), category))),
        region.value(),
        zone.value());
  }
}
