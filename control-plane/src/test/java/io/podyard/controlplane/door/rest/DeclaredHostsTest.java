package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Hosts come and go as operators declare them, in a file and by the API. */
class DeclaredHostsTest {

  private static final String GROUPS = "/v1/container-groups";

  /** The file is looked at every two seconds, and has to read the same twice. */
  private static final Duration THREE_LOOKS = Duration.ofSeconds(7);

  @TempDir private Path folder;
  private Path file;
  private TestServer server;
  private RestClient operator;
  private RestClient user;

  @BeforeEach
  void startServer() throws IOException {
    file = folder.resolve("inventory.yaml");
    declare(
        """
        - {hostId: sim-0001, zoneId: cn-hangzhou-b, gpus: 2, gpuModel: A10, labels: {disk: ssd}}
        """);
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(3, "8vCPU/16GiB")
                .with("podyard.runtime", "none")
                .with("podyard.shards", "2")
                .with("podyard.inventory", file.toString()));
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** As a careful editor does it: the file is whole at every moment. */
  private void declare(String hosts) throws IOException {
    Path next = folder.resolve("next.yaml");
    Files.writeString(
        next,
        """
        pools:
          - poolId: of-file
            regionId: cn-hangzhou
            runtime: simulated
            policy: spread
            hosts:
        """
            + hosts.indent(6));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private JsonNode host(String id) {
    return operator.get("/v1/hosts/" + id).ok().json();
  }

  private List<String> hosts() {
    return StreamSupport.stream(
            operator.get("/v1/hosts").ok().json().path("hosts").spliterator(), false)
        .map(host -> host.path("hostId").asString() + " " + host.path("state").asString())
        .toList();
  }

  private void await(String... hosts) {
    Waiting.until("hosts are " + List.of(hosts), () -> hosts().equals(List.of(hosts)));
  }

  private String create(String cpu) {
    return user.post(
            GROUPS,
            """
            {"containerGroupName": "declared", "cpu": %s, "memory": 4,
             "container": [{"name": "main", "image": "registry.test/app:1"}]}
            """
                .formatted(cpu))
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  private void awaitRunning(String id) {
    Waiting.until(
        id + " runs",
        () -> user.get(GROUPS + "/" + id).ok().json().path("status").asString().equals("Running"));
  }

  private String hostOf(String group) {
    return String.valueOf(
        server
            .jdbc()
            .queryForObject(
                "select host_id from container_group where id = ?", String.class, group));
  }

  @Test
  void theFileBringsHostsAndTakesThemAway() throws Exception {
    await("sim-0001 Ready");
    JsonNode first = host("sim-0001");
    assertThat(first.path("declaredBy").asString()).isEqualTo("File");
    assertThat(first.path("gpus").size()).isEqualTo(2);
    assertThat(first.path("labels").get(0).asString()).isEqualTo("disk=ssd");
    assertThat(first.path("allocatable").path("cpu").asInt()).isEqualTo(8);
    String group = create("6");
    awaitRunning(group);
    assertThat(hostOf(group)).isEqualTo("sim-0001");

    String waits = create("6");
    declare(
        """
        - {hostId: sim-0002, zoneId: cn-hangzhou-b}
        """);
    awaitRunning(waits);
    assertThat(hostOf(waits)).isEqualTo("sim-0002");
    Waiting.until(
        "the host that is not declared any more leaves",
        () -> !host("sim-0001").path("leavingSince").isMissingNode());
    assertThat(host("sim-0001").path("state").asString()).isEqualTo("Cordoned");
    assertThat(user.get(GROUPS + "/" + group).ok().json().path("status").asString())
        .as("what is there goes on")
        .isEqualTo("Running");

    user.delete(GROUPS + "/" + group + "?force=true").ok();
    await("sim-0002 Ready");
    declare("- {hostId: sim-0002, zoneId: cn-hangzhou-b, cordoned: true}");
    await("sim-0002 Cordoned");
    // Were it read as far as it can be, the cordon would end and another host come.
    declare(
        """
        - {hostId: sim-0002, zoneId: cn-hangzhou-b, labelz: {a: b}}
        - {hostId: sim-0003, zoneId: cn-hangzhou-b}
        """);
    Waiting.during(THREE_LOOKS, () -> hosts().equals(List.of("sim-0002 Cordoned")));
    declare("- {hostId: sim-0002, zoneId: cn-hangzhou-b}");
    await("sim-0002 Ready");
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void theFileDrainsAHostAndTakesItBack() throws Exception {
    await("sim-0001 Ready");
    String group = create("6");
    awaitRunning(group);
    declare("- {hostId: sim-0001, zoneId: cn-hangzhou-b, drain: {deadline: 1h, reason: disks}}");
    await("sim-0001 Draining");
    JsonNode drain = host("sim-0001").path("drain");
    assertThat(drain.path("reason").asString()).isEqualTo("disks");
    assertThat(drain.path("containerGroupsLeft").asInt()).isEqualTo(1);

    // Another file with the same drain is no other drain.
    declare(
        "- {hostId: sim-0001, zoneId: cn-hangzhou-b, labels: {a: b},"
            + " drain: {deadline: 1h, reason: disks}}");
    Waiting.until(
        "the file is read again",
        () -> host("sim-0001").path("labels").path(0).asString("").equals("a=b"));
    assertThat(host("sim-0001").path("drain").path("deadline")).isEqualTo(drain.path("deadline"));
    declare("- {hostId: sim-0001, zoneId: cn-hangzhou-b}");
    await("sim-0001 Ready");
    assertThat(user.get(GROUPS + "/" + group).ok().json().path("status").asString())
        .isEqualTo("Running");

    declare("- {hostId: sim-0001, zoneId: cn-hangzhou-b, drain: {deadline: 0s}}");
    Waiting.until(
        "what is left at the deadline ends",
        () ->
            user.get(GROUPS + "/" + group).ok().json().path("status").asString().equals("Failed"));
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private boolean stays(String host) {
    return host(host).path("leavingSince").isMissingNode();
  }

  /** As a careless editor does it. */
  private void overwrite(String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatIsBeingWrittenOrIsEmptyLetsNoHostGo() {
    await("sim-0001 Ready");
    AtomicInteger line = new AtomicInteger();
    String pool = "  - {poolId: of-file, regionId: cn-hangzhou, runtime: simulated, hosts: []}\n";
    Waiting.during(
        THREE_LOOKS,
        () -> {
          overwrite("pools:\n%s  # line %d\n".formatted(pool, line.getAndIncrement()));
          return stays("sim-0001");
        });
    overwrite("");
    Waiting.during(THREE_LOOKS, () -> stays("sim-0001"));
    overwrite("pools: []\n");
    await();
  }

  @Test
  void aHostGoesAlthoughThereAreRecordsOfGroupsThatEndedThere() throws Exception {
    await("sim-0001 Ready");
    String group = create("6");
    awaitRunning(group);
    String log = GROUPS + "/" + group + "/containers/main/log";
    assertThat(user.get(log).status()).isEqualTo(200);
    declare("- {hostId: sim-0001, zoneId: cn-hangzhou-b, drain: {deadline: 0s}}");
    Waiting.until(
        "it ends",
        () ->
            user.get(GROUPS + "/" + group).ok().json().path("status").asString().equals("Failed"));

    declare("- {hostId: sim-0002, zoneId: cn-hangzhou-b}");
    await("sim-0002 Ready");
    assertThat(user.get(GROUPS + "/" + group).ok().json().path("status").asString())
        .isEqualTo("Failed");
    assertThat(hostOf(group)).as("where it was").isEqualTo("sim-0001");
    Waiting.until("nobody waits for an answer of the host", () -> user.get(log).status() == 404);
    assertThat(user.get(log).body()).contains("its log is not kept any more");
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    user.delete(GROUPS + "/" + group).ok();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  @Test
  void whatTheFileSaysAndCannotBeForNowIsDoneWhenItCanBe() throws Exception {
    await("sim-0001 Ready");
    String group = create("6");
    awaitRunning(group);
    declare(
        "- {hostId: sim-0001, zoneId: cn-hangzhou-h}\n- {hostId: sim-0002, zoneId: cn-hangzhou-b}");
    await("sim-0001 Ready", "sim-0002 Ready");
    assertThat(host("sim-0001").path("zoneId").asString())
        .as("as long as groups are on it")
        .isEqualTo("cn-hangzhou-b");
    user.delete(GROUPS + "/" + group + "?force=true").ok();
    Waiting.until(
        "it is in the zone that the file says",
        () -> host("sim-0001").path("zoneId").asString().equals("cn-hangzhou-h"));
  }

  @Test
  void operatorsAddAndLetGoHosts() {
    await("sim-0001 Ready");
    assertThat(
            operator
                .put(
                    "/v1/pools/small",
                    """
                    {"regionId": "cn-hangzhou", "runtime": "simulated", "policy": "best-fit"}
                    """)
                .ok()
                .json()
                .path("declaredBy")
                .asString())
        .isEqualTo("Api");
    JsonNode added =
        operator
            .put(
                "/v1/hosts/sim-0003",
                """
                {"poolId": "small", "zoneId": "cn-hangzhou-b", "cpu": 2, "memory": 4, "disk": 50}
                """)
            .ok()
            .json();
    assertThat(added.path("state").asString()).isEqualTo("Unreachable");
    await("sim-0001 Ready", "sim-0003 Ready");
    assertThat(host("sim-0003").path("allocatable").path("cpu").asInt()).isEqualTo(2);
    Waiting.until(
        "what it reports is known",
        () -> host("sim-0003").path("reported").path("cpu").asInt() == 8);

    // The picture that placement has of the hosts may lag behind the tables.
    Waiting.until(
        "placement knows it",
        () ->
            operator
                .post("/v1/placements/explain", "{\"cpu\": 2, \"memory\": 4}")
                .ok()
                .json()
                .path("candidates")
                .path(0)
                .path("hostId")
                .asString("")
                .equals("sim-0003"));
    String small = create("2");
    awaitRunning(small);
    assertThat(hostOf(small)).as("best fit before spread").isEqualTo("sim-0003");
    assertThat(host("sim-0003").path("disk").path("reserved").asInt()).isEqualTo(30);

    for (RestClient.Answer refused :
        List.of(
            operator.delete("/v1/pools/small"),
            operator.delete("/v1/pools/of-file"),
            operator.delete("/v1/hosts/sim-0001"),
            operator.put(
                "/v1/hosts/sim-0001", "{\"poolId\": \"small\", \"zoneId\": \"cn-hangzhou-b\"}"))) {
      assertThat(refused.status()).as(refused.body()).isEqualTo(400);
      assertThat(refused.code()).isEqualTo("IncorrectStatus");
    }
    operator.delete("/v1/hosts/sim-0003").ok();
    user.delete(GROUPS + "/" + small + "?force=true").ok();
    await("sim-0001 Ready");
    operator.delete("/v1/pools/small").ok();
    assertThat(operator.get("/v1/pools").ok().json().path("pools").size()).isEqualTo(1);
    assertThat(operator.delete("/v1/pools/small").status()).isEqualTo(404);
    assertThat(operator.delete("/v1/hosts/sim-0003").status()).isEqualTo(404);
  }

  private void addOfApi(String host) {
    operator
        .put("/v1/hosts/" + host, "{\"poolId\": \"small\", \"zoneId\": \"cn-hangzhou-b\"}")
        .ok();
  }

  @Test
  void aHostThatIsDeclaredAgainAsSoonAsItIsForgottenTellsAgainWhatItHas() {
    operator
        .put("/v1/pools/small", "{\"regionId\": \"cn-hangzhou\", \"runtime\": \"simulated\"}")
        .ok();
    addOfApi("sim-0003");
    await("sim-0001 Ready", "sim-0003 Ready");
    Waiting.until(
        "what it reports is known",
        () -> host("sim-0003").path("reported").path("cpu").asInt() == 8);

    operator.delete("/v1/hosts/sim-0003").ok();
    Waiting.until("it is gone", () -> operator.get("/v1/hosts/sim-0003").status() == 404);
    addOfApi("sim-0003");
    Waiting.until(
        "what it reports is known again",
        () -> host("sim-0003").path("allocatable").path("cpu").asInt() == 8);
    assertThat(host("sim-0003").path("reported").path("cpu").asInt()).isEqualTo(8);
  }
}
