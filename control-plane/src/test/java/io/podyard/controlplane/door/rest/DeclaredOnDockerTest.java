package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.docker.DockerEngine;
import io.podyard.runtime.docker.EngineObjects;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestRegistry;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Docker Engines that an operator declares, one of which accepts calls and never answers. */
@Tag("docker")
class DeclaredOnDockerTest {

  private static final BigDecimal MIB_OF_GIB = new BigDecimal(1024);

  @TempDir private Path folder;

  @Test
  void aDeclaredEngineRunsGroupsThoughAnotherNeverAnswers() throws Exception {
    try (DockerEngine engine = EngineForTests.engine(folder);
        TestRegistry registry = new TestRegistry();
        ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestServer server =
            TestServer.start(TestServer.Options.USUAL.with("podyard.runtime", "none"))) {
      registry.put("library/busybox", "1", EngineForTests.busybox());
      try {
        RestClient operator = new RestClient(server.endpoint(), server.operator());
        operator
            .put("/v1/pools/engines", "{\"regionId\": \"cn-hangzhou\", \"runtime\": \"docker\"}")
            .ok();
        declare(operator, "mute", "tcp://127.0.0.1:" + mute.getLocalPort());
        declare(operator, "engine", DockerPool.address(System.getenv()).toString());
        Waiting.until("the engine is ready", () -> isReady(operator, "engine"));
        // It may answer a look before it was asked what it has.
        Waiting.until(
            "the engine has told what it is",
            () ->
                operator
                    .get("/v1/hosts/engine")
                    .ok()
                    .json()
                    .path("engine")
                    .asString()
                    .startsWith("docker "));
        JsonNode host = operator.get("/v1/hosts/engine").ok().json();
        String said = saidByEngine();
        assertThat(capacity(host.path("reported"))).isEqualTo(said);
        assertThat(capacity(host.path("allocatable")))
            .as("where nothing is declared, all of it")
            .isEqualTo(said);

        RestClient user = new RestClient(server.endpoint(), server.newAccount());
        String id =
            user.post(
                    "/v1/container-groups",
                    """
                    {"containerGroupName": "declared", "cpu": 0.25, "memory": 0.5,
                     "terminationGracePeriodSeconds": 1,
                     "container": [{"name": "main", "image": "%s/library/busybox:1",
                                    "command": ["sh"], "arg": ["-c", "echo here; sleep 1000; true"]}]}
                    """
                        .formatted(registry.host()))
                .ok()
                .json()
                .path("containerGroupId")
                .asString();
        String group = "/v1/container-groups/" + id;
        Waiting.until(
            "the group runs",
            () -> user.get(group).ok().json().path("status").asString().equals("Running"));
        assertThat(isReady(operator, "mute")).isFalse();
        user.delete(group).ok();
        operator.delete("/v1/hosts/mute").ok();
        Waiting.until(
            "the other is forgotten", () -> operator.get("/v1/hosts/mute").status() == 404);
        assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
      } finally {
        EngineObjects.removeAll(engine, new Inventory(server.jdbc()).installation());
      }
    }
  }

  private static void declare(RestClient operator, String id, String address) {
    operator
        .put(
            "/v1/hosts/" + id,
            """
            {"poolId": "engines", "zoneId": "cn-hangzhou-b", "address": "%s"}
            """
                .formatted(address))
        .ok();
  }

  private static String capacity(JsonNode capacity) {
    return "%d vCPU, %d MiB"
        .formatted(
            capacity.path("cpu").decimalValue().intValueExact(),
            capacity.path("memory").decimalValue().multiply(MIB_OF_GIB).intValue());
  }

  /** The same as the engine's own client tells it. */
  private static String saidByEngine() throws Exception {
    Process asking =
        new ProcessBuilder("docker", "info", "--format", "{{.NCPU}} {{.MemTotal}}")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] said =
        new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .strip()
            .split(" ");
    assertThat(asking.waitFor()).isZero();
    return "%s vCPU, %d MiB".formatted(said[0], Long.parseLong(said[1]) / (1 << 20));
  }

  private static boolean isReady(RestClient operator, String id) {
    return operator.get("/v1/hosts/" + id).ok().json().path("state").asString().equals("Ready");
  }
}
