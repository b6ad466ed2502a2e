package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Zones without hosts and vSwitches that nobody knows, where the settings refuse both. */
class StrictZonesTest {

  private static final String B = "cn-hangzhou-b";
  private static final String G = "cn-hangzhou-g";
  private static final String EMPTY = "cn-hangzhou-j";

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "4vCPU/8GiB")
                .with("podyard.zones-without-hosts", "refused")
                .with("podyard.vswitches", "strict"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private PodyardCallException refusal(String... more) {
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, Groups.shell("sleep infinity", more));
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

  private List<@Nullable String> vSwitches() {
    return server
        .jdbc()
        .queryForList(
            "select id || ' ' || zone from vswitch where account_id = ? order by id",
            String.class,
            key.account().value());
  }

  @Test
  void zonesWithoutHostsAreUnavailable() {
    assertThat(groups.call(Action.DESCRIBE_REGIONS, DescribeRegionsResponse.class).regions())
        .singleElement()
        .satisfies(
            region -> {
              assertThat(region.recommendZones()).containsExactly(B, G);
              assertThat(region.unavailableZones())
                  .containsExactly("cn-hangzhou-h", "cn-hangzhou-i", EMPTY, "cn-hangzhou-k");
            });
  }

  @Test
  void aZoneWithoutHostsIsRefusedAtOnceWithTheZonesThatHaveSome() {
    for (String dryRun : List.of("DryRun=false", "DryRun=true")) {
      PodyardCallException refused = refusal("ZoneId=" + EMPTY, dryRun);
      assertThat(refused.errorCode()).contains(ErrorCode.ZONE_NOT_ON_SALE);
      assertThat(refused.getMessage()).contains("ZoneId", EMPTY, "are " + B + ", " + G);
    }
    assertThat(groups.list().totalCount()).isZero();

    register("vsw-old", EMPTY);
    register("vsw-new", B);
    PodyardCallException refused = refusal("VSwitchId=vsw-old");
    assertThat(refused.errorCode()).contains(ErrorCode.ZONE_NOT_ON_SALE);
    assertThat(refused.getMessage()).contains("VSwitchId", "vsw-old", EMPTY, B, G);
    // Another vSwitch that is given as well may do.
    assertCreated(B, "VSwitchId=vsw-old,vsw-new");
  }

  @Test
  void aVSwitchThatIsNotRegisteredIsRefusedByItsNameAndStaysUnknown() {
    register("vsw-1", G);
    for (String more : List.of("DryRun=false", "DryRun=true", "ZoneId=" + B)) {
      PodyardCallException refused = refusal("VSwitchId=vsw-1,vsw-x,vsw-y", more);
      assertThat(refused.errorCode()).contains(ErrorCode.INVALID_PARAMETER);
      assertThat(refused.getMessage())
          .contains("VSwitchId: ", "vsw-x", "vsw-y", "is not a vSwitch of this account");
    }
    assertThat(vSwitches()).containsExactly("vsw-1 " + G);
    assertThat(groups.list().totalCount()).isZero();
    assertCreated(G, "VSwitchId=vsw-1");
  }

  private void assertCreated(String zone, String... more) {
    String id = groups.create(Groups.shell("sleep infinity", more));
    ContainerGroupResponse group = groups.get(id);
    assertThat(group.zoneId()).isEqualTo(zone);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
  }
}
