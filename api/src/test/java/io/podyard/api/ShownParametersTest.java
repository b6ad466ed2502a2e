package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request may be repeated. */
class ShownParametersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ImageRegistryCredential.1.Password",
        "ImageRegistryCredential.2.password",
        "Container.1.EnvironmentVar.3.Value",
        "InitContainer.1.EnvironmentVar.1.Value",
        "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content",
        "Volume.1.FlexVolume.Options",
        "Container.1.LifecyclePostStartHandlerHttpGetHttpHeader.1.Value",
        "Container.1.LifecyclepostStartHandlerHttpGetHttpHead.1.Value",
        "SecurityToken",
        "BearerToken"
      })
  void secretsMayNot(String parameter) {
    assertThat(ShownParameters.mayShow(Action.CREATE_CONTAINER_GROUP, parameter)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ImageRegistryCredential.1.Pasword",
        "ImageRegistryCredential.Password.1",
        "ImageRegistryCredential.0.Server",
        "ImageRegistryCredential.x.Server",
        "ImageRegistryCredential",
        "ImageRegistryCredential.1",
        "ImageRegistryCredential.1.Server.",
        "Cpu.Password.x",
        "x-secret",
        ""
      })
  void whatNobodyKnowsMayNot(String parameter) {
    assertThat(ShownParameters.mayShow(Action.CREATE_CONTAINER_GROUP, parameter)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void theCommonParametersMay(Action action) {
    for (String parameter :
        new String[] {"Action", "AccessKeyId", "SignatureNonce", "RegionId", "OwnerId"}) {
      assertThat(ShownParameters.mayShow(action, parameter)).as(parameter).isTrue();
    }
  }

  @Test
  void whatAnswersShowAnywayMay() {
    for (String parameter :
        new String[] {
          "ContainerGroupName",
          "Container.1.Image",
          "Container.12.Command.3",
          "Container.1.EnvironmentVar.1.Key",
          "Tag.1.Value",
          "ramRoleName",
          "ImageRegistryCredential.1.Server"
        }) {
      assertThat(ShownParameters.mayShow(Action.CREATE_CONTAINER_GROUP, parameter))
          .as(parameter)
          .isTrue();
    }
  }

  @Test
  void aCommandThatIsRunOnceMayNot() {
    assertThat(ShownParameters.mayShow(Action.EXEC_CONTAINER_COMMAND, "Command")).isFalse();
    assertThat(ShownParameters.mayShow(Action.EXEC_CONTAINER_COMMAND, "ContainerName")).isTrue();
  }
}
