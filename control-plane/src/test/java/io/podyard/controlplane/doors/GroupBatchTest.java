package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.RpcCodec;
import io.podyard.api.containergroup.BatchCreateContainerGroupsRequest;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse.InstanceResponse;
import io.podyard.controlplane.quota.Maxima;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Several groups by one request: created all or none, deleted each for itself. */
class GroupBatchTest {

  private static final RegionId REGION = new RegionId("cn-hangzhou");

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "8vCPU/32GiB")
                .with("podyard.example-prices", "true"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void deleteGroups() throws Exception {
    Waiting.until(
        "no group is left",
        () -> {
          List<String> ids =
              groups.list().containerGroups().stream()
                  .map(ContainerGroupResponse::containerGroupId)
                  .map(Objects::requireNonNull)
                  .toList();
          // Each that is gone by now is answered so.
          return ids.isEmpty() || delete(groups, ids.toArray(String[]::new)).isEmpty();
        });
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private List<String> create(int amount, String... more) {
    Map<String, String> request = Groups.shell("sleep infinity", more);
    request.put("Amount", "" + amount);
    return groups
        .client()
        .call(
            Action.BATCH_CREATE_CONTAINER_GROUPS, request, BatchCreateContainerGroupsResponse.class)
        .containerGroupIds();
  }

  private PodyardCallException noCreate(int amount, String... more) {
    Map<String, String> request = Groups.shell("sleep infinity", more);
    request.put("Amount", "" + amount);
    return groups.refusal(Action.BATCH_CREATE_CONTAINER_GROUPS, request);
  }

  private List<InstanceResponse> delete(Groups account, String... ids) {
    return account
        .call(
            Action.DELETE_CONTAINER_GROUPS,
            DeleteContainerGroupsResponse.class,
            "ContainerGroupIds=[\"" + String.join("\",\"", ids) + "\"]")
        .instanceResponseSet();
  }

  private void allow(long maxGroups, long maxCpu) {
    server
        .bean(Quotas.class)
        .set(
            new QuotaPlace(key.account(), REGION),
            new Maxima(Map.of(QuotaKind.CONTAINER_GROUP, maxGroups, QuotaKind.CPU, maxCpu)));
  }

  @Test
  void allGroupsOfARequestRunAndTheSameTokenMakesThemOnce() {
    List<String> ids = create(5, "ClientToken=five", "Tag.1.Key=batch");
    assertThat(ids)
        .hasSize(5)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("eci-[a-z0-9]{20}"));
    assertThat(create(5, "ClientToken=five", "Tag.1.Key=batch")).isEqualTo(ids);
    for (String id : ids) {
      assertThat(groups.untilStatus(id, "Running").tags()).hasSize(1);
      assertThat(groups.reasons(id)).contains("Scheduled", "Started");
    }
    PodyardCallException other = noCreate(4, "ClientToken=five", "Tag.1.Key=batch");
    assertThat(other.errorCode()).contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
    assertThat(groups.list().totalCount()).isEqualTo(5);
    assertThat(create(5, "Tag.1.Key=batch")).doesNotContainAnyElementsOf(ids);
  }

  @Test
  void aClientOfTheApiAsksForSoManyOfOneGroup() {
    CreateContainerGroupRequest one =
        CreateContainerGroupRequest.builder()
            .containerGroupName("typed")
            .scheduleStrategy("VSwitchOrdered")
            .vSwitchId("vsw-a,vsw-b")
            .container(
                List.of(
                    ContainerRequest.builder().name("main").image("registry.test/shell:1").build()))
            .build();
    Map<String, String> sent = RpcCodec.encode(BatchCreateContainerGroupsRequest.of(one, 2));
    assertThat(sent).containsEntry("VSwitchId.2", "vsw-b").containsEntry("Amount", "2");
    List<String> ids =
        groups
            .client()
            .call(
                Action.BATCH_CREATE_CONTAINER_GROUPS,
                sent,
                BatchCreateContainerGroupsResponse.class)
            .containerGroupIds();
    assertThat(ids)
        .hasSize(2)
        .allSatisfy(id -> assertThat(groups.get(id).vSwitchId()).isEqualTo("vsw-a"));
  }

  @Test
  void groupsWithoutRoomWaitByThemselves() {
    List<String> ids = create(3, "Cpu=8", "Memory=16");
    Waiting.until(
        "two run and one waits",
        () -> {
          List<String> statuses =
              ids.stream().map(groups::get).map(ContainerGroupResponse::status).sorted().toList();
          return statuses.equals(List.of("Running", "Running", "Scheduling"));
        });
    PodyardCallException dry = noCreate(2, "Cpu=8", "Memory=16", "DryRun=true");
    assertThat(dry.errorCode()).contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    String running =
        ids.stream()
            .filter(id -> "Running".equals(groups.get(id).status()))
            .findFirst()
            .orElseThrow();
    assertThat(delete(groups, running)).extracting(InstanceResponse::code).containsExactly("200");
    groups.untilGone(running);
    for (String id : ids) {
      if (!id.equals(running)) {
        groups.untilStatus(id, "Running");
      }
    }
  }

  @Test
  void aDryRunTellsWhatAllWouldCostWithTheirDisks() {
    PodyardCallException dry =
        noCreate(
            3,
            "Cpu=2",
            "Memory=4",
            "EphemeralStorage=10",
            "Volume.1.Name=data",
            "Volume.1.Type=FlexVolume",
            "Volume.1.FlexVolume.Driver=alicloud/disk",
            "Volume.1.FlexVolume.Options={\"volumeSize\":20}",
            "Container.1.VolumeMount.1.Name=data",
            "Container.1.VolumeMount.1.MountPath=/data",
            "DryRun=true");
    // Of each 0.00012252 and 30 GiB of storage and disk at 0.00000058.
    assertThat(dry.getMessage())
        .contains(
            "The 3 groups together would cost 0.00041976 CNY per second (1.511136 CNY per hour).");
    assertThat(groups.list().totalCount()).isZero();
  }

  @Test
  void theQuotaHasRoomForAllOrNoneIsMade() {
    allow(4, 100);
    assertThat(create(3, "ClientToken=fits")).hasSize(3);
    PodyardCallException refused = noCreate(2, "ClientToken=later");
    assertThat(refused.errorCode()).contains(ErrorCode.QUOTA_EXCEEDED);
    assertThat(refused.getMessage()).contains("MaxContainerGroup", "3 are used", "2 more");
    assertThat(noCreate(2, "DryRun=true").errorCode()).contains(ErrorCode.QUOTA_EXCEEDED);
    assertThat(groups.list().totalCount()).isEqualTo(3);
    allow(100, 1);
    assertThat(noCreate(2, "ClientToken=later").getMessage()).contains("MaxCpu", "0.5 more");
    allow(5, 100);
    // The token of what was refused stands for nothing.
    assertThat(create(2, "ClientToken=later")).hasSize(2);
    assertThat(create(3, "ClientToken=fits")).hasSize(3);
    assertThat(groups.list().totalCount()).isEqualTo(5);
  }

  @Test
  void ofManyBatchesAtOnceAsManyAreMadeAsTheQuotaAllowsAndNoneInPart() throws Exception {
    allow(10, 100);
    List<Future<List<String>>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        String token = "ClientToken=race-" + i % 10;
        answers.add(clients.submit(() -> createOrNothing(token)));
      }
    }
    Set<String> made = new HashSet<>();
    for (Future<List<String>> answer : answers) {
      made.addAll(answer.get());
    }
    assertThat(made).hasSize(9);
    assertThat(groups.list().totalCount()).isEqualTo(9);
  }

  private List<String> createOrNothing(String token) {
    try {
      List<String> ids = create(3, token);
      assertThat(ids).hasSize(3);
      return ids;
    } catch (PodyardCallException refused) {
      assertThat(refused.errorCode()).contains(ErrorCode.QUOTA_EXCEEDED);
      return List.of();
    }
  }

  @Test
  void eachGroupThatIsToBeDeletedHasItsOwnAnswer() {
    List<String> ids = create(2);
    Groups other = Groups.ofNewAccount(server);
    String foreign = other.create(Groups.shell("sleep infinity"));
    List<InstanceResponse> answers =
        delete(groups, ids.get(0), "a b", foreign, ids.get(1), ids.get(0), "eci-unknown");
    assertThat(answers)
        .extracting(InstanceResponse::containerGroupId)
        .containsExactly(ids.get(0), "a b", foreign, ids.get(1), "eci-unknown");
    assertThat(answers)
        .extracting(InstanceResponse::code)
        .containsExactly(
            "200",
            "InvalidParameter.NotFound",
            "InvalidParameter.NotFound",
            "200",
            "InvalidParameter.NotFound");
    assertThat(answers.get(2).message()).contains(foreign).contains("names no container group");
    ids.forEach(groups::untilGone);
    assertThat(other.get(foreign).status()).isNotEqualTo("Terminating");
    assertThat(delete(other, foreign).getFirst().message()).isEqualTo("success");
    other.untilGone(foreign);
  }

  /** The parameters that the Java SDK 1.5.7 sends, which has classes for them. */
  @ParameterizedTest
  @EnumSource
  void theOldSdkSendsItsListsFlat(StockSdk.Signed signed) throws ClientException {
    StockSdk sdk = new StockSdk(server, key, signed);
    JsonNode answer =
        sdk.common(
            "BatchCreateContainerGroups",
            "Amount=2",
            "ContainerGroupName=old",
            "Cpu=0.25",
            "Memory=0.5",
            "VSwitchId.1=vsw-old",
            "SlsEnable=false",
            "Volume.1.Name=v",
            "Volume.1.Type=EmptyDirVolume",
            "Volume.1.EmptyDirVolumeSizeLimit=64Mi",
            "Container.1.Name=main",
            "Container.1.Image=registry.test/shell:1");
    List<String> ids =
        answer.path("ContainerGroupIds").valueStream().map(JsonNode::asString).toList();
    assertThat(ids).hasSize(2);
    String first = ids.getFirst();
    assertThat(groups.get(first).volumes().getFirst().emptyDirVolumeSizeLimit()).isEqualTo("64Mi");
    groups.untilStatus(first, "Running");
    assertThat(
            sdk.common(
                    "ResizeContainerGroupEphemeralStorage",
                    "ContainerGroupId=" + first,
                    "NewSize=5")
                .path("RequestId")
                .asString())
        .isNotEmpty();
    assertThat(groups.get(first).ephemeralStorage()).isEqualTo(5);
    JsonNode deleted =
        sdk.common(
            "DeleteContainerGroups", "ContainerGroupIds=[\"" + String.join("\",\"", ids) + "\"]");
    assertThat(deleted.path("InstanceResponseSet").valueStream().toList())
        .extracting(one -> one.path("Code").asString())
        .containsExactly("200", "200");
  }
}
