package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with vCPU and memory for many groups, and ephemeral disk for the 30 GiB of one. */
class ScarceDiskTest {

  @TempDir private Path folder;
  private TestServer server;
  private RestClient operator;
  private RestClient user;
  private Groups groups;

  @BeforeEach
  void startServer() throws IOException {
    Path inventory =
        Files.writeString(
            folder.resolve("inventory.yaml"),
            """
            pools:
              - poolId: small-disks
                regionId: cn-hangzhou
                runtime: simulated
                hosts:
                  - {hostId: sim-0001, zoneId: cn-hangzhou-b, disk: 50}
            """);
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "8vCPU/32GiB")
                .with("podyard.runtime", "none")
                .with("podyard.inventory", inventory.toString()));
    operator = new RestClient(server.endpoint(), server.operator());
    TestServer.Key key = server.newAccount();
    user = new RestClient(server.endpoint(), key);
    groups = Groups.of(server, key);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** What a group of 1 vCPU and 2 GiB is told by each of those who tell of room. */
  private record Room(String stock, String stockRoute, String dryRun, int hostsOfWhatIf) {}

  private Room room() {
    return new Room(
        groups.stock(
            "DestinationResource.Category=InstanceType",
            "DestinationResource.Cores=1",
            "DestinationResource.Memory=2",
            "ZoneId=cn-hangzhou-b"),
        user.get("/v1/available-resources?cpu=1&memory=2&zoneId=cn-hangzhou-b")
            .ok()
            .json()
            .path("zones")
            .path(0)
            .path("status")
            .asString(),
        groups
            .refusal(
                Action.CREATE_CONTAINER_GROUP,
                Groups.shell("sleep infinity", "Cpu=1", "Memory=2", "DryRun=true"))
            .code(),
        hostsFitting(""));
  }

  private int hostsFitting(String more) {
    return operator
        .post("/v1/placements/explain", "{\"cpu\": 1, \"memory\": 2" + more + "}")
        .ok()
        .json()
        .path("hostsFitting")
        .asInt();
  }

  @Test
  void stockADryRunAndWhatIfSayOfTheDiskWhatACreateFinds() throws Exception {
    Waiting.until(
        "the host is ready",
        () ->
            Objects.equals(
                server.jdbc().queryForObject("select state from host", String.class), "READY"));
    Waiting.until("the picture has it", () -> hostsFitting("") == 1);
    assertThat(hostsFitting(", \"disk\": 51")).as("its disk is counted").isZero();
    assertThat(room())
        .isEqualTo(new Room("WithStock", "WithStock", ErrorCode.DRY_RUN_OPERATION.code(), 1));

    String group = groups.create(Groups.shell("sleep infinity", "Cpu=1", "Memory=2"));
    groups.untilStatus(group, "Running");
    assertThat(room())
        .isEqualTo(
            new Room(
                "WithoutStock", "WithoutStock", ErrorCode.OPERATION_DENIED_NO_STOCK.code(), 0));
    assertThat(hostsFitting(", \"disk\": 20")).as("what is left of it").isEqualTo(1);
    String waits = groups.create(Groups.shell("sleep infinity", "Cpu=1", "Memory=2"));
    assertThat(groups.get(waits).status()).isEqualTo("Scheduling");

    groups.delete(group, "Force=true");
    groups.untilStatus(waits, "Running");
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }
}
