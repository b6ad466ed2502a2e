package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** vSwitches as resources, and what their addresses are to container groups. */
class VSwitchRoutesTest {

  private static final String VSWITCHES = "/v1/vswitches";
  private static final String GROUPS = "/v1/container-groups";
  private static final String B = "cn-hangzhou-b";
  private static final String G = "cn-hangzhou-g";

  private static TestServer server;

  private final RestClient client = newClient();

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "4vCPU/8GiB")
                .with("podyard.quotas.max-v-switch", "3"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static RestClient newClient() {
    return new RestClient(server.endpoint(), server.newAccount());
  }

  private RestClient.Answer create(String zone, String cidr, String id) {
    return client.post(
        VSWITCHES,
        "{\"zoneId\": \"%s\", \"cidrBlock\": \"%s\", \"vSwitchId\": \"%s\"}"
            .formatted(zone, cidr, id));
  }

  private static String body(String vSwitches, double cpu, String more) {
    return """
    {"containerGroupName": "addressed", "cpu": %s, "memory": %s, "vSwitchId": "%s",
     "container": [{"name": "main", "image": "registry.test/shell:1", "command": ["sleep"],
                    "arg": ["infinity"]}] %s}
    """
        .formatted(cpu, 2 * cpu, vSwitches, more);
  }

  private static final String ORDERED = ", \"scheduleStrategy\": \"VSwitchOrdered\"";

  private String group(String vSwitches, double cpu) {
    return client
        .post(GROUPS, body(vSwitches, cpu, ORDERED))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private JsonNode running(String id) {
    Waiting.until(
        id + " runs",
        () -> client.get(GROUPS + "/" + id).json().path("status").asString().equals("Running"));
    return client.get(GROUPS + "/" + id).ok().json();
  }

  private void end(String id) {
    client.delete(GROUPS + "/" + id + "?force=true").ok();
    Waiting.until(
        id + " has given everything back",
        () ->
            server
                .jdbc()
                .queryForList("select 1 from reservation where group_id = ?", Integer.class, id)
                .isEmpty());
  }

  private int free(String vSwitch) {
    return client
        .get(VSWITCHES + "/" + vSwitch)
        .ok()
        .json()
        .path("availableIpAddressCount")
        .asInt(-1);
  }

  @Test
  void theyAreMadeListedReadAndDeleted() {
    JsonNode made =
        client
            .post(VSWITCHES, "{\"cidrBlock\": \"192.168.10.0/24\", \"vSwitchName\": \"web\"}")
            .ok()
            .json();
    String id = made.path("vSwitchId").asString();
    assertThat(id).matches("vsw-[a-z0-9]{20}");
    assertThat(made.path("zoneId").asString()).isEqualTo(B);
    assertThat(made.path("regionId").asString()).isEqualTo("cn-hangzhou");
    assertThat(made.path("vSwitchName").asString()).isEqualTo("web");
    assertThat(made.path("cidrBlock").asString()).isEqualTo("192.168.10.0/24");
    assertThat(made.path("availableIpAddressCount").asInt()).isEqualTo(252);
    assertThat(made.path("creationTime").asString()).isNotEmpty();

    String renamed = "{\"vSwitchName\": \"%s\"}";
    String path = VSWITCHES + "/" + id;
    assertThat(patched(path, renamed.formatted("shop")).path("vSwitchName").asString())
        .isEqualTo("shop");
    JsonNode shop = client.get(path).ok().json();
    assertThat(shop.path("vSwitchName").asString()).isEqualTo("shop");
    assertThat(shop.path("cidrBlock")).isEqualTo(made.path("cidrBlock"));
    assertThat(patched(path, renamed.formatted("")).hasNonNull("vSwitchName")).isFalse();
    assertThat(client.send("PATCH", path, "{}", Map.of()).code()).isEqualTo("MissingParameter");
    assertThat(client.send("PATCH", path + "0", renamed.formatted("x"), Map.of()).status())
        .isEqualTo(404);

    JsonNode plain = client.post(VSWITCHES, "{\"vSwitchId\": \"vsw-own\"}").ok().json();
    assertThat(plain.path("vSwitchId").asString()).isEqualTo("vsw-own");
    assertThat(plain.hasNonNull("cidrBlock")).isFalse();
    assertThat(plain.hasNonNull("availableIpAddressCount")).isFalse();

    JsonNode first = client.get(VSWITCHES + "?limit=1").ok().json();
    JsonNode second =
        client
            .get(VSWITCHES + "?limit=1&nextToken=" + first.path("nextToken").asString())
            .ok()
            .json();
    Set<String> ids = new HashSet<>();
    for (JsonNode page : List.of(first, second)) {
      page.path("vSwitches").forEach(one -> ids.add(one.path("vSwitchId").asString()));
    }
    assertThat(ids).containsExactlyInAnyOrder(id, "vsw-own");
    assertThat(second.hasNonNull("nextToken")).isFalse();

    client.delete(VSWITCHES + "/" + id).ok();
    RestClient.Answer gone = client.get(VSWITCHES + "/" + id);
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.code()).isEqualTo("InvalidParameter.NotFound");
    assertThat(client.delete(VSWITCHES + "/" + id).status()).isEqualTo(404);
  }

  private JsonNode patched(String path, String body) {
    return client.send("PATCH", path, body, Map.of()).ok().json();
  }

  @Test
  void noTwoShareAnAddressWhoeverTheyAreOf() {
    create(B, "10.20.0.0/16", "vsw-large").ok();

    RestClient.Answer own = create(B, "10.20.7.0/24", "vsw-small");
    assertThat(own.status()).isEqualTo(400);
    assertThat(own.code()).isEqualTo("OperationConflict");
    assertThat(own.wrongFields()).containsExactly("cidrBlock");
    assertThat(own.body()).contains("10.20.7.0/24", "10.20.0.0/16 of VSwitchId vsw-large");

    RestClient other = newClient();
    RestClient.Answer foreign = other.post(VSWITCHES, "{\"cidrBlock\": \"10.20.7.0/24\"}");
    assertThat(foreign.code()).isEqualTo("OperationConflict");
    assertThat(foreign.body())
        .contains("addresses of cn-hangzhou that are in use")
        .doesNotContain("vsw-large", "10.20.0.0/16");

    // Where vSwitches without addresses get their networks from.
    assertThat(create(B, "10.203.0.0/24", "vsw-small").body())
        .contains("OperationConflict", "10.200.0.0/13");
    assertThat(create(B, "10.21.0.0/24", "vsw-large").body())
        .contains("OperationConflict", "vSwitchId");

    create(B, "10.21.0.0/24", "vsw-2").ok();
    create(B, "10.22.0.0/24", "vsw-3").ok();
    RestClient.Answer many = create(B, "10.23.0.0/24", "vsw-4");
    assertThat(many.code()).isEqualTo("QuotaExceeded");
    assertThat(many.body()).contains("3 vSwitches");
    client.delete(VSWITCHES + "/vsw-2").ok();
    create(G, "10.23.0.0/24", "vsw-4").ok();
  }

  @Test
  void groupsHaveTheAddressesOfTheirVSwitchAndTheNextOneIsTriedWhenNoneIsLeft() throws Exception {
    create(B, "192.168.30.0/29", "vsw-b").ok();
    create(G, "192.168.31.0/29", "vsw-g").ok();
    List<String> inB = new ArrayList<>();
    Set<String> addresses = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      String id = group("vsw-b,vsw-g", 0.25);
      inB.add(id);
      JsonNode group = running(id);
      assertThat(group.path("vSwitchId").asString()).isEqualTo("vsw-b");
      assertThat(group.path("zoneId").asString()).isEqualTo(B);
      addresses.add(group.path("intranetIp").asString());
    }
    assertThat(addresses)
        .containsExactlyInAnyOrder("192.168.30.1", "192.168.30.2", "192.168.30.3", "192.168.30.4");
    assertThat(free("vsw-b")).isZero();

    for (String more : List.of("", ", \"dryRun\": true")) {
      RestClient.Answer full = client.post(GROUPS, body("vsw-b", 0.25, more));
      assertThat(full.status()).isEqualTo(403);
      assertThat(full.code()).isEqualTo("InvalidVSwitchId.IpNotEnough");
      assertThat(full.body())
          .contains("None of the 4 addresses of VSwitchId vsw-b (192.168.30.0/29) is free now.");
    }
    String next = group("vsw-b,vsw-g", 0.25);
    JsonNode group = running(next);
    assertThat(group.path("vSwitchId").asString()).isEqualTo("vsw-g");
    assertThat(group.path("zoneId").asString()).isEqualTo(G);
    assertThat(group.path("intranetIp").asString()).isEqualTo("192.168.31.1");
    assertThat(free("vsw-g")).isEqualTo(3);
    assertThat(client.post(GROUPS, body("vsw-b,vsw-g", 0.25, ", \"dryRun\": true")).code())
        .isEqualTo("DryRunOperation");
    assertThat(
            client
                .post(
                    "/v1/container-group-batches",
                    body("vsw-b,vsw-g", 0.25, ", \"amount\": 4, \"dryRun\": true")
                        .replace("\"vsw-b,vsw-g\"", "[\"vsw-b\", \"vsw-g\"]"))
                .code())
        .isEqualTo("InvalidVSwitchId.IpNotEnough");

    RestClient.Answer used = client.delete(VSWITCHES + "/vsw-g");
    assertThat(used.status()).isEqualTo(400);
    assertThat(used.code()).isEqualTo("IncorrectStatus");
    assertThat(used.body()).contains(next);

    // The one that was given back first is given again first.
    String last = running(inB.get(3)).path("intranetIp").asString();
    end(inB.get(3));
    end(inB.get(0));
    assertThat(free("vsw-b")).isEqualTo(2);
    String again = group("vsw-b", 0.25);
    assertThat(running(again).path("intranetIp").asString()).isEqualTo(last);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();

    for (String id : List.of(inB.get(1), inB.get(2), next, again)) {
      end(id);
    }
    assertThat(free("vsw-b")).isEqualTo(4);
    client.delete(VSWITCHES + "/vsw-b").ok();
    client.delete(VSWITCHES + "/vsw-g").ok();
  }

  @Test
  void aGroupWaitsForWhicheverOfItsVSwitchesHasRoomFirst() throws Exception {
    create(B, "192.168.40.0/29", "vsw-b").ok();
    create(G, "192.168.41.0/29", "vsw-g").ok();
    String fillsB = group("vsw-b", 4);
    String fillsG = group("vsw-g", 4);
    running(fillsB);
    running(fillsG);

    String waits = group("vsw-b,vsw-g", 4);
    JsonNode waiting = client.get(GROUPS + "/" + waits).ok().json();
    assertThat(waiting.path("status").asString()).isEqualTo("Scheduling");
    assertThat(waiting.toString())
        .contains("VSwitchId vsw-b: None of 2 hosts", "VSwitchId vsw-g: None of 2 hosts");
    assertThat(free("vsw-b")).isEqualTo(3);
    assertThat(client.delete(VSWITCHES + "/vsw-g").code()).isEqualTo("IncorrectStatus");

    end(fillsG);

    JsonNode group = running(waits);
    assertThat(group.path("vSwitchId").asString()).isEqualTo("vsw-g");
    assertThat(group.path("zoneId").asString()).isEqualTo(G);
    assertThat(group.path("intranetIp").asString()).startsWith("192.168.41.");
    assertThat(client.get(GROUPS + "?vSwitchId=vsw-g").ok().body()).contains(waits);
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    end(fillsB);
    end(waits);
  }
}
