package io.podyard.controlplane.doors;

import static io.podyard.controlplane.doors.StockSdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.eci.model.v20180808.CreateContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DeleteContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsResponse.ContainerGroup;
import com.aliyuncs.eci.model.v20180808.DescribeContainerLogRequest;
import com.aliyuncs.eci.model.v20180808.ExecContainerCommandRequest;
import com.aliyuncs.exceptions.ClientException;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job and its refusals, by the stock Java SDK. */
class StockSdkTest {

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();

  private StockSdk sdk(StockSdk.Signed signed) {
    return new StockSdk(server, key, signed);
  }

  private static String log(StockSdk sdk, String id, String container) throws ClientException {
    DescribeContainerLogRequest request = new DescribeContainerLogRequest();
    request.setContainerGroupId(id);
    request.setContainerName(container);
    return sdk.call(request).getContent();
  }

  private static CreateContainerGroupRequest.Container container(String name, String line) {
    CreateContainerGroupRequest.Container.VolumeMount mount =
        new CreateContainerGroupRequest.Container.VolumeMount();
    mount.setName("work");
    mount.setMountPath("/work");
    CreateContainerGroupRequest.Container container = new CreateContainerGroupRequest.Container();
    container.setName(name);
    container.setImage("registry.test/" + name + ":1");
    container.setCommands(List.of("sh", "-c", line));
    container.setVolumeMounts(List.of(mount));
    return container;
  }

  private static CreateContainerGroupRequest mainJob(@Nullable String name) {
    CreateContainerGroupRequest.Volume volume = new CreateContainerGroupRequest.Volume();
    volume.setName("work");
    volume.setType("EmptyDirVolume");
    CreateContainerGroupRequest.Tag tag = new CreateContainerGroupRequest.Tag();
    tag.setKey("job");
    tag.setValue("main");
    CreateContainerGroupRequest create = new CreateContainerGroupRequest();
    create.setContainerGroupName(name);
    create.setCpu(1.0f);
    create.setMemory(2.0f);
    create.setRestartPolicy("OnFailure");
    create.setVolumes(List.of(volume));
    create.setTags(List.of(tag));
    create.setInitContainers(List.of(container("prepare", "echo prepared")));
    create.setContainers(
        List.of(
            container("web", "echo 欢迎 \"web\"; sleep infinity"),
            container("worker", "echo working; sleep infinity")));
    return create;
  }

  @ParameterizedTest
  @EnumSource
  void theMainJobIsDoneFromCreateToGone(StockSdk.Signed signed) throws ClientException {
    StockSdk sdk = sdk(signed);

    String id = sdk.call(mainJob("main-job")).getContainerGroupId();
    ContainerGroup running = sdk.until(id, group -> group.getStatus().equals("Running"));
    assertThat(running.getContainerGroupName()).isEqualTo("main-job");
    assertThat(running.getCpu()).isEqualTo(1.0f);
    assertThat(running.getMemory()).isEqualTo(2.0f);
    assertThat(running.getVolumes())
        .singleElement()
        .satisfies(volume -> assertThat(volume.getName()).isEqualTo("work"));
    assertThat(running.getInitContainers())
        .singleElement()
        .satisfies(
            prepare -> {
              assertThat(prepare.getCurrentState().getState()).isEqualTo("Terminated");
              assertThat(prepare.getCurrentState().getExitCode()).isZero();
            });
    sdk.until(
        id,
        group ->
            group.getContainers().stream()
                .allMatch(c -> "Running".equals(c.getCurrentState().getState())));

    assertThat(log(sdk, id, "prepare")).isEqualTo("prepared\n");
    assertThat(log(sdk, id, "web")).isEqualTo("欢迎 web\n");
    assertThat(log(sdk, id, "worker")).isEqualTo("working\n");

    // The SDK is older than Sync and its answer.
    assertThat(
            sdk.common(
                    "ExecContainerCommand",
                    "RegionId=cn-hangzhou",
                    "ContainerGroupId=" + id,
                    "ContainerName=web",
                    "Command=[\"echo\",\"hello\",\"你好\"]",
                    "Sync=true")
                .path("SyncResponse")
                .asString())
        .isEqualTo("hello 你好\n");

    sdk.common(
        "TagResources",
        "RegionId=cn-hangzhou",
        "ResourceType=ContainerGroup",
        "ResourceId.1=" + id,
        "Tag.1.Key=owner",
        "Tag.1.Value=sdk");
    assertThat(
            sdk.common(
                    "ListTagResources",
                    "RegionId=cn-hangzhou",
                    "ResourceType=ContainerGroup",
                    "ResourceId.1=" + id)
                .path("TagResources"))
        .extracting(row -> row.path("TagKey").asString() + "=" + row.path("TagValue").asString())
        .containsExactly("job=main", "owner=sdk");
    assertThat(sdk.find(id).orElseThrow().getTags()).hasSize(2);

    DeleteContainerGroupRequest delete = new DeleteContainerGroupRequest();
    delete.setContainerGroupId(id);
    assertThat(sdk.call(delete).getRequestId()).isNotEmpty();
    Waiting.until(id + " is gone", () -> sdk.find(id).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void errorsAreExceptionsWithACode(StockSdk.Signed signed) {
    StockSdk sdk = sdk(signed);

    assertRefused("MissingParameter", () -> sdk.call(mainJob(null)));

    CreateContainerGroupRequest twins = mainJob("twins");
    twins.setContainers(List.of(container("web", "true"), container("web", "true")));
    assertRefused("InvalidParameter.DuplicatedName", () -> sdk.call(twins));

    DeleteContainerGroupRequest unknown = new DeleteContainerGroupRequest();
    unknown.setContainerGroupId("eci-unknown");
    assertRefused("InvalidParameter.NotFound", () -> sdk.call(unknown));
    assertRefused("InvalidParameter.NotFound", () -> log(sdk, "eci-unknown", "web"));

    ExecContainerCommandRequest session = new ExecContainerCommandRequest();
    session.setContainerGroupId("eci-unknown");
    session.setContainerName("web");
    session.setCommand("[\"true\"]");
    assertRefused("InvalidParameter.NotFound", () -> sdk.call(session));

    assertRefused("InvalidApi.NotFound", () -> sdk.common("CreateVirtualNode"));
  }
}
