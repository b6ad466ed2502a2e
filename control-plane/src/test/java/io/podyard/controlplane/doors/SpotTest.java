package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.price.PriceInfoResponse;
import io.podyard.api.template.ExportContainerGroupTemplateResponse;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Spot groups on spare capacity, which give way to groups that pay in full. */
class SpotTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "16vCPU/64GiB")
                .with("podyard.spot.notice", "3s")
                .with("podyard.spot.price-check", "1s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Map<String, String> group(String vcpu, String... more) {
    List<String> all = new ArrayList<>(List.of("Cpu=" + vcpu, "TerminationGracePeriodSeconds=0"));
    all.add("Memory=" + new BigDecimal(vcpu).multiply(new BigDecimal(4)).toPlainString());
    all.addAll(List.of(more));
    return Groups.shell("sleep 3600", all.toArray(String[]::new));
  }

  private static Map<String, String> spot(String vcpu, int hours) {
    return group(vcpu, "SpotStrategy=SpotAsPriceGo", "SpotDuration=" + hours);
  }

  private void allGone(String... ids) throws Exception {
    for (String id : ids) {
      groups.delete(id);
    }
    server.untilNothingIsReserved();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void theFewestGiveWayAfterTheirNoticeAndTheRoomIsThePayingGroups() throws Exception {
    String small = groups.create(spot("4", 0));
    String large = groups.create(spot("8", 0));
    String sheltered = groups.create(spot("4", 1));
    for (String id : List.of(small, large, sheltered)) {
      groups.untilStatus(id, "Running");
    }
    Groups others = Groups.ofNewAccount(server);
    Instant before = Instant.now();
    String paying = others.create(group("8"));
    String rival = groups.create(spot("8", 0));

    Waiting.until("a notice", () -> events(large).contains("SpotToBeReleased"));
    assertThat(groups.get(large).status()).as("it has its time").isEqualTo("Running");
    others.untilStatus(paying, "Running");
    groups.untilStatus(large, "Expired");
    assertThat(Instant.now()).isAfter(before.plusSeconds(3));
    assertThat(groups.get(small).status()).isEqualTo("Running");
    assertThat(groups.get(sheltered).status()).isEqualTo("Running");
    assertThat(groups.get(rival).status()).as("spot displaces nobody").isEqualTo("Scheduling");
    assertThat(events(large)).contains("SpotReleased");
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    """
                    select final_at >= release_at and noticed_at + interval '3 s' = release_at
                      and gives_way_to = ?
                    from container_group g join spot_group s on s.group_id = g.id where id = ?
                    """,
                    Boolean.class,
                    paying,
                    large))
        .isTrue();
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select count(*) from usage_interval where group_id = ? and ended_at is null",
                    Integer.class,
                    large))
        .as("it is not charged any more")
        .isZero();
    groups.delete(large);
    others.delete(paying);
    allGone(small, sheltered, rival);
  }

  @Test
  void theRoomOfOneHostGoesToEachOfThoseThatWaitForIt() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(groups.create(spot("4", 0)));
    }
    all.forEach(id -> groups.untilStatus(id, "Running"));
    List<String> paying =
        List.of(groups.create(group("4")), groups.create(group("4")), groups.create(group("2")));
    // All have their notices at once: nobody waits for a second one.
    Waiting.until(
        "all notices",
        () -> all.stream().filter(id -> events(id).contains("SpotToBeReleased")).count() == 3);
    paying.forEach(id -> groups.untilStatus(id, "Running"));
    assertThat(all.stream().filter(id -> groups.get(id).status().equals("Expired"))).hasSize(3);
    paying.forEach(groups::delete);
    allGone(all.toArray(String[]::new));
  }

  @Test
  void nobodyLeavesForTheAddressThatAnotherWillHave() throws Exception {
    TestServer.Key key = server.newAccount();
    Groups mine = Groups.of(server, key);
    server
        .jdbc()
        .update(
            """
            insert into vswitch (account_id, region, id, zone, cidr)
            values (?, 'cn-hangzhou', 'vsw-four', 'cn-hangzhou-b', '192.168.77.0/29')
            """,
            key.account().value());
    List<String> small = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      small.add(mine.create(group("0.25", "VSwitchId=vsw-four")));
    }
    String large = groups.create(spot("8", 0));
    String other = groups.create(spot("4", 0));
    groups.untilStatus(large, "Running");
    groups.untilStatus(other, "Running");
    String first = mine.create(group("8", "VSwitchId=vsw-four"));
    String second = mine.create(group("4", "VSwitchId=vsw-four"));

    mine.untilStatus(first, "Running");
    groups.untilStatus(large, "Expired");
    Waiting.until(
        "the other tells why", () -> message(second).startsWith("None of the 4 addresses of"));
    assertThat(events(other)).doesNotContain("SpotToBeReleased");

    mine.delete(small.getFirst());
    mine.untilStatus(second, "Running");
    groups.untilStatus(other, "Expired");
    List.of(first, second, small.get(1), small.get(2)).forEach(mine::delete);
    allGone(large, other);
  }

  @Test
  void protectedGroupsStayAndADeletedOneGivesWayAtOnce() throws Exception {
    String sheltered = groups.create(spot("16", 1));
    groups.untilStatus(sheltered, "Running");
    String paying = groups.create(group("8"));
    Waiting.during(Duration.ofSeconds(3), () -> groups.get(paying).status().equals("Scheduling"));
    assertThat(events(sheltered)).doesNotContain("SpotToBeReleased");
    groups.delete(sheltered);
    groups.untilStatus(paying, "Running");

    // One that is deleted during its notice is deleted, not Expired.
    String second = groups.create(spot("8", 0));
    groups.untilStatus(second, "Running");
    String more = groups.create(group("8"));
    Waiting.until("a notice", () -> events(second).contains("SpotToBeReleased"));
    groups.delete(second);
    groups.untilStatus(more, "Running");
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select status from container_group_history where id = ?",
                    String.class,
                    second))
        .isNotEqualTo(List.of("Expired"));
    allGone(paying, more);
  }

  /** As if its hours were over. */
  private static void endProtection(String group) {
    assertThat(
            server
                .jdbc()
                .update("update spot_group set protected_until = now() where group_id = ?", group))
        .isEqualTo(1);
  }

  private static String releaseReason(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select release_reason from spot_group where group_id = ?", String.class, group));
  }

  @Test
  void aGroupGivesWayToWhoWaitsForItsRoomOnceItsProtectionIsOver() throws Exception {
    String sheltered = groups.create(spot("16", 1));
    groups.untilStatus(sheltered, "Running");
    String paying = groups.create(group("8"));
    Waiting.during(Duration.ofSeconds(3), () -> groups.get(paying).status().equals("Scheduling"));
    assertThat(events(sheltered)).doesNotContain("SpotToBeReleased");

    endProtection(sheltered);
    Waiting.until("a notice", () -> events(sheltered).contains("SpotToBeReleased"));
    assertThat(groups.get(sheltered).status()).as("it has its time").isEqualTo("Running");
    groups.untilStatus(paying, "Running");
    groups.untilStatus(sheltered, "Expired");
    assertThat(events(sheltered)).contains("SpotReleased");
    assertThat(releaseReason(sheltered)).isEqualTo("CAPACITY");
    allGone(sheltered, paying);
  }

  @Test
  void aPriceAboveTheLimitReleasesAProtectedGroupOnceItsProtectionIsOver() throws Exception {
    String plain = groups.create(limited("cn-hangzhou-i", 0));
    String sheltered = groups.create(limited("cn-hangzhou-i", 1));
    groups.untilStatus(plain, "Running");
    groups.untilStatus(sheltered, "Running");
    price("cn-hangzhou-i", "0.9");
    groups.untilStatus(plain, "Expired");
    assertThat(events(sheltered)).as("the price is seen").doesNotContain("SpotToBeReleased");
    assertThat(groups.get(sheltered).status()).isEqualTo("Running");

    endProtection(sheltered);
    groups.untilStatus(sheltered, "Expired");
    assertThat(events(sheltered)).contains("SpotToBeReleased", "SpotReleased");
    assertThat(releaseReason(sheltered)).isEqualTo("PRICE");
    allGone(plain, sheltered);
  }

  @Test
  void aPriceAboveTheLimitReleasesAGroupThatIsNotProtected() throws Exception {
    // 2 vCPU and 8 GiB at 0.3: 3600 x 0.3 x (2 x 0.000049 + 8 x 0.00000613) = 0.1588032
    String limited = groups.create(limited("cn-hangzhou-g", 0));
    ContainerGroupResponse shown = groups.get(limited);
    assertThat(shown.spotStrategy()).isEqualTo("SpotWithPriceLimit");
    assertThat(shown.spotPriceLimit()).isEqualByComparingTo("0.159");
    groups.untilStatus(limited, "Running");
    assertThat(refusal("0.158")).isEqualTo(ErrorCode.SPOT_NOT_MATCHED.code());
    price("cn-hangzhou-g", "0.9");
    groups.untilStatus(limited, "Expired");
    assertThat(events(limited)).contains("SpotToBeReleased", "SpotReleased");
    assertThat(releaseReason(limited)).isEqualTo("PRICE");
    allGone(limited);
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
  }

  private static Map<String, String> limited(String zone, int hours) {
    return group(
        "2",
        "SpotStrategy=SpotWithPriceLimit",
        "SpotPriceLimit=0.159",
        "SpotDuration=" + hours,
        "ZoneId=" + zone);
  }

  @Test
  void whoWaitsGetsNoHostWhileThePriceIsAboveItsLimit() throws Exception {
    String fills = groups.create(group("16"));
    groups.untilStatus(fills, "Running");
    String limited = groups.create(limited("cn-hangzhou-h", 0));
    String late = groups.create(limited("cn-hangzhou-h", 0));
    String sheltered = groups.create(limited("cn-hangzhou-h", 1));
    price("cn-hangzhou-h", "0.9");
    for (String id : List.of(limited, late)) {
      Waiting.until(
          "it says why",
          () ->
              message(id)
                  .equals(
                      "An hour of it costs 0.4764096 CNY now, which is more than its"
                          + " SpotPriceLimit of 0.159."));
    }
    groups.delete(fills);
    groups.untilStatus(sheltered, "Running");
    Waiting.during(Duration.ofSeconds(3), () -> groups.get(limited).status().equals("Scheduling"));
    assertThat(events(limited)).doesNotContain("SpotToBeReleased");

    server.jdbc().update("update container_group set deadline_at = now() where id = ?", late);
    groups.untilStatus(late, "ScheduleFailed");
    assertThat(message(late)).startsWith("It got no host in time. An hour of it costs ");

    price("cn-hangzhou-h", "0.3");
    groups.untilStatus(limited, "Running");
    allGone(limited, late, sheltered);
  }

  private static String message(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select message from container_group where id = ?", String.class, group));
  }

  private String refusal(String limit) {
    return String.valueOf(
        groups
            .refusal(
                Action.CREATE_CONTAINER_GROUP,
                group(
                    "2",
                    "SpotStrategy=SpotWithPriceLimit",
                    "SpotPriceLimit=" + limit,
                    "ZoneId=cn-hangzhou-g"))
            .code());
  }

  @Test
  void whatIsWrongWithASpotGroupIsRefusedByName() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "SpotStrategy=SpotSometimes", "SpotStrategy: ",
            "SpotStrategy=SpotWithPriceLimit", "SpotPriceLimit",
            "SpotStrategy=SpotWithPriceLimit&SpotPriceLimit=0.1234", "SpotPriceLimit: ",
            "SpotStrategy=SpotAsPriceGo&SpotPriceLimit=1", "SpotPriceLimit: ",
            "SpotPriceLimit=1", "SpotPriceLimit: ",
            "SpotStrategy=SpotAsPriceGo&SpotDuration=7", "SpotDuration: ",
            "SpotStrategy=SpotAsPriceGo&StrictSpot=true", "StrictSpot: ");
    wrong.forEach(
        (sent, named) ->
            assertThat(
                    groups
                        .refusal(Action.CREATE_CONTAINER_GROUP, group("2", sent.split("&")))
                        .getMessage())
                .contains(named));
    PodyardCallException size =
        groups.refusal(
            Action.CREATE_CONTAINER_GROUP,
            Groups.shell("sleep 1", "Cpu=6", "Memory=8", "SpotStrategy=SpotAsPriceGo"));
    assertThat(size.errorCode()).contains(ErrorCode.INVALID_SPOT_CPU_MEMORY_SPEC);
    PodyardCallException dry =
        groups.refusal(
            Action.CREATE_CONTAINER_GROUP,
            group("2", "ZoneId=cn-hangzhou-b", "SpotStrategy=SpotAsPriceGo", "DryRun=true"));
    assertThat(dry.errorCode()).contains(ErrorCode.DRY_RUN_OPERATION);
    // Three tenths of 2 vCPU and 8 GiB.
    assertThat(dry.getMessage())
        .contains(
            "The group would cost 0.000044112 CNY per second (0.1588032 CNY per hour);"
                + " the full price is 0.00014704 CNY per second.");
  }

  @Test
  void priceAndStockTellWhatSpotGroupsGet() throws Exception {
    PriceInfoResponse info =
        Objects.requireNonNull(
            groups
                .call(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    DescribeContainerGroupPriceResponse.class,
                    "Cpu=2",
                    "Memory=4",
                    "ZoneId=cn-hangzhou-b",
                    "SpotStrategy=SpotAsPriceGo")
                .priceInfo());
    PriceInfoResponse.Price price = Objects.requireNonNull(info.price());
    assertThat(price.originalPrice()).isEqualByComparingTo("0.00012252");
    assertThat(price.tradePrice()).isEqualByComparingTo("0.000036756");
    assertThat(price.discountPrice()).isEqualByComparingTo("0.000085764");
    assertThat(Objects.requireNonNull(info.spotPrices()).spotPrice())
        .containsExactly(
            new PriceInfoResponse.SpotPrice(
                "2-4Gi", new BigDecimal("0.441072"), new BigDecimal("0.1323216"), "cn-hangzhou-b"));
    assertThat(stock("SpotResource.SpotStrategy=SpotAsPriceGo")).isEqualTo("WithStock");
    assertThat(
            stock(
                "SpotResource.SpotStrategy=SpotWithPriceLimit", "SpotResource.SpotPriceLimit=0.1"))
        .isEqualTo("WithoutStock");
  }

  @Test
  void anInstanceTypeCanBeSpotAndEconomyCannot() throws Exception {
    PriceInfoResponse info =
        Objects.requireNonNull(
            groups
                .call(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    DescribeContainerGroupPriceResponse.class,
                    "InstanceType=ecs.g6.26xlarge",
                    "ZoneId=cn-hangzhou-b",
                    "SpotStrategy=SpotAsPriceGo")
                .priceInfo());
    PriceInfoResponse.Price price = Objects.requireNonNull(info.price());
    assertThat(price.tradePrice())
        .isEqualByComparingTo(
            Objects.requireNonNull(price.originalPrice()).multiply(new BigDecimal("0.3")));
    for (Action action :
        List.of(Action.CREATE_CONTAINER_GROUP, Action.DESCRIBE_CONTAINER_GROUP_PRICE)) {
      Map<String, String> economy =
          action == Action.CREATE_CONTAINER_GROUP
              ? group("2", "ComputeCategory.1=economy", "SpotStrategy=SpotAsPriceGo")
              : Groups.parameters(
                  "Cpu=2", "Memory=4", "ComputeCategory=economy", "SpotStrategy=SpotAsPriceGo");
      assertThat(groups.refusal(action, economy).errorCode())
          .contains(ErrorCode.FEATURE_BASED_CONSTRAINT_CONFLICT);
    }
    String typed =
        groups.create(
            Groups.shell("sleep 3600", "InstanceType=ecs.g6.large", "SpotStrategy=SpotAsPriceGo"));
    groups.untilStatus(typed, "Running");
    allGone(typed);
  }

  private String stock(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "DestinationResource.Category=InstanceType",
                "DestinationResource.Cores=2",
                "DestinationResource.Memory=4",
                "ZoneId=cn-hangzhou-b"));
    all.addAll(List.of(more));
    return groups.stock(all.toArray(String[]::new));
  }

  @Test
  void aTemplateOfASpotGroupMakesAnother() throws Exception {
    String id = groups.create(spot("2", 1));
    String template =
        String.valueOf(
            groups.call(
                Action.EXPORT_CONTAINER_GROUP_TEMPLATE,
                ExportContainerGroupTemplateResponse.class,
                "ContainerGroupId=" + id));
    assertThat(template).contains("SpotAsPriceGo");
    allGone(id);
  }

  private String events(String group) {
    return String.join(
        " ",
        server
            .jdbc()
            .queryForList(
                "select reason from group_event where group_id = ?", String.class, group));
  }
}
