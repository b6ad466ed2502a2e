package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.ops.OpsRecordResponse;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.runtime.docker.testing.CoreDumps;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real packets and core dumps of real groups are kept although the server dies at each step of it.
 */
@Tag("docker")
class OpsOnDockerTest {

  private static final int PORT = 4711;
  private static final String TALK =
      "while true; do nc -w 1 127.0.0.1 %d </dev/null; sleep 0.05; done".formatted(PORT);

  /** Crashes as process 1 of its container once a file is there. */
  private static final String CRASH =
      "while [ ! -e /go ]; do sleep 0.1; done; exec %s %s '%s'"
          .formatted((Object[]) CoreDumps.CRASH);

  /** Where it dies, one after the other, with one and the same task. */
  private static final List<String> POINTS =
      List.of(
          "beginCapture:before",
          "beginCapture:after",
          // Begun, but not noted.
          "beginOps:before",
          "beginOps:after",
          "endCapture:before",
          "endCapture:after",
          // Stored, but not noted.
          "finishOps:before",
          "finishOps:after",
          "removeCapture:before",
          "removeCapture:after",
          "clearOps:before");

  private static final List<String> SHORT =
      List.of("beginCapture:after", "endCapture:before", "finishOps:before", "finishOps:after");

  @TempDir private Path folder;

  private static String create(
      PodyardClient client, String image, String restartPolicy, String script) {
    String id =
        String.valueOf(
            client
                .call(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ContainerGroupName",
                        "network",
                        "RestartPolicy",
                        restartPolicy,
                        "Cpu",
                        "0.25",
                        "Memory",
                        "0.5",
                        "Container.1.Name",
                        "main",
                        "Container.1.Image",
                        image,
                        "Container.1.Command.1",
                        "sh",
                        "Container.1.Command.2",
                        "-c",
                        "Container.1.Command.3",
                        script),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        id + " runs",
        () -> {
          List<ContainerGroupResponse> found =
              client
                  .call(
                      Action.DESCRIBE_CONTAINER_GROUPS,
                      Map.of("ContainerGroupIds", "[\"" + id + "\"]"),
                      DescribeContainerGroupsResponse.class)
                  .containerGroups();
          return !found.isEmpty() && "Running".equals(found.getFirst().status());
        });
    return id;
  }

  private static void capture(PodyardClient client, String group, String value) {
    task(client, group, "tcpdump", value);
  }

  private static void task(PodyardClient client, String group, String type, String value) {
    CreateInstanceOpsTaskResponse _ =
        client.call(
            Action.CREATE_INSTANCE_OPS_TASK,
            Map.of("ContainerGroupId", group, "OpsType", type, "OpsValue", value),
            CreateInstanceOpsTaskResponse.class);
  }

  private static OpsRecordResponse newest(PodyardClient client, String group, String type) {
    return client
        .call(
            Action.DESCRIBE_INSTANCE_OPS_RECORDS,
            Map.of("ContainerGroupId", group, "OpsType", type),
            DescribeInstanceOpsRecordsResponse.class)
        .records()
        .getFirst();
  }

  private static OpsRecordResponse untilOver(PodyardClient client, String group) {
    return untilOver(client, group, "tcpdump");
  }

  private static OpsRecordResponse untilOver(PodyardClient client, String group, String type) {
    Waiting.until("the task ends", () -> !"Ready".equals(newest(client, group, type).opsStatus()));
    return newest(client, group, type);
  }

  private static byte[] download(OpsRecordResponse record) throws Exception {
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            Objects.requireNonNull(record.resultContent(), record::toString)))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  /** How many packets a file has, each of them the begin of a connection to the port. */
  private static int packets(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(0xA1B2C3D4);
    in.position(24);
    int packets = 0;
    while (in.hasRemaining()) {
      int size = in.getInt(in.position() + 8);
      ByteBuffer packet = in.slice(in.position() + 16, size).order(ByteOrder.BIG_ENDIAN);
      assertThat(packet.getShort(14 + 20 + 2)).isEqualTo((short) PORT);
      in.position(in.position() + 16 + size);
      packets++;
    }
    return packets;
  }

  @Test
  void aCaptureThatIsKilledAtEachStepIsDoneOnceAndLeavesNothing() throws Exception {
    List<String> points = Length.of(1, 2) == 1 ? SHORT : POINTS;
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server =
            ServerProcess.in(
                    "ops",
                    Map.of(
                        "PODYARD_RUNTIME",
                        "docker",
                        "PODYARD_CPU_OVERCOMMIT",
                        "3",
                        "PODYARD_OPS_TCPDUMP_IMAGE",
                        engine.tcpdump()))
                .start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        String group = create(server.client(), engine.busybox(), "Always", TALK);
        server.kill9();
        server.start(Map.of("PODYARD_CRASH_AT", points.getFirst() + ":1"));
        capture(
            server.client(),
            group,
            "{\"Enable\":true,\"IfDeviceName\":\"lo\",\"Protocol\":\"tcp\",\"DestIp\":\"127.0.0.1\","
                + "\"DestPort\":4711,\"Duration\":3}");
        assertThat(server.diedWithin(Duration.ofMinutes(1))).as(points.getFirst()).isTrue();
        for (String point : points.subList(1, points.size())) {
          server.launch(Map.of("PODYARD_CRASH_AT", point + ":1"));
          assertThat(server.diedWithin(Duration.ofMinutes(1))).as(point).isTrue();
        }
        server.start();
        PodyardClient client = server.client();
        OpsRecordResponse done = untilOver(client, group);
        assertThat(done.opsStatus()).isEqualTo("Success");
        assertThat(packets(download(done))).isPositive();
        Waiting.until("nothing of it is on the engine", () -> isEmpty(engine, inspection));

        capture(
            client,
            group,
            "{\"Enable\":true,\"IfDeviceName\":\"any\",\"DestPort\":4711,\"FileSize\":2000}");
        OpsRecordResponse full = untilOver(client, group);
        assertThat(full.opsStatus()).isEqualTo("Success");
        assertThat(download(full)).hasSizeBetween(1000, 2000);

        capture(client, group, "{\"Enable\":true,\"IfDeviceName\":\"eth9\"}");
        assertThat(untilOver(client, group).opsStatus()).isEqualTo("Failed");

        // Its own traffic on its own device: nothing of the loopback's.
        capture(client, group, "{\"Enable\":true,\"DestPort\":4711}");
        DeleteContainerGroupResponse _ =
            client.call(
                Action.DELETE_CONTAINER_GROUP,
                Map.of("ContainerGroupId", group, "Force", "true"),
                DeleteContainerGroupResponse.class);
        assertThat(untilOver(client, group).opsStatus()).isEqualTo("Closed");
        assertThat(packets(download(done))).as("also when the group is gone").isPositive();
        inspection.awaitSettled();
        Waiting.until("nothing is on the engine", () -> isEmpty(engine, inspection));
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");
        engine.mustBeEmptyOf(inspection.installation());
        assertThat(server.errors()).isEmpty();
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }

  @Test
  void theDumpOfACrashIsKeptAlthoughTheServerDiesBeforeAndAfterThatIsNoted() throws Exception {
    CoreDumps.needFiles();
    try (RealEngine engine = RealEngine.open(folder.resolve("engine"));
        ServerProcess server =
            ServerProcess.in(
                    "dumps",
                    Map.of(
                        "PODYARD_RUNTIME",
                        "docker",
                        "PODYARD_CPU_OVERCOMMIT",
                        "3",
                        "PODYARD_OPS_CORE_DUMPS",
                        "64MB"))
                .start();
        Inspection inspection =
            Inspection.ofDocker(server.database(), folder.resolve("inspection"))) {
      try {
        String group = create(server.client(), engine.busybox(), "Never", CRASH);
        server.kill9();
        server.start(Map.of("PODYARD_CRASH_AT", "beginOps:before:1"));
        task(server.client(), group, "coredump", "enable");
        assertThat(server.diedWithin(Duration.ofMinutes(1))).isTrue();
        server.start(Map.of("PODYARD_CRASH_AT", "finishOps:before:1"));
        ExecContainerCommandResponse _ =
            server
                .client()
                .call(
                    Action.EXEC_CONTAINER_COMMAND,
                    Map.of(
                        "ContainerGroupId",
                        group,
                        "ContainerName",
                        "main",
                        "Command",
                        "[\"touch\",\"/go\"]",
                        "Sync",
                        "true"),
                    ExecContainerCommandResponse.class);
        assertThat(server.diedWithin(Duration.ofMinutes(1))).as("stored, not noted").isTrue();
        server.launch(Map.of("PODYARD_CRASH_AT", "finishOps:after:1"));
        assertThat(server.diedWithin(Duration.ofMinutes(1))).as("noted").isTrue();
        server.start();

        OpsRecordResponse done = untilOver(server.client(), group, "coredump");
        assertThat(done.opsStatus()).isEqualTo("Success");
        CoreDumps.assertCore(download(done));
        DeleteContainerGroupResponse _ =
            server
                .client()
                .call(
                    Action.DELETE_CONTAINER_GROUP,
                    Map.of("ContainerGroupId", group),
                    DeleteContainerGroupResponse.class);
        inspection.awaitSettled();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");
        engine.mustBeEmptyOf(inspection.installation());
        assertThat(server.errors()).isEmpty();
      } finally {
        server.kill9();
        engine.clear(inspection.installation());
      }
    }
  }

  private static boolean isEmpty(RealEngine engine, Inspection inspection) {
    try {
      return engine.captures(inspection.installation()).isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
