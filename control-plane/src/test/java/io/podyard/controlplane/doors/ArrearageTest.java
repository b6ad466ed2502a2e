package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyuncs.eci.model.v20180808.CreateContainerGroupFromTemplateRequest;
import com.aliyuncs.eci.model.v20180808.CreateContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DeleteContainerGroupRequest;
import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.controlplane.door.rest.RestClient;
import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** An account that owes money is refused what would cost more; what it has goes on. */
class ArrearageTest {

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);
  private final RestClient operator = new RestClient(server.endpoint(), server.operator());

  private JsonNode overdue(boolean overdue) {
    return operator
        .put("/v1/accounts/%s/arrearage".formatted(key.account()), "{\"overdue\": " + overdue + "}")
        .ok()
        .json();
  }

  private void refused(Action action, Map<String, String> parameters) {
    assertThat(groups.refusal(action, parameters))
        .satisfies(
            refusal -> {
              assertThat(refusal.errorCode()).contains(ErrorCode.ACCOUNT_ARREARAGE);
              assertThat(refusal.httpStatus()).isEqualTo(400);
              assertThat(refusal.getMessage()).contains("owes money");
            });
  }

  @Test
  void nothingNewIsCreatedAndNothingGrowsUntilItIsLifted() {
    String id = groups.create(Groups.shell("sleep infinity", "ClientToken=before"));
    groups.untilStatus(id, "Running");
    JsonNode set = overdue(true);
    assertThat(set.path("overdueSince").asString()).isNotEmpty();
    assertThat(overdue(true).path("overdueSince")).isEqualTo(set.path("overdueSince"));

    refused(Action.CREATE_CONTAINER_GROUP, Groups.shell("true"));
    refused(Action.CREATE_CONTAINER_GROUP, Groups.shell("true", "DryRun=true"));
    refused(Action.CREATE_CONTAINER_GROUP, Groups.shell("true", "ClientToken=later"));
    refused(Action.BATCH_CREATE_CONTAINER_GROUPS, Groups.shell("true", "Amount=2"));
    refused(Action.BATCH_CREATE_CONTAINER_GROUPS, Groups.shell("true", "Amount=2", "DryRun=true"));
    refused(
        Action.UPDATE_CONTAINER_GROUP,
        Groups.parameters("ContainerGroupId=" + id, "Cpu=0.5", "Memory=1"));
    refused(
        Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
        Groups.parameters("ContainerGroupId=" + id, "NewSize=5"));
    RestClient.Answer rest =
        new RestClient(server.endpoint(), key)
            .post(
                "/v1/container-groups",
                """
                {"containerGroupName": "late", "cpu": 1, "memory": 2,
                 "container": [{"name": "c", "image": "registry.test/shell:1"}]}
                """);
    assertThat(rest.status()).isEqualTo(400);
    assertThat(rest.json().path("code").asString()).isEqualTo("Account.Arrearage");
    assertThat(groups.list().containerGroups()).hasSize(1);

    assertThat(groups.get(id).status()).as("what runs goes on").isEqualTo("Running");
    assertThat(groups.create(Groups.shell("sleep infinity", "ClientToken=before")))
        .as("what was created before is answered")
        .isEqualTo(id);
    assertThat(
            groups
                .call(
                    Action.UPDATE_CONTAINER_GROUP,
                    UpdateContainerGroupResponse.class,
                    "ContainerGroupId=" + id,
                    "Tag.1.Key=note")
                .requestId())
        .isNotEmpty();
    groups.untilStatus(id, "Running");
    assertThat(
            groups
                .call(
                    Action.RESTART_CONTAINER_GROUP,
                    RestartContainerGroupResponse.class,
                    "ContainerGroupId=" + id)
                .requestId())
        .isNotEmpty();
    groups.delete(id, "Force=true");
    groups.untilGone(id);

    assertThat(overdue(false).has("overdueSince")).isFalse();
    String after = groups.create(Groups.shell("true", "ClientToken=later"));
    groups.delete(after, "Force=true");
    groups.untilGone(after);
  }

  @ParameterizedTest
  @EnumSource
  void theStockSdkTellsTheCode(StockSdk.Signed signed) throws ClientException {
    StockSdk sdk = new StockSdk(server, key, signed);
    CreateContainerGroupRequest.Container container = new CreateContainerGroupRequest.Container();
    container.setName("main");
    container.setImage("registry.test/shell:1");
    container.setCommands(List.of("sleep", "infinity"));
    CreateContainerGroupRequest create = new CreateContainerGroupRequest();
    create.setContainerGroupName("overdue");
    create.setCpu(0.25f);
    create.setMemory(0.5f);
    create.setContainers(List.of(container));
    String id = sdk.call(create).getContainerGroupId();
    CreateContainerGroupFromTemplateRequest again = new CreateContainerGroupFromTemplateRequest();
    again.setTemplate(
        sdk.common("ExportContainerGroupTemplate", "ContainerGroupId=" + id)
            .path("Template")
            .toString());
    overdue(true);

    StockSdk.assertRefused("Account.Arrearage", () -> sdk.call(create));
    StockSdk.assertRefused("Account.Arrearage", () -> sdk.call(again));

    DeleteContainerGroupRequest delete = new DeleteContainerGroupRequest();
    delete.setContainerGroupId(id);
    assertThat(sdk.call(delete).getRequestId()).isNotEmpty();
    overdue(false);
  }
}
