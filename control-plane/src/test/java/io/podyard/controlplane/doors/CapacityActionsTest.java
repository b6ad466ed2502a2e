package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse.AvailableZone;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group would cost and where there is room for one (contract sections 6 and 18). */
class CapacityActionsTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(2, "4vCPU/16GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private PriceInfoResponse.Price price(Map<String, String> parameters) {
    return price(groups, parameters);
  }

  private static PriceInfoResponse.Price price(Groups account, Map<String, String> parameters) {
    PriceInfoResponse info =
        Objects.requireNonNull(
            account
                .client()
                .call(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    parameters,
                    DescribeContainerGroupPriceResponse.class)
                .priceInfo());
    assertThat(Objects.requireNonNull(info.rules()).rule()).isEmpty();
    assertThat(Objects.requireNonNull(info.spotPrices()).spotPrice()).isEmpty();
    return Objects.requireNonNull(info.price());
  }

  private static Map<String, String> size(String cpu, String memory) {
    return Groups.parameters("Cpu=" + cpu, "Memory=" + memory);
  }

  @Test
  void theRecordedRequestOfAStockSdkGetsTheExactPrice() throws IOException {
    PriceInfoResponse.Price price = price(recorded());
    assertThat(price.currency()).isEqualTo("CNY");
    assertThat(price.originalPrice()).isEqualTo(new BigDecimal("0.00012252"));
    assertThat(price.tradePrice())
        .isEqualTo(price.originalPrice().subtract(Objects.requireNonNull(price.discountPrice())));
    List<PriceInfoResponse.DetailInfo> details =
        Objects.requireNonNull(price.detailInfos()).detailInfo();
    assertThat(details)
        .extracting(PriceInfoResponse.DetailInfo::resource)
        .containsExactly("cpu", "memory");
    assertThat(details)
        .extracting(detail -> Objects.requireNonNull(detail.tradePrice()).toPlainString())
        .containsExactly("0.000098", "0.00002452");
  }

  /** The parameters of the captured request that are not of its signature. */
  private static Map<String, String> recorded() throws IOException {
    Set<String> wanted = Set.of("Cpu", "Memory", "RegionId");
    Map<String, String> parameters = new LinkedHashMap<>();
    try (InputStream file =
        Objects.requireNonNull(
            CapacityActionsTest.class.getResourceAsStream(
                "/wire/java-1.0.13-DescribeContainerGroupPrice.txt"))) {
      String line =
          new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
      for (String pair : line.split(" ")[1].substring(2).split("&")) {
        String[] parts = pair.split("=");
        if (wanted.contains(parts[0])) {
          parameters.put(parts[0], parts[1]);
        }
      }
    }
    assertThat(parameters).hasSize(3);
    return parameters;
  }

  @Test
  void aSizeIsRaisedAsThatOfANewGroupIs() {
    assertThat(price(size("7", "13")).tradePrice()).isEqualTo(price(size("8", "14")).tradePrice());
    assertThat(price(Map.of()).tradePrice()).isEqualTo(price(size("2", "4")).tradePrice());
    assertThat(price(Map.of("Cpu", "2")).tradePrice())
        .isEqualTo(price(size("2", "4")).tradePrice());
    assertThat(price(size("0.25", "0.5")).tradePrice()).isEqualTo(new BigDecimal("0.000015315"));
  }

  @Test
  void whatHasNoPriceOrCannotBeHadIsRefusedByName() {
    assertThat(refusedPrice("Cpu=2", "Memory=4", "EphemeralStorage=20").getMessage())
        .contains("no price for item ephemeral-storage", "cn-hangzhou");
    PodyardCallException large = refusedPrice("Cpu=65", "Memory=1");
    assertThat(large.errorCode()).contains(ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC);
    assertThat(large.getMessage()).contains("Cpu: ").contains("65");
    for (String refused :
        List.of(
            "InstanceType=ecs.none.large",
            "SpotStrategy=SpotSometimes",
            "ComputeCategory=cheap",
            "ZoneId=mars")) {
      assertThat(refusedPrice("Cpu=2", "Memory=4", refused).getMessage())
          .contains(refused.substring(0, refused.indexOf('=')) + ": ");
    }
    assertThat(
            price(
                    Groups.parameters(
                        "Cpu=2",
                        "Memory=4",
                        "EphemeralStorage=0",
                        "SpotStrategy=NoSpot",
                        "ZoneId=cn-hangzhou-b"))
                .tradePrice())
        .isEqualTo(new BigDecimal("0.00012252"));
  }

  private PodyardCallException refusedPrice(String... parameters) {
    return groups.refusal(Action.DESCRIBE_CONTAINER_GROUP_PRICE, Groups.parameters(parameters));
  }

  @Test
  void theDiscountsOfTheAccountAreTakenOff() {
    TestServer.Key key = server.newAccount();
    agreed(key, "discounts", "\"id\": \"ten\", \"items\": \"*\", \"share\": \"0.9\"");
    agreed(key, "discounts", "\"id\": \"half\", \"items\": \"memory\", \"share\": \"0.5\"");
    agreed(
        key,
        "savingsPlans",
        """
        "id": "plan", "currency": "CNY", "perHour": "10", "years": "1",
        "rates": [{"items": "vcpu", "share": "0.1"}]\
        """);
    Groups account = Groups.of(server, key);

    PriceInfoResponse.Price price = price(account, size("2", "4"));
    assertThat(price.originalPrice()).isEqualByComparingTo("0.00012252");
    assertThat(price.tradePrice()).isEqualByComparingTo("0.00010046");
    assertThat(price.discountPrice()).isEqualByComparingTo("0.00002206");
    assertThat(Objects.requireNonNull(price.detailInfos()).detailInfo())
        .extracting(
            detail -> Objects.requireNonNull(detail.originalPrice()).toPlainString(),
            detail -> Objects.requireNonNull(detail.discountPrice()).toPlainString(),
            detail -> Objects.requireNonNull(detail.tradePrice()).toPlainString())
        .containsExactly(
            tuple("0.000098", "0.0000098", "0.0000882"),
            tuple("0.00002452", "0.00001226", "0.00001226"));
    assertThat(
            account
                .refusal(
                    Action.CREATE_CONTAINER_GROUP,
                    Groups.shell("true", "Cpu=2", "Memory=4", "DryRun=true"))
                .getMessage())
        .contains(
            "The group would cost 0.00010046 CNY per second (0.361656 CNY per hour);"
                + " the full price is 0.00012252 CNY per second.");
    assertThat(price(size("2", "4")).discountPrice()).as("of another account").isZero();
  }

  /** As what was agreed on in time. */
  private static void agreed(TestServer.Key key, String kind, String terms) {
    server
        .jdbc()
        .execute(
            """
            do $$ declare
              began text := to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24":00:00Z"');
            begin
              alter table agreement disable trigger begun_agreement_stays;
              insert into agreement (account_id, id, kind, document, from_hour, created_by)
              select '%1$s', d ->> 'id', '%2$s', d, began::timestamptz, 'test'
              from (select '{%3$s}'::jsonb || jsonb_build_object('from', began) as d) documents;
              alter table agreement enable trigger begun_agreement_stays;
            end $$
            """
                .formatted(key.account(), kind, terms));
  }

  private List<AvailableZone> zones(String cores, String memory, String... more) {
    Map<String, String> parameters =
        Groups.parameters(
            "DestinationResource.Category=InstanceType",
            "DestinationResource.Cores=" + cores,
            "DestinationResource.Memory=" + memory);
    parameters.putAll(Groups.parameters(more));
    return Objects.requireNonNull(
            groups
                .client()
                .call(
                    Action.DESCRIBE_AVAILABLE_RESOURCE,
                    parameters,
                    DescribeAvailableResourceResponse.class)
                .availableZones())
        .availableZone();
  }

  private static String stock(AvailableZone zone) {
    DescribeAvailableResourceResponse.AvailableResource resource =
        Objects.requireNonNull(zone.availableResources()).availableResource().getFirst();
    assertThat(resource.type()).isEqualTo("InstanceType");
    DescribeAvailableResourceResponse.SupportedResource row =
        Objects.requireNonNull(resource.supportedResources()).supportedResource().getFirst();
    return row.value() + " " + row.statusCategory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "4", "8"})
  void stockIsWhatADryRunFinds(String cores) {
    String memory = "" + 2 * Integer.parseInt(cores);
    String host = null;
    String full = null;
    for (int round = 0; round < 2; round++) {
      List<AvailableZone> zones = zones(cores, memory);
      assertThat(zones).extracting(AvailableZone::zoneId).contains("cn-hangzhou-b").hasSize(6);
      for (AvailableZone zone : zones) {
        ErrorCode dryRun =
            groups
                .refusal(
                    Action.CREATE_CONTAINER_GROUP,
                    Groups.shell(
                        "true",
                        "DryRun=true",
                        "Cpu=" + cores,
                        "Memory=" + memory,
                        "ZoneId=" + zone.zoneId()))
                .errorCode()
                .orElseThrow();
        assertThat(stock(zone).endsWith(" WithStock"))
            .as("%s: %s", stock(zone), dryRun)
            .isEqualTo(dryRun == ErrorCode.DRY_RUN_OPERATION);
      }
      if (round == 0) {
        assertThat(stock(zones.getFirst()))
            .isEqualTo(
                "%s-%sGi %s"
                    .formatted(
                        cores, memory, cores.equals("8") ? "ClosedWithoutStock" : "WithStock"));
        host = groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=8"));
        full = groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=8"));
      } else {
        assertThat(stock(zones.getFirst()))
            .endsWith(cores.equals("8") ? " ClosedWithoutStock" : " WithoutStock");
      }
    }
    for (String id : List.of(Objects.requireNonNull(host), Objects.requireNonNull(full))) {
      groups.delete(id, "Force=true");
      groups.untilGone(id);
    }
    Waiting.until("room again", () -> stock(zones("4", "8").getFirst()).endsWith(" WithStock"));
  }

  @Test
  void oneZoneCanBeAskedForAndSizesAreRaised() {
    assertThat(zones("1.5", "3", "ZoneId=cn-hangzhou-b"))
        .singleElement()
        .satisfies(
            zone -> {
              assertThat(zone.zoneId()).isEqualTo("cn-hangzhou-b");
              assertThat(zone.regionId()).isEqualTo("cn-hangzhou");
              assertThat(stock(zone)).isEqualTo("2-4Gi WithStock");
            });
  }

  @Test
  void allThatIsWrongWithAQuestionForStockIsSaid() {
    PodyardCallException refused =
        groups.refusal(
            Action.DESCRIBE_AVAILABLE_RESOURCE,
            Groups.parameters(
                "DestinationResource.Category=InstanceType",
                "DestinationResource.Cores=100",
                "SpotResource.SpotStrategy=SpotSometimes",
                "ZoneId=mars"));
    assertThat(refused.getMessage())
        .contains(
            "DestinationResource.Cores: ",
            "DestinationResource.Memory: ",
            "SpotResource.SpotStrategy: ",
            "ZoneId: ");
    assertThat(groups.refusal(Action.DESCRIBE_AVAILABLE_RESOURCE, Map.of()).getMessage())
        .contains("DestinationResource");
    assertThat(refusedStock("InstanceTypeFamily", "ecs.none").errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(refusedStock("InstanceType", "ecs.none.large").getMessage())
        .contains("DestinationResource.Value: must name instance types that there are");
    assertThat(refusedStock("Strange", "ecs.c6").getMessage())
        .contains("DestinationResource.Category: ");
  }

  private PodyardCallException refusedStock(String category, String value) {
    return groups.refusal(
        Action.DESCRIBE_AVAILABLE_RESOURCE,
        Groups.parameters(
            "DestinationResource.Category=" + category, "DestinationResource.Value=" + value));
  }
}
