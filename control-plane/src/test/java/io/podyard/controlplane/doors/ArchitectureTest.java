package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hosts of several architectures in one region, and of ARM64 alone in another (section 6). */
class ArchitectureTest {

  private static final String AMD = "sim-0001";
  private static final String ARM = "sim-0002";
  private static final String ECONOMY = "sim-0003";
  private static final String FAR_ARM = "sim-0004";

  @TempDir private static Path folder;
  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() throws IOException {
    Path inventory =
        Files.writeString(
            folder.resolve("inventory.yaml"),
            """
            zones:
              cn-shanghai: [cn-shanghai-b]
            pools:
              - poolId: usual
                regionId: cn-hangzhou
                runtime: simulated
                hosts:
                  - {hostId: %s, zoneId: cn-hangzhou-b}
                  - {hostId: %s, zoneId: cn-hangzhou-b}
              - poolId: cheap
                regionId: cn-hangzhou
                runtime: simulated
                computeCategory: economy
                hosts:
                  - {hostId: %s, zoneId: cn-hangzhou-b}
              - poolId: far
                regionId: cn-shanghai
                runtime: simulated
                hosts:
                  - {hostId: %s, zoneId: cn-shanghai-b}
            """
                .formatted(AMD, ARM, ECONOMY, FAR_ARM));
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(4, "8vCPU/32GiB")
                .withArchitectures("amd64,arm64")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", inventory.toString()));
    Waiting.until(
        "all hosts are ready",
        () ->
            Objects.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select count(*) from host where state = 'READY'", Integer.class),
                4));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void emptyHosts() throws Exception {
    for (String region : new String[] {"cn-hangzhou", "cn-shanghai"}) {
      groups
          .list("RegionId=" + region)
          .containerGroups()
          .forEach(
              group ->
                  groups.delete(
                      Objects.requireNonNull(group.containerGroupId()),
                      "RegionId=" + region,
                      "Force=true"));
    }
    server.untilNothingIsReserved();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private static Map<String, String> group(String... parameters) {
    return Groups.shell("sleep infinity", parameters);
  }

  private static String hostOf(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  private ErrorCode dryRun(String... parameters) {
    Map<String, String> request = group(parameters);
    request.put("DryRun", "true");
    PodyardCallException refused = groups.refusal(Action.CREATE_CONTAINER_GROUP, request);
    return refused.errorCode().orElseThrow();
  }

  /** Of sizes or types in the only zone with hosts. */
  private String stock(String... resource) {
    List<String> all = new ArrayList<>(List.of(resource));
    all.add("DestinationResource.Category=InstanceType");
    all.add("ZoneId=cn-hangzhou-b");
    return groups.stock(all.toArray(String[]::new));
  }

  private String stockOf8() {
    return stock("DestinationResource.Cores=8", "DestinationResource.Memory=16");
  }

  @Test
  void bothDoorsAndTheStockSdkPutAGroupOnTheArchitectureThatItAsksFor() throws ClientException {
    String rpc = groups.create(group("CpuArchitecture=ARM64"));
    String rest =
        new RestClient(server.endpoint(), key)
            .post(
                "/v1/container-groups",
                """
                {"containerGroupName": "arm", "cpu": 0.5, "memory": 1, "cpuArchitecture": "ARM64",
                 "container": [{"name": "main", "image": "registry.test/app:1"}]}
                """)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    // The SDK has no setter for it yet.
    String stock =
        new StockSdk(server, key, StockSdk.Signed.BY_DEFAULT)
            .common(
                "CreateContainerGroup",
                "RegionId=cn-hangzhou",
                "ContainerGroupName=arm",
                "CpuArchitecture=ARM64",
                "Cpu=0.5",
                "Memory=1",
                "Container.1.Name=main",
                "Container.1.Image=registry.test/app:1")
            .path("ContainerGroupId")
            .asString();
    String typed = groups.create(group("InstanceType=ecs.g8y.small"));
    for (String id : new String[] {rpc, rest, stock, typed}) {
      assertThat(hostOf(id)).isEqualTo(ARM);
      groups.untilStatus(id, "Running");
    }
    assertThat(hostOf(groups.create(group("CpuArchitecture=AMD64")))).isEqualTo(AMD);
  }

  @Test
  void withoutAWishAGroupIsNotOnArmWhileThereIsSomethingElse() {
    assertThat(stockOf8()).isEqualTo("WithStock");
    String fills = groups.create(group("Cpu=8", "Memory=16"));
    assertThat(hostOf(fills)).isEqualTo(AMD);

    assertThat(stockOf8()).as("the other host does not count").isEqualTo("WithoutStock");
    assertThat(stock("DestinationResource.Value=ecs.g8y.large")).isEqualTo("WithStock");
    assertThat(stock("DestinationResource.Value=ecs.g8y.16xlarge")).isEqualTo("ClosedWithoutStock");
    assertThat(dryRun("Cpu=8", "Memory=16")).isEqualTo(ErrorCode.OPERATION_DENIED_NO_STOCK);
    assertThat(dryRun("Cpu=8", "Memory=16", "CpuArchitecture=ARM64"))
        .isEqualTo(ErrorCode.DRY_RUN_OPERATION);
    assertThat(dryRun("Cpu=16", "Memory=32", "CpuArchitecture=ARM64"))
        .isEqualTo(ErrorCode.OPERATION_DENIED_NO_STOCK);

    String waits = groups.create(group("Cpu=1", "Memory=2"));
    assertThat(groups.get(waits).status()).isEqualTo("Scheduling");
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select message from container_group where id = ?", String.class, waits))
        .contains("of another CPU architecture");
    groups.delete(fills, "Force=true");
    groups.untilStatus(waits, "Running");
    assertThat(hostOf(waits)).isEqualTo(AMD);
  }

  @Test
  void whereThereIsNothingButArmAGroupWithoutAWishIsThere() {
    String id = groups.create(group("RegionId=cn-shanghai"));
    assertThat(hostOf(id)).isEqualTo(FAR_ARM);
    assertThat(dryRun("RegionId=cn-shanghai", "CpuArchitecture=AMD64"))
        .isEqualTo(ErrorCode.OPERATION_DENIED_NO_STOCK);
  }

  private static JsonNode whatIf(String more) {
    return new RestClient(server.endpoint(), server.operator())
        .post("/v1/placements/explain", "{\"cpu\": 1, \"memory\": 2" + more + "}")
        .ok()
        .json();
  }

  /** The only host that would do. */
  private static String onlyHost(JsonNode explained) {
    assertThat(explained.path("candidates")).hasSize(1);
    return explained.path("candidates").path(0).path("hostId").asString();
  }

  @Test
  void whatIfLooksAtTheHostsThatSuchAGroupWouldHave() {
    assertThat(onlyHost(whatIf(""))).isEqualTo(AMD);
    assertThat(onlyHost(whatIf(", \"architecture\": \"arm64\""))).isEqualTo(ARM);
    assertThat(onlyHost(whatIf(", \"computeCategory\": \"economy\""))).isEqualTo(ECONOMY);
    assertThat(onlyHost(whatIf(", \"poolId\": \"cheap\""))).isEqualTo(ECONOMY);
    assertThat(whatIf(", \"poolId\": \"usual\"").path("hostsFitting").asInt()).isEqualTo(2);
    JsonNode cheap = whatIf(", \"poolId\": \"usual\", \"computeCategory\": \"economy\"");
    assertThat(cheap.path("outcome").asString()).isEqualTo("Refused");
    assertThat(cheap.path("hostsFitting").asInt()).isZero();
    JsonNode typed = whatIf(", \"instanceType\": \"ecs.g8y.large\"");
    assertThat(typed.path("ruledOut").toString())
        .as("no host is declared to be of it, and one that is would be of ARM64")
        .contains("ArchitectureMismatch", "InstanceTypeMismatch");
  }
}
