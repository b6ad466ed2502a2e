package io.podyard.controlplane.doors;

import static io.podyard.controlplane.doors.StockSdk.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.RpcAcsRequest;
import com.aliyuncs.eci.model.v20180808.CreateContainerGroupFromTemplateRequest;
import com.aliyuncs.eci.model.v20180808.CreateContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.CreateImageCacheRequest;
import com.aliyuncs.eci.model.v20180808.DeleteContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DeleteImageCacheRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupMetricRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupMetricResponse;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupPriceRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsResponse.ContainerGroup;
import com.aliyuncs.eci.model.v20180808.DescribeContainerLogRequest;
import com.aliyuncs.eci.model.v20180808.DescribeImageCachesRequest;
import com.aliyuncs.eci.model.v20180808.DescribeMultiContainerGroupMetricRequest;
import com.aliyuncs.eci.model.v20180808.DescribeRegionsRequest;
import com.aliyuncs.eci.model.v20180808.ExecContainerCommandRequest;
import com.aliyuncs.eci.model.v20180808.ExportContainerGroupTemplateRequest;
import com.aliyuncs.eci.model.v20180808.RestartContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.UpdateContainerGroupByTemplateRequest;
import com.aliyuncs.eci.model.v20180808.UpdateContainerGroupRequest;
import com.aliyuncs.exceptions.ClientException;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Every action that the stock Java SDK has, with its own requests and answers. */
class StockSdkActionsTest {

  private final TestServer server = TestServer.shared();
  private final StockSdk sdk =
      new StockSdk(server, server.newAccount(), StockSdk.Signed.BY_DEFAULT);
  private final Set<String> driven = new HashSet<>();

  private <A extends AcsResponse> A call(RpcAcsRequest<A> request) throws ClientException {
    driven.add(request.getClass().getName());
    return sdk.call(request);
  }

  /** The names of the request classes in the SDK's archive. */
  private static Set<String> requests() throws IOException {
    String archive =
        CreateContainerGroupRequest.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    try (JarFile jar = new JarFile(new File(archive))) {
      return jar.stream()
          .map(entry -> entry.getName().replace('/', '.'))
          .filter(name -> name.endsWith("Request.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void everyActionOfTheSdkIsAnswered() throws Exception {
    assertThat(call(new DescribeRegionsRequest()).getRegions())
        .anySatisfy(
            region -> {
              assertThat(region.getRegionId()).isEqualTo("cn-hangzhou");
              assertThat(region.getZones()).isNotEmpty();
            });
    assertPrice();

    String id = created();
    assertLogAndSession(id);
    assertUpdate(id);
    assertRestart(id);
    assertMetrics(id);
    assertTemplates(id);
    delete(id);
    assertImageCaches();

    assertThat(driven).isEqualTo(requests());
  }

  private void assertPrice() throws ClientException {
    DescribeContainerGroupPriceRequest request = new DescribeContainerGroupPriceRequest();
    request.setCpu(2f);
    request.setMemory(4f);
    var price = call(request).getPriceInfo().getPrice();
    assertThat(price.getCurrency()).isEqualTo("CNY");
    assertThat(price.getTradePrice()).isPositive().isEqualTo(price.getOriginalPrice());
    assertThat(price.getDetailInfos()).isNotEmpty();
  }

  private String created() throws ClientException {
    CreateContainerGroupRequest create = new CreateContainerGroupRequest();
    create.setContainerGroupName("stock");
    create.setCpu(0.5f);
    create.setMemory(1f);
    create.setContainers(List.of(container("echo hello; sleep infinity")));
    String id = call(create).getContainerGroupId();
    running(id);
    DescribeContainerGroupsRequest describe = new DescribeContainerGroupsRequest();
    describe.setStatus("Running");
    assertThat(call(describe).getContainerGroups())
        .singleElement()
        .satisfies(group -> assertThat(group.getContainerGroupId()).isEqualTo(id));
    return id;
  }

  private static CreateContainerGroupRequest.Container container(String line) {
    CreateContainerGroupRequest.Container container = new CreateContainerGroupRequest.Container();
    container.setName("main");
    container.setImage("registry.test/main:1");
    container.setCommands(List.of("sh", "-c", line));
    return container;
  }

  private ContainerGroup running(String id) {
    return sdk.until(id, group -> group.getStatus().equals("Running"));
  }

  private void assertLogAndSession(String id) throws ClientException {
    DescribeContainerLogRequest log = new DescribeContainerLogRequest();
    log.setContainerGroupId(id);
    log.setContainerName("main");
    assertThat(call(log).getContent()).isEqualTo("hello\n");

    ExecContainerCommandRequest exec = new ExecContainerCommandRequest();
    exec.setContainerGroupId(id);
    exec.setContainerName("main");
    exec.setCommand("[\"sh\"]");
    exec.setTTY(true);
    assertThat(call(exec).getWebSocketUri()).startsWith("ws://" + server.endpoint().getAuthority());
  }

  private void assertUpdate(String id) throws ClientException {
    UpdateContainerGroupRequest update = new UpdateContainerGroupRequest();
    update.setContainerGroupId(id);
    update.setContainers(List.of(container("echo updated; sleep infinity")));
    assertThat(call(update).getRequestId()).isNotEmpty();
    sdk.until(
        id,
        group ->
            group.getStatus().equals("Running")
                && group
                    .getContainers()
                    .getFirst()
                    .getCommands()
                    .contains("echo updated; sleep infinity")
                && Objects.requireNonNull(group.getContainers().getFirst().getRestartCount()) == 1);
  }

  private void assertRestart(String id) throws ClientException {
    RestartContainerGroupRequest restart = new RestartContainerGroupRequest();
    restart.setContainerGroupId(id);
    restart.setClientToken("once");
    assertThat(call(restart).getRequestId()).isNotEmpty();
    assertThat(call(restart).getRequestId()).isNotEmpty();
    sdk.until(
        id,
        group ->
            group.getStatus().equals("Running")
                && group.getContainers().getFirst().getRestartCount() == 2);
  }

  private void assertMetrics(String id) {
    DescribeContainerGroupMetricRequest request = new DescribeContainerGroupMetricRequest();
    request.setContainerGroupId(id);
    Waiting.until("a sample of " + id, () -> !metric(request).getRecords().isEmpty());
    var sample = metric(request).getRecords().getLast();
    assertThat(sample.getCPU().getLimit()).isEqualTo(500);
    assertThat(sample.getMemory().getUsageBytes()).isPositive();

    DescribeMultiContainerGroupMetricRequest several =
        new DescribeMultiContainerGroupMetricRequest();
    several.setContainerGroupIds("[\"" + id + "\"]");
    try {
      assertThat(call(several).getMonitorDatas())
          .singleElement()
          .satisfies(
              data -> {
                assertThat(data.getContainerGroupId()).isEqualTo(id);
                assertThat(data.getRecords()).hasSize(1);
              });
    } catch (ClientException e) {
      throw new AssertionError(e);
    }
  }

  private DescribeContainerGroupMetricResponse metric(DescribeContainerGroupMetricRequest request) {
    try {
      return call(request);
    } catch (ClientException e) {
      throw new AssertionError(e);
    }
  }

  private void assertTemplates(String id) throws ClientException {
    ExportContainerGroupTemplateRequest export = new ExportContainerGroupTemplateRequest();
    export.setContainerGroupId(id);
    assertThat(call(export).getTemplate().getContainerGroupName()).isEqualTo("stock");

    // The SDK reads a template but cannot write one: its users keep the text.
    ObjectNode template =
        (ObjectNode)
            sdk.common("ExportContainerGroupTemplate", "ContainerGroupId=" + id).path("Template");
    template.put("ContainerGroupName", "of-template");
    CreateContainerGroupFromTemplateRequest from = new CreateContainerGroupFromTemplateRequest();
    from.setTemplate(template.toString());
    String second = call(from).getContainerGroupId();
    running(second);

    // By its name.
    ((ObjectNode) template.path("Spec")).put("RestartPolicy", "Never");
    UpdateContainerGroupByTemplateRequest by = new UpdateContainerGroupByTemplateRequest();
    by.setTemplate(template.toString());
    assertThat(call(by).getRequestId()).isNotEmpty();
    sdk.until(second, group -> "Never".equals(group.getRestartPolicy()));
    delete(second);
  }

  private void delete(String id) throws ClientException {
    DeleteContainerGroupRequest delete = new DeleteContainerGroupRequest();
    delete.setContainerGroupId(id);
    assertThat(call(delete).getRequestId()).isNotEmpty();
    Waiting.until(id + " is gone", () -> sdk.find(id).isEmpty());
  }

  private String cacheStatus(DescribeImageCachesRequest request) {
    try {
      return call(request).getImageCaches().getFirst().getStatus();
    } catch (ClientException e) {
      throw new AssertionError(e);
    }
  }

  private void assertImageCaches() throws ClientException {
    CreateImageCacheRequest create = new CreateImageCacheRequest();
    create.setImageCacheName("cache");
    create.setImages(List.of("registry.test/main:1"));
    String id = call(create).getImageCacheId();
    DescribeImageCachesRequest describe = new DescribeImageCachesRequest();
    describe.setImageCacheId(id);
    Waiting.until("the cache is ready", () -> "Ready".equals(cacheStatus(describe)));
    var cache = call(describe).getImageCaches().getFirst();
    assertThat(cache.getImages()).containsExactly("registry.test/main:1");
    assertThat(cache.getProgress()).isEqualTo("100%");
    assertThat(cache.getSnapshotId()).isNotEmpty();
    assertThat(cache.getEvents()).isNotEmpty();
    DeleteImageCacheRequest delete = new DeleteImageCacheRequest();
    delete.setImageCacheId(id);
    assertThat(call(delete).getRequestId()).isNotEmpty();
    assertRefused("InvalidParameter.NotFound", () -> call(delete));
  }
}
