package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.region.DescribeRegionsResponse;
import io.podyard.api.region.RegionResponse;
import io.podyard.controlplane.containergroup.KnownGroups;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Zones and vSwitches (contract sections 11 and 15) where only two of the region's six zones have a
 * host, b and g.
 */
class ZonesTest {

  private static final String B = "cn-hangzhou-b";
  private static final String G = "cn-hangzhou-g";
  private static final String EMPTY = "cn-hangzhou-j";

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);
  private final Collection<String> created = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(2, "4vCPU/8GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** The hosts are small: no test leaves anything to the next. */
  @AfterEach
  void deleteAll() {
    created.stream()
        .filter(id -> groups.find(id).isPresent())
        .forEach(id -> groups.delete(id, "Force=true"));
    created.forEach(groups::untilGone);
    Waiting.until("both hosts are empty", () -> hostsWithRoom(4000, 8192) == 2);
  }

  private static int hostsWithRoom(int milliCpu, int mib) {
    return server
        .bean(Placement.class)
        .explain(PlacementRequest.anywhereIn(new RegionId("cn-hangzhou"), Size.of(milliCpu, mib)))
        .hostsFitting();
  }

  private ContainerGroupResponse create(String... more) {
    String id = groups.create(Groups.shell("sleep infinity", more));
    created.add(id);
    return groups.get(id);
  }

  private PodyardCallException refusal(String... more) {
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, Groups.shell("sleep infinity", more));
  }

  private void assertPlace(ContainerGroupResponse group, String zone, String vSwitch) {
    assertThat(group.zoneId()).isEqualTo(zone);
    assertThat(group.vSwitchId()).isEqualTo(vSwitch);
    // Where the group really runs in a vSwitch, this one counts.
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select spec -> 'vSwitch' ->> 'value' from container_group where id = ?",
                    String.class,
                    group.containerGroupId()))
        .isEqualTo(vSwitch);
    assertThat(groups.list("ZoneId=" + zone, "VSwitchId=" + vSwitch).containerGroups())
        .extracting(ContainerGroupResponse::containerGroupId)
        .contains(group.containerGroupId());
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
  void regionsTellWhichZonesHaveHostsAndWhereTheyAreReached() {
    DescribeRegionsResponse answer =
        groups.call(Action.DESCRIBE_REGIONS, DescribeRegionsResponse.class);

    assertThat(answer.regions())
        .singleElement()
        .isEqualTo(
            new RegionResponse(
                List.of(B, G),
                "127.0.0.1:" + server.endpoint().getPort(),
                "cn-hangzhou",
                List.of(),
                List.of(B, G, "cn-hangzhou-h", "cn-hangzhou-i", EMPTY, "cn-hangzhou-k")));
    assertThat(
            groups
                .refusal(Action.DESCRIBE_REGIONS, Groups.parameters("RegionId=mars"))
                .getMessage())
        .contains("RegionId: ", "it has cn-hangzhou");
  }

  @Test
  void aZoneWithoutHostsIsServedByThoseOfTheRegionAndStaysTheGroupsZone() throws Exception {
    ContainerGroupResponse first = create("ZoneId=" + EMPTY, "VSwitchId=vsw-new");
    assertPlace(first, EMPTY, "vsw-new");
    groups.untilStatus(first.containerGroupId(), "Running");
    assertThat(vSwitches()).containsExactly("vsw-new " + EMPTY);
    assertThat(hostZone(first.containerGroupId())).isIn(B, G);
    assertThat(
            server
                .jdbc()
                .queryForList(
                    "select zone from usage_interval where group_id = ?",
                    String.class,
                    first.containerGroupId()))
        .containsExactly(EMPTY);
    // The vSwitch is in that zone from now on, and what asks for nothing else is there as well.
    assertPlace(create("VSwitchId=vsw-new"), EMPTY, "vsw-new");
    PodyardCallException refused = refusal("VSwitchId=vsw-new", "ZoneId=" + B);
    assertThat(refused.errorCode()).contains(ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH);
    assertThat(refusal("ZoneId=" + EMPTY, "DryRun=true").errorCode())
        .contains(ErrorCode.DRY_RUN_OPERATION);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void aGroupThatWaitsInAZoneWithoutHostsGetsAnyHostOfTheRegion() {
    ContainerGroupResponse inB = create("Cpu=4", "Memory=8", "ZoneId=" + B);
    ContainerGroupResponse inG = create("Cpu=4", "Memory=8", "ZoneId=" + G);
    ContainerGroupResponse waits = create("Cpu=4", "Memory=8", "ZoneId=" + EMPTY);
    String id = waits.containerGroupId();
    assertThat(waits.zoneId()).isEqualTo(EMPTY);
    assertThat(waits.status()).isEqualTo("Scheduling");
    assertThat(waits.events().getFirst().message()).contains("None of 2 hosts", "lacks 4 vCPU");
    assertThat(refusal("ZoneId=" + EMPTY, "Cpu=64", "Memory=128").errorCode())
        .contains(ErrorCode.OPERATION_DENIED_NO_STOCK);

    groups.delete(inG.containerGroupId(), "Force=true");

    groups.untilStatus(id, "Running");
    assertThat(groups.get(id).zoneId()).isEqualTo(EMPTY);
    assertThat(hostZone(id)).isEqualTo(G);
    assertThat(groups.get(inB.containerGroupId()).zoneId()).isEqualTo(B);
  }

  private static String hostZone(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select h.zone from reservation r join host h on h.id = r.host_id"
                    + " where r.group_id = ?",
                String.class,
                group));
  }

  @Test
  void aVSwitchNobodyHasSeenGetsAZoneThatHasHostsAndKeepsIt() {
    assertPlace(create("VSwitchId=vsw-1"), B, "vsw-1");
    assertPlace(create("VSwitchId=vsw-2", "ZoneId=" + G), G, "vsw-2");
    assertPlace(create("VSwitchId=vsw-2"), G, "vsw-2");
    assertThat(vSwitches()).containsExactly("vsw-1 " + B, "vsw-2 " + G);
    // Where one zone is full, a new one is in the other.
    create("ZoneId=" + B, "Cpu=2", "Memory=4");
    assertPlace(create("VSwitchId=vsw-3", "Cpu=2", "Memory=4"), G, "vsw-3");
  }

  @Test
  void ofSeveralVSwitchesTheOneThatDecidesIsAnswered() {
    create("VSwitchId=vsw-g", "ZoneId=" + G);
    create("VSwitchId=vsw-b", "ZoneId=" + B);

    assertPlace(create("ScheduleStrategy=VSwitchOrdered", "VSwitchId=vsw-g,vsw-b"), G, "vsw-g");
    assertPlace(create("ScheduleStrategy=VSwitchOrdered", "VSwitchId=vsw-b,vsw-g"), B, "vsw-b");
    assertPlace(
        create("ScheduleStrategy=VSwitchOrdered", "VSwitchId=vsw-g,vsw-b", "ZoneId=" + B),
        B,
        "vsw-b");
    assertPlace(
        create("ScheduleStrategy=VSwitchOrdered", "VSwitchId=vsw-g,vsw-new", "ZoneId=" + B),
        B,
        "vsw-new");
    PodyardCallException refused = refusal("VSwitchId=vsw-b,vsw-new", "ZoneId=" + G);
    assertThat(refused.errorCode()).contains(ErrorCode.OPERATION_DENIED_VSW_ZONE_MISMATCH);
    assertThat(refused.getMessage()).contains("vsw-b is in " + B, "vsw-new is in " + B);
    // The zone of the first is full: the next is tried (contract section 11).
    create("VSwitchId=vsw-g", "Cpu=2", "Memory=4");
    assertPlace(
        create("ScheduleStrategy=VSwitchOrdered", "VSwitchId=vsw-g,vsw-b", "Cpu=2", "Memory=4"),
        B,
        "vsw-b");
  }

  @Test
  void ofSeveralVSwitchesInRandomOrderEachIsTakenThoughTheFirstHasRoomForAll() {
    create("VSwitchId=vsw-b", "ZoneId=" + B);
    create("VSwitchId=vsw-g", "ZoneId=" + G);
    Map<String, Integer> taken = new HashMap<>();
    // With the two, as many as one host has room for: nothing drives any of them to the other.
    for (int i = 0; i < 15; i++) {
      ContainerGroupResponse group =
          create("ScheduleStrategy=VSwitchRandom", "VSwitchId=vsw-b,vsw-g");
      assertPlace(group, "vsw-b".equals(group.vSwitchId()) ? B : G, group.vSwitchId());
      taken.merge(group.vSwitchId(), 1, Integer::sum);
    }
    assertThat(taken).containsOnlyKeys("vsw-b", "vsw-g");
  }

  @Test
  void aDryRunTellsWhetherThereIsRoomNowAndRegistersNothing() {
    for (String dryRun : List.of("VSwitchId=vsw-dry", "ZoneId=" + G)) {
      assertThat(refusal("DryRun=true", dryRun).errorCode()).contains(ErrorCode.DRY_RUN_OPERATION);
    }
    assertThat(vSwitches()).isEmpty();

    create("Cpu=4", "Memory=8");
    create("Cpu=4", "Memory=8");
    PodyardCallException full = refusal("DryRun=true", "VSwitchId=vsw-dry");
    assertThat(full.errorCode()).contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(full.getMessage()).contains("None of 2 hosts", "0.25 vCPU");
    assertThat(vSwitches()).isEmpty();
  }

  @Test
  void aGroupThatWaitedIsToldThatItGotItsHost() {
    ContainerGroupResponse first = create("Cpu=4", "Memory=8", "ZoneId=" + B);
    ContainerGroupResponse second = create("Cpu=4", "Memory=8", "ZoneId=" + B);
    String waits = second.containerGroupId();
    assertThat(groups.reasons(waits)).containsExactly("FailedScheduling");

    groups.delete(first.containerGroupId(), "Force=true");

    groups.untilStatus(waits, "Running");
    assertThat(groups.reasons(waits))
        .startsWith("FailedScheduling", "Scheduled")
        .containsOnlyOnce("Scheduled");
    assertThat(groups.get(waits).events().get(1).type()).isEqualTo("Normal");
  }

  @Test
  void everyProblemIsToldThoughTheRegionIsWrongToo() {
    Map<Action, List<String>> wrong =
        Map.of(
            Action.CREATE_CONTAINER_GROUP, List.of("ContainerGroupName=X", "Memory=much"),
            Action.DELETE_CONTAINER_GROUP, List.of("ContainerGroupId=eci-1", "ClientToken=tök"),
            Action.DESCRIBE_CONTAINER_GROUPS, List.of("Limit=21", "Status=Odd"),
            Action.DESCRIBE_CONTAINER_GROUP_EVENTS, List.of("NextToken=?", "Tag.1.Value=v"),
            Action.TAG_RESOURCES, List.of("ResourceId.1=r", "ResourceType=Odd", "Tag.1.Key=acs:"),
            Action.UNTAG_RESOURCES, List.of("ResourceId.1=r", "ResourceType=Odd", "TagKey.1=k"),
            Action.LIST_TAG_RESOURCES, List.of("ResourceType=Odd", "Limit=0"));
    Map<Action, List<String>> named =
        Map.of(
            Action.CREATE_CONTAINER_GROUP, List.of("ContainerGroupName: ", "Memory: "),
            Action.DELETE_CONTAINER_GROUP, List.of("ClientToken: "),
            Action.DESCRIBE_CONTAINER_GROUPS, List.of("Limit: ", "Status: "),
            Action.DESCRIBE_CONTAINER_GROUP_EVENTS, List.of("NextToken: ", "Tag.1.Key: "),
            Action.TAG_RESOURCES, List.of("ResourceType: ", "Tag.1.Key: "),
            Action.UNTAG_RESOURCES, List.of("ResourceType: "),
            Action.LIST_TAG_RESOURCES, List.of("ResourceType: ", "Limit: "));
    wrong.forEach(
        (action, parameters) -> {
          Map<String, String> request = Groups.parameters(parameters.toArray(String[]::new));
          request.put("RegionId", "mars");
          assertThat(groups.refusal(action, request).getMessage())
              .as(action.wireName())
              .contains(named.get(action))
              .contains("RegionId: is not a region");
        });
    assertThat(refusal("ZoneId=mars-a", "ContainerGroupName=X").getMessage())
        .contains("ZoneId: is not a zone of cn-hangzhou", "ContainerGroupName: ");
  }

  @Test
  void aGroupThatWasDeletedIsNotTerminatingForEver() {
    String ran = create().containerGroupId();
    groups.untilStatus(ran, "Running");
    create("Cpu=4", "Memory=8");
    create("Cpu=4", "Memory=8");
    String waited = create("Cpu=4", "Memory=8").containerGroupId();
    String ended = groups.create(Groups.shell("true", "RestartPolicy=Never"));
    created.add(ended);
    groups.untilStatus(ended, "Succeeded");
    for (String id : List.of(ran, waited, ended)) {
      groups.delete(id, "Force=true");
      groups.untilGone(id);
    }
    Waiting.until("the records are over", () -> status(ran).equals("Deleted"));
    assertThat(status(waited)).isEqualTo("Deleted");
    assertThat(status(ended)).isEqualTo("Succeeded");
  }

  /** As the record of a group that is over shows it. */
  private String status(String id) {
    KnownGroups known = server.bean(KnownGroups.class);
    return String.valueOf(known.answer(known.require(key.account(), id).group()).status());
  }
}
