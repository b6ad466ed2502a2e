package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.PodyardClient;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.ops.OpsRecordResponse;
import io.podyard.controlplane.testing.Waiting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A capture whose process dies is ended by the other one, and its result is handed out by both,
 * also by the one that was not there.
 */
class OpsAtAnyProcessTest {

  @Test
  void theOtherProcessEndsACaptureAndBothHandOutItsResult() throws Exception {
    try (ServerPair pair =
            ServerPair.start(
                "ops-pair", Map.of("PODYARD_OPS_TCPDUMP_IMAGE", "registry.test/tcpdump:1"));
        Inspection inspection = pair.inspect()) {
      String group = running(pair.first().client());
      CreateInstanceOpsTaskResponse _ =
          pair.other(pair.first())
              .client()
              .call(
                  Action.CREATE_INSTANCE_OPS_TASK,
                  Map.of(
                      "ContainerGroupId",
                      group,
                      "OpsType",
                      "tcpdump",
                      "OpsValue",
                      "{\"Enable\":true,\"Duration\":10}"),
                  CreateInstanceOpsTaskResponse.class);
      Waiting.until(
          "it has begun", () -> events(pair.first().client(), group).contains("CaptureStarted"));
      ServerProcess driver = pair.driving(inspection);
      ServerProcess other = pair.other(driver);
      driver.kill9();
      Waiting.until("it ends", () -> !"Ready".equals(newest(other.client(), group).opsStatus()));
      OpsRecordResponse done = newest(other.client(), group);
      assertThat(done.opsStatus()).isEqualTo("Success");
      byte[] file = download(other, done);
      assertThat(file).hasSizeGreaterThan(24 + 16);
      assertThat(new byte[] {file[3], file[2], file[1], file[0]})
          .isEqualTo(new byte[] {(byte) 0xA1, (byte) 0xB2, (byte) 0xC3, (byte) 0xD4});

      driver.start();
      assertThat(download(driver, newest(driver.client(), group))).isEqualTo(file);
      assertThat(download(driver, done)).isEqualTo(file);
      DeleteContainerGroupResponse _ =
          driver
              .client()
              .call(
                  Action.DELETE_CONTAINER_GROUP,
                  Map.of("ContainerGroupId", group, "Force", "true"),
                  DeleteContainerGroupResponse.class);
      assertThat(driver.judge()).contains("0 violations");
    }
  }

  private static OpsRecordResponse newest(PodyardClient client, String group) {
    List<OpsRecordResponse> records =
        client
            .call(
                Action.DESCRIBE_INSTANCE_OPS_RECORDS,
                Map.of("ContainerGroupId", group, "OpsType", "tcpdump"),
                DescribeInstanceOpsRecordsResponse.class)
            .records();
    assertThat(records).hasSize(1);
    return records.getFirst();
  }

  /** From one process, whose address a load balancer may have in front of it. */
  private static byte[] download(ServerProcess process, OpsRecordResponse record) throws Exception {
    URI address = URI.create(Objects.requireNonNull(record.resultContent(), record::toString));
    URI here =
        URI.create(
            "http://%s%s?%s"
                .formatted(
                    process.endpoint().getRawAuthority(),
                    address.getRawPath(),
                    address.getRawQuery()));
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(here).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static String events(PodyardClient client, String group) {
    return client
        .call(
            Action.DESCRIBE_CONTAINER_GROUPS,
            Map.of("ContainerGroupIds", "[\"" + group + "\"]", "WithEvent", "true"),
            DescribeContainerGroupsResponse.class)
        .containerGroups()
        .getFirst()
        .events()
        .toString();
  }

  private static String running(PodyardClient client) {
    String id =
        String.valueOf(
            client
                .call(
                    Action.CREATE_CONTAINER_GROUP,
                    Map.of(
                        "ContainerGroupName",
                        "ops",
                        "Cpu",
                        "0.25",
                        "Memory",
                        "0.5",
                        "Container.1.Name",
                        "main",
                        "Container.1.Image",
                        "registry.test/shell:1",
                        "Container.1.Command.1",
                        "sleep",
                        "Container.1.Arg.1",
                        "infinity"),
                    CreateContainerGroupResponse.class)
                .containerGroupId());
    Waiting.until(
        id + " runs",
        () ->
            client
                .call(
                    Action.DESCRIBE_CONTAINER_GROUPS,
                    Map.of("Status", "Running"),
                    DescribeContainerGroupsResponse.class)
                .containerGroups()
                .stream()
                .anyMatch(group -> id.equals(group.containerGroupId())));
    return id;
  }
}
