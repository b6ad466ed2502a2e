package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiExceptionTest {

  private static final String CANARY = "c4n4ry-s3cr3t";

  @Test
  void theCodeIsThatOfTheFirstProblemAndTheMessageListsAll() {
    ApiException error =
        new ApiException(
            List.of(
                new Problem(ErrorCode.INVALID_PARAMETER, "Cpu", "few", "must be a number"),
                Problem.missing("Memory")));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(error).hasMessage("Cpu: must be a number, not \"few\"; Memory: is required");
    assertThat(error.problems()).hasSize(2);
  }

  @Test
  void theMessageListsAtMostTwenty() {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      problems.add(Problem.missing("P" + i + "."));
    }
    String message = new ApiException(problems).getMessage();
    assertThat(message).contains("P19.").doesNotContain("P20.").endsWith("; and 5 more");
  }

  @Test
  void longValuesAreCutAndUnprintableOnesMadeVisible() {
    Problem problem =
        new Problem(
            ErrorCode.INVALID_PARAMETER,
            "P".repeat(5000),
            "a\u0000\ud800b\n" + "x".repeat(5000),
            "is wrong");
    assertThat(problem.parameter()).hasSize(203).endsWith("...");
    assertThat(problem.value()).hasSize(63).startsWith("a??b?x").endsWith("...");
    assertThat(new Problem(ErrorCode.INVALID_PARAMETER, "P", "中文😀", "is wrong").value())
        .isEqualTo("中文😀");
    // A character of two halves is never cut in the middle.
    assertThat(new Problem(ErrorCode.INVALID_PARAMETER, "P", "x".repeat(59) + "😀y", "m").value())
        .isEqualTo("x".repeat(59) + "...");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ImageRegistryCredential.1.Password",
        "Container.1.EnvironmentVar.2.Value",
        "InitContainer.1.EnvironmentVar.1.Value",
        "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content",
        "Volume.1.FlexVolume.Options",
        "Container.1.LifecyclepostStartHandlerHttpGetHttpHead.1.Value",
        "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Value",
        "container[0].environmentVar[1].value",
        "imageRegistryCredential.0.password"
      })
  void secretsAreNeverEchoed(String parameter) {
    ApiException error =
        new ApiException(new Problem(ErrorCode.INVALID_PARAMETER, parameter, CANARY, "is wrong"));
    assertThat(error.getMessage() + error.problems()).doesNotContain(CANARY);
  }

  @Test
  void noProblemOfTheCodecEchoesASecret() {
    for (String name :
        List.of(
            "ImageRegistryCredential.1.Password",
            "ImageRegistryCredential.1.Passwort",
            "ImageRegistryCredential.1.Password.1",
            "ImageRegistryCredential.12.Password",
            "Container.1.EnvironmentVar.1.Value",
            "Container.1.EnvironmentVar.0.Value",
            "Container.1.EnvironmentVar.1",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content",
            "Volume.1.ConfigFileVolume.ConfigFileToPath",
            "Volume.1.FlexVolume.Options",
            "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Value",
            "Secret")) {
      Decoded<CreateContainerGroupRequest> decoded =
          RpcCodec.decode(
              CreateContainerGroupRequest.class,
              Action.CREATE_CONTAINER_GROUP,
              Map.of(name, CANARY + "\u0000"));
      assertThat(decoded.problems()).as(name).isNotEmpty();
      assertThat(decoded.problems().toString()).as(name).doesNotContain(CANARY);
      assertThat(
              RpcCodec.decode(
                      CreateContainerGroupRequest.class,
                      Action.CREATE_CONTAINER_GROUP,
                      Map.of(name, CANARY))
                  .problems()
                  .toString())
          .as(name)
          .doesNotContain(CANARY);
    }
  }

  @Test
  void recordsDoNotShowTheirSecrets() {
    Decoded<CreateContainerGroupRequest> decoded =
        RpcCodec.decode(
            CreateContainerGroupRequest.class,
            Action.CREATE_CONTAINER_GROUP,
            Map.of(
                "ImageRegistryCredential.1.Password", CANARY,
                "Container.1.EnvironmentVar.1.Value", CANARY,
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content", CANARY));
    assertThat(RpcCodec.encode(decoded.draft()).values()).contains(CANARY);
    assertThat(decoded.draft().toString()).contains("value=***").doesNotContain(CANARY);
  }

  @Test
  void anErrorAboutNoParameterHasAMessageOnly() {
    ApiException error = new ApiException(ErrorCode.SERVICE_UNAVAILABLE, "the queue is full");
    assertThat(error.problems()).isEmpty();
    assertThat(error).hasMessage("the queue is full");
    assertThatThrownBy(() -> new ApiException(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBodyHasTheKeysOfTheContract() {
    ApiException error = new ApiException(ErrorCode.REQUEST_TIMEOUT, "the log took too long");
    ErrorBody body =
        ErrorBody.of(error, "R-1", "127.0.0.1", URI.create("https://help.example/errors"));
    assertThat(EciJson.rpc().writeValueAsString(body))
        .isEqualTo(
            """
            {"RequestId":"R-1","HostId":"127.0.0.1","Code":"Request Timeout",\
            "Message":"the log took too long",\
            "Recommend":"https://help.example/errors?q=Request%20Timeout&requestId=R-1"}\
            """);
    assertThat(EciJson.rpc().writeValueAsString(ErrorBody.of(error, "R-1", "h", null)))
        .doesNotContain("Recommend");
  }
}
