package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActionTest {

  @ParameterizedTest
  @EnumSource
  void theNameOfTheContractLeadsToTheActionAndItsTypes(Action action) {
    assertThat(Action.named(action.wireName())).contains(action);
    assertThat(Contract.action(action).get("meta").get("version").asString())
        .isEqualTo(Action.CONTRACT_VERSION);
    assertThat(action.requestType().getSimpleName()).isEqualTo(action.wireName() + "Request");
    assertThat(action.responseType().getSimpleName()).isEqualTo(action.wireName() + "Response");
  }

  @Test
  void otherNamesLeadNowhere() {
    assertThat(Action.named("createContainerGroup")).isEmpty();
    assertThat(Action.named("CreateVirtualNode")).isEmpty();
    assertThat(Action.named("")).isEmpty();
  }

  @Test
  void theseActionsChangeSomething() {
    assertThat(Arrays.stream(Action.values()).filter(Action::changesSomething))
        .containsExactly(
            Action.CREATE_CONTAINER_GROUP,
            Action.UPDATE_CONTAINER_GROUP,
            Action.RESTART_CONTAINER_GROUP,
            Action.RESIZE_CONTAINER_GROUP_VOLUME,
            Action.DELETE_CONTAINER_GROUP,
            Action.BATCH_CREATE_CONTAINER_GROUPS,
            Action.DELETE_CONTAINER_GROUPS,
            Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
            Action.EXEC_CONTAINER_COMMAND,
            Action.COMMIT_CONTAINER,
            Action.CREATE_INSTANCE_OPS_TASK,
            Action.TAG_RESOURCES,
            Action.UNTAG_RESOURCES,
            Action.CREATE_CONTAINER_GROUP_FROM_TEMPLATE,
            Action.UPDATE_CONTAINER_GROUP_BY_TEMPLATE,
            Action.CREATE_IMAGE_CACHE,
            Action.UPDATE_IMAGE_CACHE,
            Action.DELETE_IMAGE_CACHE,
            Action.CREATE_DATA_CACHE,
            Action.UPDATE_DATA_CACHE,
            Action.COPY_DATA_CACHE,
            Action.DELETE_DATA_CACHE);
  }
}
