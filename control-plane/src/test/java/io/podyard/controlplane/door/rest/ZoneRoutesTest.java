package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Zones and regions come and go as operators declare them, by the API and in the file. */
class ZoneRoutesTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final String VSWITCHES = "/v1/vswitches";
  private static final String NEW = "/v1/regions/cn-test/zones/cn-test-a";
  private static final String HOME = "/v1/regions/cn-hangzhou/zones/";
  private static final String OF_FILE = HOME + "cn-hangzhou-x";
  private static final String OF_SETTINGS = HOME + "cn-hangzhou-b";

  private static final String POOLS =
      """
      pools:
        - poolId: stays
          regionId: cn-hangzhou
          runtime: simulated
          hosts:
            - {hostId: sim-0001, zoneId: cn-hangzhou-b}
      """;

  @TempDir private Path folder;
  private TestServer server;
  private RestClient operator;
  private RestClient user;

  @BeforeEach
  void startServer() throws IOException {
    declare("zones:\n  cn-hangzhou: [cn-hangzhou-x]\n" + POOLS);
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "8vCPU/16GiB")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", file().toString()));
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Path file() {
    return folder.resolve("inventory.yaml");
  }

  /** The file is whole at every moment. */
  private void declare(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next.yaml"), text);
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> zones() {
    return operator
        .get("/v1/zones")
        .ok()
        .json()
        .path("zones")
        .valueStream()
        .map(
            zone ->
                "%s %s %s"
                    .formatted(
                        zone.path("regionId").asString(),
                        zone.path("zoneId").asString(),
                        zone.path("declaredBy").asString()))
        .toList();
  }

  private JsonNode zone(String id) {
    return operator
        .get("/v1/zones")
        .ok()
        .json()
        .path("zones")
        .valueStream()
        .filter(zone -> zone.path("zoneId").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private List<String> regions() {
    return user.get("/v1/regions")
        .ok()
        .json()
        .path("regions")
        .valueStream()
        .map(region -> region.path("regionId").asString())
        .toList();
  }

  private List<String> hosts() {
    return operator
        .get("/v1/hosts")
        .ok()
        .json()
        .path("hosts")
        .valueStream()
        .map(host -> host.path("hostId").asString())
        .toList();
  }

  private static void refused(RestClient.Answer answer, String... words) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("IncorrectStatus");
    assertThat(answer.json().path("detail").asString()).contains(words);
  }

  private static void noZone(RestClient.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("InvalidParameter");
    assertThat(answer.wrongFields()).containsExactly("zoneId");
  }

  private static String group(String more) {
    return """
    {"containerGroupName": "elsewhere", "cpu": 1, "memory": 2, %s,
     "container": [{"name": "main", "image": "registry.test/app:1"}]}
    """
        .formatted(more);
  }

  @Test
  void aRegionComesWithItsFirstZoneIsServedAndGoesWithItsLast() throws Exception {
    assertThat(regions()).containsExactly("cn-hangzhou");
    JsonNode added = operator.put(NEW, "{}").ok().json();
    assertThat(added.path("declaredBy").asString()).isEqualTo("Api");
    assertThat(added.path("open").asBoolean()).isFalse();
    operator.put(NEW, "{}").ok();
    assertThat(zones()).containsOnlyOnce("cn-test cn-test-a Api");
    assertThat(regions()).containsExactly("cn-hangzhou", "cn-test");

    operator.put("/v1/pools/p", "{\"regionId\": \"cn-test\", \"runtime\": \"simulated\"}").ok();
    operator.put("/v1/hosts/sim-0002", "{\"poolId\": \"p\", \"zoneId\": \"cn-test-a\"}").ok();
    Waiting.until("the zone is open", () -> zone("cn-test-a").path("open").asBoolean());
    String id =
        user.post(GROUPS, group("\"regionId\": \"cn-test\", \"vSwitchId\": \"vsw-test\""))
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    String path = GROUPS + "/" + id;
    Waiting.until(
        "it runs there",
        () -> user.get(path).ok().json().path("status").asString().equals("Running"));
    assertThat(user.get(path).ok().json().path("zoneId").asString()).isEqualTo("cn-test-a");
    assertThat(zone("cn-test-a").path("hosts").asInt()).isEqualTo(1);
    assertThat(zone("cn-test-a").path("vSwitches").asInt()).isEqualTo(1);
    refused(
        operator.delete(NEW),
        "zone cn-test-a still has 1 host (sim-0002), 1 vSwitch (vsw-test of account",
        "1 container group (" + id + ").");

    user.delete(path + "?regionId=cn-test&force=true").ok();
    Waiting.until(
        "the vSwitch can go",
        () -> user.delete(VSWITCHES + "/vsw-test?regionId=cn-test").status() == 200);
    operator.delete("/v1/hosts/sim-0002").ok();
    Waiting.until("the host is gone", () -> hosts().equals(List.of("sim-0001")));
    refused(
        operator.delete(NEW),
        "zone cn-test-a is the last one of cn-test, which still has 1 pool (p).");
    operator.delete("/v1/pools/p").ok();
    operator.delete(NEW).ok();
    assertThat(regions()).containsExactly("cn-hangzhou");
    assertThat(operator.delete(NEW).status()).isEqualTo(404);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void whatTheFileAndTheSettingsDeclareIsTheirs() throws Exception {
    assertThat(zones())
        .contains("cn-hangzhou cn-hangzhou-b Settings", "cn-hangzhou cn-hangzhou-x File");
    refused(operator.put(OF_FILE, "{}"), "is declared in the inventory file");
    refused(operator.delete(OF_FILE), "is declared in the inventory file");
    refused(operator.delete(OF_SETTINGS), "comes from the settings of a server");
    assertThat(operator.put(OF_SETTINGS, "{}").ok().json().path("declaredBy").asString())
        .isEqualTo("Settings");

    // As a server without the file would.
    server.jdbc().update("delete from zone where id in ('cn-hangzhou-x', 'cn-hangzhou-k')");
    Waiting.until(
        "both are there again",
        () ->
            zones()
                .containsAll(
                    List.of(
                        "cn-hangzhou cn-hangzhou-k Settings", "cn-hangzhou cn-hangzhou-x File")));

    declare(POOLS);
    Waiting.until("it stays", () -> zones().contains("cn-hangzhou cn-hangzhou-x Api"));
    operator.delete(OF_FILE).ok();
    assertThat(zones()).noneMatch(zone -> zone.contains("cn-hangzhou-x"));
  }

  @Test
  void aZoneThatAnotherServerTookAwayIsRefusedThoughThisOneStillTrustsIt() {
    String batch =
        group("\"zoneId\": \"cn-hangzhou-y\", \"vSwitchId\": [\"vsw-y\"], \"amount\": 2");
    takenAway();
    noZone(user.post(GROUPS, group("\"zoneId\": \"cn-hangzhou-y\", \"vSwitchId\": \"vsw-y\"")));
    takenAway();
    noZone(user.post("/v1/container-group-batches", batch));
    takenAway();
    noZone(user.post(VSWITCHES, "{\"zoneId\": \"cn-hangzhou-y\"}"));
  }

  private void takenAway() {
    operator.put(HOME + "cn-hangzhou-y", "{}").ok();
    server.jdbc().update("delete from zone where id = 'cn-hangzhou-y'");
  }
}
