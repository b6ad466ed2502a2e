package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.billing.PriceBook;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.PlacementRequest;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code DescribeAvailableResource} tells of spot groups and of shares of GPUs is what a dry
 * run finds in each zone. Two zones have a host with a GPU; in one of them spot is dear.
 */
class StockAndDryRunTest {

  private static final String CHEAP = "cn-hangzhou-b";
  private static final String DEAR = "cn-hangzhou-g";
  private static final PlacementRequest WHOLE_HOST =
      PlacementRequest.anywhereIn(new RegionId("cn-hangzhou"), Size.of(32_000, 256 * 1_024))
          .withGpus(GpuRequest.whole(1));

  /** More than there is room for. */
  private static final int MOST = 4;

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);
  private final List<String> made = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "32vCPU/256GiB")
                .withGpus("1xA10")
                .with("podyard.example-prices", "true"));
    server
        .jdbc()
        .update(
            """
            insert into spot_price (region, zone, share, valid_from)
            values ('cn-hangzhou', ?, 0.9, date_trunc('second', now()))
            """,
            DEAR);
    PriceBook _ = server.bean(Prices.class).fresh();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void allGone() throws Exception {
    for (String id : made) {
      groups.delete(id, "Force=true");
    }
    server.untilNothingIsReserved();
    Waiting.until(
        "the hosts are empty",
        () -> server.bean(Placement.class).explain(WHOLE_HOST).hostsFitting() == 2);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  /** A size or an instance type, as it is asked for. */
  private static Map<String, String> what(String name) {
    int dash = name.indexOf('-');
    return name.startsWith("ecs.")
        ? Groups.parameters("InstanceType=" + name)
        : Groups.parameters("Cpu=" + name.substring(0, dash), "Memory=" + name.substring(dash + 1));
  }

  /** The same as a question for stock. */
  private static Map<String, String> stockOf(String name) {
    Map<String, String> parameters = Groups.parameters("DestinationResource.Category=InstanceType");
    int dash = name.indexOf('-');
    parameters.putAll(
        name.startsWith("ecs.")
            ? Groups.parameters("DestinationResource.Value=" + name)
            : Groups.parameters(
                "DestinationResource.Cores=" + name.substring(0, dash),
                "DestinationResource.Memory=" + name.substring(dash + 1)));
    return parameters;
  }

  /** How it is to be paid; a limit is enough in the cheap zone, and not in the dear one. */
  private Map<String, String> paid(String name, String strategy) {
    Map<String, String> spot = Groups.parameters("SpotStrategy=" + strategy);
    if (strategy.equals("SpotWithPriceLimit")) {
      spot.put("SpotPriceLimit", cheapHour(name).setScale(3, RoundingMode.CEILING).toPlainString());
    }
    return spot;
  }

  private BigDecimal cheapHour(String name) {
    Map<String, String> parameters = what(name);
    parameters.putAll(Groups.parameters("ZoneId=" + CHEAP, "SpotStrategy=SpotAsPriceGo"));
    PriceInfoResponse info =
        Objects.requireNonNull(
            groups
                .client()
                .call(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    parameters,
                    DescribeContainerGroupPriceResponse.class)
                .priceInfo());
    return Objects.requireNonNull(
        Objects.requireNonNull(info.spotPrices()).spotPrice().getFirst().spotPrice());
  }

  private Map<String, String> stock(String name, Map<String, String> paid) {
    Map<String, String> parameters = stockOf(name);
    paid.forEach((field, value) -> parameters.put("SpotResource." + field, value));
    Map<String, String> status = new LinkedHashMap<>();
    Objects.requireNonNull(
            groups
                .client()
                .call(
                    Action.DESCRIBE_AVAILABLE_RESOURCE,
                    parameters,
                    DescribeAvailableResourceResponse.class)
                .availableZones())
        .availableZone()
        .forEach(
            zone ->
                status.put(
                    String.valueOf(zone.zoneId()),
                    String.valueOf(
                        Objects.requireNonNull(
                                Objects.requireNonNull(zone.availableResources())
                                    .availableResource()
                                    .getFirst()
                                    .supportedResources())
                            .supportedResource()
                            .getFirst()
                            .statusCategory())));
    return status;
  }

  private Map<String, String> group(String name, Map<String, String> paid, String... more) {
    Map<String, String> parameters = Groups.shell("sleep infinity", more);
    parameters.putAll(what(name));
    parameters.putAll(paid);
    if (name.startsWith("ecs.")) {
      parameters.keySet().removeAll(Set.of("Cpu", "Memory"));
    }
    return parameters;
  }

  private boolean dryRunSucceeds(Map<String, String> group) {
    return groups
        .refusal(Action.CREATE_CONTAINER_GROUP, group)
        .errorCode()
        .equals(Optional.of(ErrorCode.DRY_RUN_OPERATION));
  }

  /** Asks of all zones in both ways; answers those that have stock. */
  private Set<String> withStock(String name, Map<String, String> paid) {
    Set<String> some = new TreeSet<>();
    Map<String, String> stock = stock(name, paid);
    assertThat(stock).containsKeys(CHEAP, DEAR).hasSize(6);
    stock.forEach(
        (zone, status) -> {
          boolean succeeds = dryRunSucceeds(group(name, paid, "ZoneId=" + zone, "DryRun=true"));
          assertThat(status.equals("WithStock")).as(zone + " " + status).isEqualTo(succeeds);
          if (succeeds) {
            some.add(zone);
          }
        });
    // Without a zone it may be in those that have hosts.
    assertThat(dryRunSucceeds(group(name, paid, "DryRun=true")))
        .isEqualTo(some.contains(CHEAP) || some.contains(DEAR));
    return some;
  }

  @ParameterizedTest
  @CsvSource({
    "16-64, SpotAsPriceGo",
    "16-64, SpotWithPriceLimit",
    "ecs.vgn7i-vws-m8.2xlarge, NoSpot",
    "ecs.vgn7i-vws-m8.2xlarge, SpotAsPriceGo",
    "ecs.vgn7i-vws-m8.2xlarge, SpotWithPriceLimit"
  })
  void stockIsWhatADryRunFinds(String name, String strategy) {
    Map<String, String> paid = paid(name, strategy);
    boolean limited = strategy.equals("SpotWithPriceLimit");
    Set<String> some = withStock(name, paid);
    assertThat(some).contains(CHEAP);
    assertThat(some.contains(DEAR)).isEqualTo(!limited);
    while (some.contains(CHEAP)) {
      assertThat(made).hasSizeLessThan(MOST);
      made.add(groups.create(group(name, Map.of(), "ZoneId=" + CHEAP)));
      groups.untilStatus(made.getLast(), "Running");
      some = withStock(name, paid);
    }
    assertThat(made).hasSizeGreaterThan(1);
    assertThat(some.contains(DEAR)).as("the other host is empty").isEqualTo(!limited);
  }
}
