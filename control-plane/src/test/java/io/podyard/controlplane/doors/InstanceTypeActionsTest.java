package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.eci.model.v20180808.CreateContainerGroupFromTemplateRequest;
import com.aliyuncs.eci.model.v20180808.CreateContainerGroupRequest;
import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.price.DescribeContainerGroupPriceResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.api.stock.DescribeAvailableResourceResponse;
import io.podyard.api.template.ExportContainerGroupTemplateResponse;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.RegionId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups by instance type, compute category and architecture (contract section 6). */
class InstanceTypeActionsTest {

  private static final String PLAIN = "sim-0001";
  private static final String CHEAP = "sim-0002";
  private static final String TYPED = "sim-0003";
  private static final String WITH_GPUS = "sim-0004";
  private static final String GPU_TYPE = "ecs.gn6i-c4g1.xlarge";

  @TempDir private static Path folder;
  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);
  private final StockSdk sdk = new StockSdk(server, key, StockSdk.Signed.BY_DEFAULT);

  @BeforeAll
  static void startServer() throws IOException {
    Path inventory =
        Files.writeString(
            folder.resolve("inventory.yaml"),
            """
            pools:
              - poolId: usual
                regionId: cn-hangzhou
                runtime: simulated
                hosts:
                  - {hostId: %s, zoneId: cn-hangzhou-b}
                  - {hostId: %s, zoneId: cn-hangzhou-b, instanceType: ecs.g6}
                  - {hostId: %s, zoneId: cn-hangzhou-b, gpus: 2, gpuModel: T4}
              - poolId: cheap
                regionId: cn-hangzhou
                runtime: simulated
                computeCategory: economy
                hosts:
                  - {hostId: %s, zoneId: cn-hangzhou-b}
            """
                .formatted(PLAIN, TYPED, WITH_GPUS, CHEAP));
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(4, "8vCPU/32GiB")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", inventory.toString()));
    Waiting.until(
        "all hosts are ready", () -> count("select count(*) from host where state = 'READY'") == 4);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static int count(String sql) {
    return Objects.requireNonNull(server.jdbc().queryForObject(sql, Integer.class));
  }

  @AfterEach
  void deleteGroups() throws Exception {
    groups
        .list("Limit=20")
        .containerGroups()
        .forEach(
            group -> groups.delete(Objects.requireNonNull(group.containerGroupId()), "Force=true"));
    Waiting.until("empty hosts", () -> groups.list().containerGroups().isEmpty());
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private String create(String... parameters) {
    Map<String, String> request = Groups.shell("sleep infinity");
    request.remove("Cpu");
    request.remove("Memory");
    request.putAll(Groups.parameters(parameters));
    return groups.create(request);
  }

  private PodyardCallException noCreate(String... parameters) {
    return groups.refusal(
        Action.CREATE_CONTAINER_GROUP, Groups.shell("sleep infinity", parameters));
  }

  private String hostOf(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  private static void assertSize(ContainerGroupResponse group, String cpu, String memory) {
    assertThat(group.cpu()).isEqualByComparingTo(cpu);
    assertThat(group.memory()).isEqualByComparingTo(memory);
  }

  private BigDecimal usedCpu() {
    return Objects.requireNonNull(
        groups.call(Action.LIST_USAGE, ListUsageResponse.class).attributes().get("UsedCpu"));
  }

  @Test
  void aTypeRunsFirstOnHostsThatAreOfItsFamily() {
    String typed = create("InstanceType=ecs.g6.large", "Cpu=64", "Memory=128");
    ContainerGroupResponse group = groups.untilStatus(typed, "Running");
    assertThat(group.instanceType()).isEqualTo("ecs.g6.large");
    assertThat(group.computeCategory()).isNull();
    assertSize(group, "2", "8");
    assertThat(hostOf(typed)).isEqualTo(TYPED);

    assertThat(hostOf(create("InstanceType=ecs.c6.large")))
        .as("a host that is of no type, and not of economy")
        .isIn(PLAIN, WITH_GPUS);
  }

  @Test
  void theNextTypeIsTakenWhereTheFirstHasNoRoom() {
    String id = create("InstanceType=ecs.g6.26xlarge,4-8Gi,ecs.g6.large");

    ContainerGroupResponse group = groups.untilStatus(id, "Running");
    assertThat(group.instanceType()).as("it is of a size").isNull();
    assertThat(group.computeCategory()).isEqualTo("general");
    assertSize(group, "4", "8");
    PodyardCallException refused =
        noCreate("InstanceType=ecs.g6.26xlarge,ecs.gn7-c12g1.3xlarge", "DryRun=true");
    assertThat(refused.getMessage()).contains("no price for item gpu");
  }

  @Test
  void aGroupThatWaitsBecomesWhatThereIsRoomFor() {
    String large = create("InstanceType=ecs.g6.xlarge");
    String small = create("InstanceType=ecs.g6.large");
    String also = create("InstanceType=ecs.g6.large");
    for (String id : List.of(large, small, also)) {
      assertThat(hostOf(id)).isEqualTo(TYPED);
    }
    String first = create("InstanceType=8-32Gi");
    String second = create("InstanceType=8-32Gi");
    assertThat(List.of(hostOf(first), hostOf(second))).containsExactlyInAnyOrder(PLAIN, WITH_GPUS);

    String waits = create("InstanceType=ecs.g6.xlarge,ecs.r6.large,ecs.g6.large");
    ContainerGroupResponse waiting = groups.get(waits);
    assertThat(waiting.status()).isEqualTo("Scheduling");
    assertThat(waiting.instanceType()).isNull();
    assertSize(waiting, "4", "16");
    assertThat(usedCpu()).isEqualByComparingTo("28");
    assertThat(message(waits))
        .contains("InstanceType ecs.g6.xlarge: ", "InstanceType ecs.g6.large: ");

    groups.delete(small, "Force=true");
    ContainerGroupResponse runs = groups.untilStatus(waits, "Running");
    assertThat(runs.instanceType()).isEqualTo("ecs.g6.large");
    assertSize(runs, "2", "8");
    groups.untilGone(small);
    assertThat(usedCpu()).isEqualByComparingTo("24");
  }

  private String message(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select message from container_group where id = ?", String.class, group));
  }

  @Test
  void economyRunsOnItsOwnHostsAndCostsLess() {
    String cheap = create("ComputeCategory.1=economy", "Cpu=2", "Memory=4");
    String usual = create("Cpu=2", "Memory=4");
    assertThat(groups.untilStatus(cheap, "Running").computeCategory()).isEqualTo("economy");
    assertThat(groups.untilStatus(usual, "Running").computeCategory()).isEqualTo("general");
    assertThat(hostOf(cheap)).isEqualTo(CHEAP);
    assertThat(hostOf(usual)).isNotEqualTo(CHEAP);
    for (String category : List.of("economy", "general")) {
      assertThat(groups.list("ComputeCategory=" + category).containerGroups())
          .extracting(ContainerGroupResponse::containerGroupId)
          .containsExactly(category.equals("economy") ? cheap : usual);
    }
    assertThat(tariff(cheap)).isEqualTo("economy");
    assertThat(tariff(usual)).isEmpty();

    String fills = create("ComputeCategory.1=economy", "Cpu=6", "Memory=24");
    assertThat(hostOf(fills)).isEqualTo(CHEAP);
    String either =
        create("ComputeCategory.1=economy", "ComputeCategory.2=general", "Cpu=1", "Memory=2");
    assertThat(groups.untilStatus(either, "Running").computeCategory()).isEqualTo("general");
    String waits = create("ComputeCategory.1=economy", "Cpu=1", "Memory=2");
    assertThat(groups.get(waits).status()).isEqualTo("Scheduling");
    assertThat(groups.get(waits).computeCategory()).isEqualTo("economy");
    assertThat(message(waits)).contains("of another compute category");
  }

  /** Of the type with a GPU, so that groups of it can be had. */
  private void setPrice() {
    server
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            select 'cn-*', ?, 'CNY', 0.003, date_trunc('second', now())
            where not exists (select from price where item = ?)
            """,
            GPU_TYPE,
            GPU_TYPE);
    Waiting.until(
        "the price is known",
        () ->
            noCreate("InstanceType=" + GPU_TYPE, "DryRun=true")
                .errorCode()
                .equals(Optional.of(ErrorCode.DRY_RUN_OPERATION)));
  }

  /** How many GPUs the group has, and which places its container sees. */
  private static String gpus(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select coalesce(spec #>> '{gpus,count}', '0') || ' ' || coalesce(spec #>>"
                    + " '{gpus,places}', '{}') from container_group where id = ?",
                String.class,
                group));
  }

  @Test
  void containersSeeTheGpusOfTheTypeThatTheirGroupBecomes() {
    setPrice();
    String plain = "InstanceType=ecs.g6.large," + GPU_TYPE;
    assertThat(noCreate(plain, "Container.1.Gpu=1").getMessage())
        .contains("ask for 1 GPUs together; the group has 0");
    String first = create("InstanceType=" + GPU_TYPE, "Container.1.Gpu=1");
    String second = create("InstanceType=" + GPU_TYPE);
    groups.untilStatus(first, "Running");
    groups.untilStatus(second, "Running");
    assertThat(gpus(first)).matches("1 \\{\"\\S+\": \\[0]}");
    assertThat(gpus(second)).isEqualTo("1 {}");

    String waits = create("InstanceType=" + GPU_TYPE, "Container.1.Gpu=1");
    assertThat(groups.get(waits).status()).isEqualTo("Scheduling");
    groups.delete(second, "Force=true");
    groups.untilStatus(waits, "Running");
    assertThat(gpus(waits)).isEqualTo(gpus(first));
  }

  private static String tariff(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select tariff from usage_interval where group_id = ?", String.class, group));
  }

  @Test
  void gpusOfATypeAreHeldAndWhatHasNoPriceIsRefused() {
    PodyardCallException refused = noCreate("InstanceType=ecs.gn6i-c8g1.2xlarge");
    assertThat(refused.errorCode()).contains(ErrorCode.ZONE_NOT_ON_SALE);
    assertThat(refused.getMessage()).contains("no price for item gpu", "cn-hangzhou");
    setPrice();

    String id = create("InstanceType=" + GPU_TYPE);
    assertSize(groups.untilStatus(id, "Running"), "4", "15");
    assertThat(hostOf(id)).isEqualTo(WITH_GPUS);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select gpu_devices || ' ' || gpu_milli_each from reservation where group_id ="
                        + " ?",
                    String.class,
                    id))
        .isEqualTo("1 1000");
    assertThat(tariff(id)).isEqualTo(GPU_TYPE);
    assertThat(price("InstanceType=" + GPU_TYPE)).isEqualByComparingTo("0.003");
  }

  @Test
  void anArchitectureThatNoHostHasIsNoStock() {
    PodyardCallException refused = noCreate("CpuArchitecture=ARM64");
    assertThat(refused.errorCode()).contains(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(refused.getMessage()).contains("of another CPU architecture");
    assertThat(noCreate("CpuArchitecture=AMD64", "DryRun=true").errorCode())
        .contains(ErrorCode.DRY_RUN_OPERATION);
    assertThat(noCreate("InstanceType=ecs.g6.large", "CpuArchitecture=ARM64").errorCode())
        .contains(ErrorCode.INSTANCE_TYPE_NOT_MATCH_CPU_ARCH);
    assertThat(noCreate("ComputeCategory.1=economy", "CpuArchitecture=ARM64").errorCode())
        .contains(ErrorCode.FEATURE_BASED_CONSTRAINT_CONFLICT);
  }

  private BigDecimal price(String... parameters) {
    return Objects.requireNonNull(
        Objects.requireNonNull(
                Objects.requireNonNull(
                        groups
                            .call(
                                Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                                DescribeContainerGroupPriceResponse.class,
                                parameters)
                            .priceInfo())
                    .price())
            .tradePrice());
  }

  @Test
  void pricesAreAskedForByTypeAndCategory() {
    assertThat(price("InstanceType=ecs.g6.large", "Cpu=64", "Memory=128"))
        .as("vCPU and memory, where the type has no price of its own")
        .isEqualTo(price("Cpu=2", "Memory=8"));
    assertThat(price("InstanceType=2-8Gi")).isEqualTo(price("Cpu=2", "Memory=8"));
    assertThat(price("Cpu=2", "Memory=4", "ComputeCategory=economy"))
        .isEqualByComparingTo("0.00007852");
    assertThat(
            groups
                .refusal(
                    Action.DESCRIBE_CONTAINER_GROUP_PRICE,
                    Groups.parameters("Cpu=12", "Memory=24", "ComputeCategory=economy"))
                .errorCode())
        .contains(ErrorCode.FEATURE_BASED_CONSTRAINT_CONFLICT);
  }

  @Test
  void gpusOfATypeCostWhatTheirModelCosts() {
    String type = "InstanceType=ecs.gn7i-c8g1.2xlarge";
    assertThat(
            groups
                .refusal(Action.DESCRIBE_CONTAINER_GROUP_PRICE, Groups.parameters(type))
                .getMessage())
        .contains("no price for item gpu there");
    server
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            values ('cn-*', 'gpu-A10', 'CNY', 0.003, date_trunc('second', now()))
            """);
    BigDecimal without = price("Cpu=8", "Memory=30");
    Waiting.until(
        "the price is known",
        () ->
            server
                .bean(Prices.class)
                .ofInstanceType(new RegionId("cn-hangzhou"), "ecs.gn7i-c8g1.2xlarge", "A10")
                .code()
                .equals("gpu-A10"));
    assertThat(price(type)).isEqualByComparingTo(without.add(new BigDecimal("0.003")));
  }

  private String stock(String category, String value) {
    var zone =
        Objects.requireNonNull(
                groups
                    .call(
                        Action.DESCRIBE_AVAILABLE_RESOURCE,
                        DescribeAvailableResourceResponse.class,
                        "DestinationResource.Category=" + category,
                        "DestinationResource.Value=" + value,
                        "ZoneId=cn-hangzhou-b")
                    .availableZones())
            .availableZone()
            .getFirst();
    var resource = Objects.requireNonNull(zone.availableResources()).availableResource().getFirst();
    assertThat(resource.type()).isEqualTo(category);
    var row = Objects.requireNonNull(resource.supportedResources()).supportedResource().getFirst();
    return row.value() + " " + row.statusCategory();
  }

  @Test
  void stockIsAskedForByTypeAndFamily() {
    assertThat(stock("InstanceType", "ecs.g6.large")).isEqualTo("ecs.g6.large WithStock");
    assertThat(stock("InstanceType", "ecs.g6.26xlarge"))
        .isEqualTo("ecs.g6.26xlarge ClosedWithoutStock");
    assertThat(stock("InstanceType", "4-8Gi")).isEqualTo("4-8Gi WithStock");
    assertThat(stock("InstanceTypeFamily", "ecs.g6")).isEqualTo("ecs.g6 WithStock");
    assertThat(stock("InstanceTypeFamily", "ecs.g8y")).isEqualTo("ecs.g8y ClosedWithoutStock");
  }

  private String stockByRoute(String types) {
    return new RestClient(server.endpoint(), key)
        .get("/v1/available-resources?zoneId=cn-hangzhou-b&instanceType=" + types)
        .ok()
        .json()
        .path("zones")
        .path(0)
        .path("status")
        .asString();
  }

  @Test
  void whatHasNoPriceIsNoStockThoughAHostHasRoom() {
    String unsold = "ecs.gn6i-c8g1.2xlarge";
    assertThat(noCreate("InstanceType=" + unsold, "DryRun=true").errorCode())
        .contains(ErrorCode.ZONE_NOT_ON_SALE);
    assertThat(stock("InstanceType", unsold)).isEqualTo(unsold + " ClosedWithoutStock");
    assertThat(stockByRoute(unsold)).isEqualTo("ClosedWithoutStock");
    setPrice();
    assertThat(stock("InstanceType", GPU_TYPE)).isEqualTo(GPU_TYPE + " WithStock");
    assertThat(stock("InstanceTypeFamily", "ecs.gn6i"))
        .as("one of its types can be had")
        .isEqualTo("ecs.gn6i WithStock");
    assertThat(stockByRoute(GPU_TYPE)).isEqualTo("WithStock");

    // A create that names both is refused, though one of them could be had.
    String both = GPU_TYPE + "," + unsold;
    assertThat(noCreate("InstanceType=" + both, "DryRun=true").errorCode())
        .contains(ErrorCode.ZONE_NOT_ON_SALE);
    assertThat(stockByRoute(both)).isEqualTo("ClosedWithoutStock");
  }

  @Test
  void aGroupKeepsItsTypeWhateverIsChangedOfIt() {
    String id = create("InstanceType=ecs.g6.large");
    groups.untilStatus(id, "Running");
    Map<String, String> larger = Groups.parameters("ContainerGroupId=" + id, "Cpu=4");
    assertThat(groups.refusal(Action.UPDATE_CONTAINER_GROUP, larger).errorCode())
        .contains(ErrorCode.INVALID_PARAM_CPU_OR_MEMORY_SPEC);
    assertThat(
            groups
                .refusal(
                    Action.UPDATE_CONTAINER_GROUP,
                    Groups.parameters(
                        "ContainerGroupId=" + id,
                        "Container.1.Name=main",
                        "Container.1.Image=other:1",
                        "Container.1.Cpu=3"))
                .getMessage())
        .contains("ecs.g6.large");
    UpdateContainerGroupResponse _ =
        groups.call(
            Action.UPDATE_CONTAINER_GROUP,
            UpdateContainerGroupResponse.class,
            "ContainerGroupId=" + id,
            "Container.1.Name=main",
            "Container.1.Image=registry.test/shell:2",
            "Container.1.Command.1=sleep",
            "Container.1.Command.2=infinity");
    ContainerGroupResponse updated =
        groups.until(
            id,
            "is updated",
            group ->
                "Running".equals(group.status())
                    && "registry.test/shell:2".equals(group.containers().getFirst().image()));
    assertThat(updated.instanceType()).isEqualTo("ecs.g6.large");
    assertSize(updated, "2", "8");
    RestartContainerGroupResponse _ =
        groups.call(
            Action.RESTART_CONTAINER_GROUP,
            RestartContainerGroupResponse.class,
            "ContainerGroupId=" + id);
    assertThat(groups.untilStatus(id, "Running").instanceType()).isEqualTo("ecs.g6.large");
  }

  @Test
  void aBatchAndATokenMeanTheSameAsOne() {
    Map<String, String> request =
        Groups.shell(
            "sleep infinity",
            "Amount=2",
            "ClientToken=types",
            "InstanceType.1=ecs.g6.26xlarge",
            "InstanceType.2=ecs.g6.large");
    List<String> ids =
        groups
            .client()
            .call(
                Action.BATCH_CREATE_CONTAINER_GROUPS,
                request,
                BatchCreateContainerGroupsResponse.class)
            .containerGroupIds();
    assertThat(ids)
        .hasSize(2)
        .allSatisfy(id -> assertThat(groups.get(id).instanceType()).isEqualTo("ecs.g6.large"));
    assertThat(
            groups
                .client()
                .call(
                    Action.BATCH_CREATE_CONTAINER_GROUPS,
                    request,
                    BatchCreateContainerGroupsResponse.class)
                .containerGroupIds())
        .isEqualTo(ids);
    String one = create("ClientToken=one", "InstanceType=ecs.g6.large");
    assertThat(create("ClientToken=one", "InstanceType=ecs.g6.large")).isEqualTo(one);
    assertThat(noCreate("ClientToken=one", "InstanceType=ecs.c6.large").errorCode())
        .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
  }

  @Test
  void theStockSdkAsksForTypesAndGetsThemInTemplates() throws ClientException {
    CreateContainerGroupRequest create = new CreateContainerGroupRequest();
    create.setContainerGroupName("typed");
    create.setInstanceType("ecs.g6.large,ecs.c6.large");
    CreateContainerGroupRequest.Container container = new CreateContainerGroupRequest.Container();
    container.setName("main");
    container.setImage("registry.test/shell:1");
    container.setCommands(List.of("sleep", "infinity"));
    create.setContainers(List.of(container));
    String id = sdk.call(create).getContainerGroupId();
    assertThat(groups.untilStatus(id, "Running").instanceType()).isEqualTo("ecs.g6.large");

    String types =
        Objects.requireNonNull(
                groups
                    .call(
                        Action.EXPORT_CONTAINER_GROUP_TEMPLATE,
                        ExportContainerGroupTemplateResponse.class,
                        "ContainerGroupId=" + id)
                    .template())
            .instanceType();
    assertThat(types).isEqualTo("ecs.g6.large,ecs.c6.large");
    groups.delete(id, "Force=true");
    groups.untilGone(id);

    CreateContainerGroupFromTemplateRequest again = new CreateContainerGroupFromTemplateRequest();
    again.setTemplate(
        """
        {"ContainerGroupName": "again", "InstanceType": "%s", "Spec": {"Containers": [
          {"Name": "main", "Image": "registry.test/shell:1", "Command": ["sleep", "infinity"]}]}}
        """
            .formatted(types));
    String made = sdk.call(again).getContainerGroupId();
    assertThat(groups.untilStatus(made, "Running").instanceType()).isEqualTo("ecs.g6.large");
  }
}
