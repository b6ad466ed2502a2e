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

/** Pools come, change and go with the inventory file while the server runs. */
class InventoryFilePoolsTest {

  private static final String GROUPS = "/v1/container-groups";

  private static final String STAYS =
      """
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
    declare(STAYS + goes("policy: spread"));
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "8vCPU/16GiB")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", file().toString()));
    operator = new RestClient(server.endpoint(), server.operator());
    user = new RestClient(server.endpoint(), server.newAccount());
    await("sim-0001 stays Ready", "sim-0002 goes Ready");
  }

  @AfterEach
  void judgeAndStop() throws Exception {
    try {
      assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
    } finally {
      server.close();
    }
  }

  private static String goes(String more) {
    return """
    - poolId: goes
      regionId: cn-hangzhou
      runtime: simulated
      %s
      hosts:
        - {hostId: sim-0002, zoneId: cn-hangzhou-b}
    """
        .formatted(more);
  }

  private Path file() {
    return folder.resolve("inventory.yaml");
  }

  /** The file is whole at every moment. */
  private void declare(String pools) throws IOException {
    Path next = Files.writeString(folder.resolve("next.yaml"), "pools:\n" + pools.indent(2));
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> hosts() {
    return operator
        .get("/v1/hosts")
        .ok()
        .json()
        .path("hosts")
        .valueStream()
        .map(
            host ->
                "%s %s %s"
                    .formatted(
                        host.path("hostId").asString(),
                        host.path("poolId").asString(),
                        host.path("state").asString()))
        .toList();
  }

  private void await(String... hosts) {
    Waiting.until("hosts are " + List.of(hosts), () -> hosts().equals(List.of(hosts)));
  }

  private List<String> pools() {
    return operator
        .get("/v1/pools")
        .ok()
        .json()
        .path("pools")
        .valueStream()
        .map(pool -> pool.path("poolId").asString() + " " + pool.path("policy").asString())
        .toList();
  }

  /** By which policy placement would take the host of the pool. */
  private String decidesBy() {
    return operator
        .post("/v1/placements/explain", "{\"cpu\": 1, \"memory\": 2, \"poolId\": \"goes\"}")
        .ok()
        .json()
        .path("candidates")
        .path(0)
        .path("policy")
        .asString("none");
  }

  private String status(String group) {
    return user.get(GROUPS + "/" + group).ok().json().path("status").asString();
  }

  private String create() {
    return user.post(
            GROUPS,
            """
            {"containerGroupName": "declared", "cpu": 6, "memory": 4,
             "container": [{"name": "main", "image": "registry.test/app:1"}]}
            """)
        .ok()
        .json()
        .path("containerGroupId")
        .asString();
  }

  @Test
  void aPolicyAndACordonThatChangeInTheFileHoldForThePoolsHosts() throws Exception {
    assertThat(pools()).containsExactly("goes spread", "stays best-fit");
    Waiting.until("the policy counts", () -> decidesBy().equals("spread"));
    declare(STAYS + goes("policy: fragmentation-aware"));
    Waiting.until("the other policy counts", () -> decidesBy().equals("fragmentation-aware"));
    assertThat(pools()).containsExactly("goes fragmentation-aware", "stays best-fit");

    declare(STAYS + goes("cordoned: true"));
    await("sim-0001 stays Ready", "sim-0002 goes Cordoned");
    Waiting.until("it is no candidate", () -> decidesBy().equals("none"));
    assertThat(pools()).as("what is left out is as usual").contains("goes best-fit");
    declare(STAYS + goes("policy: best-fit"));
    await("sim-0001 stays Ready", "sim-0002 goes Ready");
    Waiting.until("it is a candidate again", () -> decidesBy().equals("best-fit"));
  }

  @Test
  void aPoolThatIsTakenOutOfTheFileGoesAfterItsLastHost() throws Exception {
    String first = create();
    String second = create();
    for (String group : List.of(first, second)) {
      Waiting.until(group + " runs", () -> status(group).equals("Running"));
    }
    String there =
        String.valueOf(
            server
                .jdbc()
                .queryForObject(
                    "select id from container_group where host_id = 'sim-0002'", String.class));

    declare(STAYS);
    await("sim-0001 stays Ready", "sim-0002 goes Cordoned");
    assertThat(pools()).as("as long as it has a host").hasSize(2);
    assertThat(status(there)).as("what is there goes on").isEqualTo("Running");
    user.delete(GROUPS + "/" + there + "?force=true").ok();
    await("sim-0001 stays Ready");
    Waiting.until("the pool is gone", () -> pools().equals(List.of("stays best-fit")));

    // A group on the pool that stays is not touched, and the pool may come back.
    declare(STAYS + goes("policy: spread"));
    await("sim-0001 stays Ready", "sim-0002 goes Ready");
    assertThat(pools()).containsExactly("goes spread", "stays best-fit");
    String other = there.equals(first) ? second : first;
    assertThat(status(other)).isEqualTo("Running");
    user.delete(GROUPS + "/" + other + "?force=true").ok();
  }
}
