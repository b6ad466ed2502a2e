package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.billing.PriceBook;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.Prices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Spot groups with a limit that two zones have hosts for, in one of which they cost too much. */
class SpotZonesTest {

  private static final String CHEAP = "cn-hangzhou-b";
  private static final String DEAR = "cn-hangzhou-g";
  private static final String DEAR_WITHOUT_HOSTS = "cn-hangzhou-h";

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "16vCPU/64GiB")
                .with("podyard.spot.notice", "3s")
                .with("podyard.spot.price-check", "1s"));
    price(DEAR, "0.9");
    price(DEAR_WITHOUT_HOSTS, "0.9");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** Spot groups cost this share in a zone from now on. */
  private static void price(String zone, String share) {
    server
        .jdbc()
        .update(
            """
            insert into spot_price (region, zone, share, valid_from)
            values ('cn-hangzhou', ?, ?::numeric, date_trunc('second', now()))
            """,
            zone,
            share);
    PriceBook _ = server.bean(Prices.class).fresh();
  }

  private static Map<String, String> group(int vcpu, String... more) {
    Map<String, String> parameters =
        Groups.shell(
            "sleep 3600", "Cpu=" + vcpu, "Memory=" + 4 * vcpu, "TerminationGracePeriodSeconds=0");
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  /** 2 vCPU and 8 GiB, an hour of which costs 0.1588032 CNY at 0.3, and 0.4764096 at 0.9. */
  private static Map<String, String> limited(String limit, String... more) {
    Map<String, String> parameters =
        group(2, "SpotStrategy=SpotWithPriceLimit", "SpotPriceLimit=" + limit);
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private PodyardCallException refusal(String limit, String... more) {
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, limited(limit, more));
  }

  private String stock(String zone) {
    return groups.stock(
        "ZoneId=" + zone,
        "DestinationResource.Category=InstanceType",
        "DestinationResource.Cores=2",
        "DestinationResource.Memory=8",
        "SpotResource.SpotStrategy=SpotWithPriceLimit",
        "SpotResource.SpotPriceLimit=0.159");
  }

  private void register(String vSwitch, String zone) {
    server
        .jdbc()
        .update(
            "insert into vswitch (account_id, region, id, zone) values (?, 'cn-hangzhou', ?, ?)",
            key.account().value(),
            vSwitch,
            zone);
  }

  private void allGone(List<String> ids) throws Exception {
    ids.forEach(groups::delete);
    server.untilNothingIsReserved();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void aGroupIsMadeWhereItsLimitIsEnoughWhateverOtherZonesCost() throws Exception {
    register("vsw-cheap", CHEAP);
    register("vsw-dear", DEAR);
    List<String> made = new ArrayList<>();
    for (String where : List.of("", "vsw-cheap", "vsw-dear,vsw-cheap", "vsw-new")) {
      String[] more = where.isEmpty() ? new String[0] : new String[] {"VSwitchId=" + where};
      PodyardCallException dry =
          groups.refusal(
              Action.CREATE_CONTAINER_GROUP, with(limited("0.159", more), "DryRun=true"));
      assertThat(dry.errorCode()).as(where).contains(ErrorCode.DRY_RUN_OPERATION);
      assertThat(dry.getMessage()).contains("(0.1588032 CNY per hour)");
      String id = groups.create(limited("0.159", more));
      made.add(id);
      assertThat(groups.untilStatus(id, "Running").zoneId()).as(where).isEqualTo(CHEAP);
    }
    assertThat(List.of(stock(CHEAP), stock(DEAR))).containsExactly("WithStock", "WithoutStock");
    allGone(made);
  }

  private static Map<String, String> with(Map<String, String> parameters, String... more) {
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  @Test
  void aRefusalNamesTheZonesWhereItCouldBeTheirPricesAndTheLimit() {
    register("vsw-of-dear", DEAR);
    for (String dry : List.of("DryRun=false", "DryRun=true")) {
      PodyardCallException everywhere = refusal("0.1", dry);
      assertThat(everywhere.errorCode()).contains(ErrorCode.SPOT_NOT_MATCHED);
      assertThat(everywhere.getMessage())
          .contains(
              "SpotPriceLimit: 0.1 is less than what an hour costs now: 0.1588032 CNY in zone"
                  + " cn-hangzhou-b, 0.4764096 CNY in zone cn-hangzhou-g.");
      for (String place : List.of("ZoneId=" + DEAR, "VSwitchId=vsw-of-dear")) {
        PodyardCallException there = refusal("0.159", place, dry);
        assertThat(there.errorCode()).contains(ErrorCode.SPOT_NOT_MATCHED);
        assertThat(there.getMessage()).contains("now: 0.4764096 CNY in zone cn-hangzhou-g.");
      }
      assertThat(refusal("0.159", "ZoneId=" + DEAR_WITHOUT_HOSTS, dry).getMessage())
          .contains("now: 0.4764096 CNY in zone cn-hangzhou-h.");
    }
  }

  @Test
  void thePriceIsThatOfTheDearestZoneThatTheLimitIsEnoughFor() {
    PriceInfoResponse info =
        Objects.requireNonNull(
            groups
                .client()
                .call(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    Groups.parameters(
                        "Cpu=2",
                        "Memory=8",
                        "SpotStrategy=SpotWithPriceLimit",
                        "SpotPriceLimit=0.159"),
                    DescribeContainerGroupPriceResponse.class)
                .priceInfo());
    assertThat(Objects.requireNonNull(info.price()).tradePrice())
        .isEqualByComparingTo("0.000044112");
    assertThat(Objects.requireNonNull(info.spotPrices()).spotPrice())
        .extracting(PriceInfoResponse.SpotPrice::zoneId)
        .contains(CHEAP, DEAR, DEAR_WITHOUT_HOSTS);
  }

  @Test
  void whoWaitsIsPutInNoZoneAboveItsLimit() throws Exception {
    String fills = groups.create(group(16, "ZoneId=" + CHEAP));
    groups.untilStatus(fills, "Running");
    String limited = groups.create(limited("0.159", "SpotDuration=0"));
    String sheltered = groups.create(limited("0.159", "SpotDuration=1"));
    Waiting.during(
        Duration.ofSeconds(3), () -> List.of(limited, sheltered).stream().allMatch(this::waits));
    assertThat(List.of(zone(limited), zone(sheltered)))
        .as("they may still be in any")
        .containsExactly("none", "none");
    assertThat(refusal("0.159", "DryRun=true").errorCode())
        .contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(List.of(stock(CHEAP), stock(DEAR))).containsOnly("WithoutStock");

    price(DEAR, "0.3");
    assertThat(groups.untilStatus(limited, "Running").zoneId()).isEqualTo(DEAR);
    // It would cost what it cost there when it was made.
    Waiting.during(Duration.ofSeconds(2), () -> waits(sheltered));
    groups.delete(fills);
    assertThat(groups.untilStatus(sheltered, "Running").zoneId()).isEqualTo(CHEAP);
    allGone(List.of(limited, sheltered));
    price(DEAR, "0.9");
  }

  private boolean waits(String id) {
    return groups.get(id).status().equals("Scheduling");
  }

  private static String zone(String id) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select coalesce(zone, 'none') from container_group where id = ?",
                String.class,
                id));
  }
}
