package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsResponse;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.Operation;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.settings.RateLimit;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.UncategorizedSQLException;

class RpcCallsTest {

  private static final String DESCRIBE = "DescribeContainerGroups";

  private final TestDoor door = new TestDoor();

  private void assertRefused(HttpCall request, int status, String code, String... mentioned) {
    door.assertRefused(request, status, code, mentioned);
  }

  @Test
  void anErrorHasTheFieldsOfTheContract() {
    HttpAnswer answer = door.send(RawRequest.get("Action=NoSuch&Version=2018-08-08"));
    assertThat(answer.body())
        .isEqualTo(
            "{\"RequestId\":\"00000000-0000-4000-8000-000000000001\","
                + "\"HostId\":\"podyard.test:8080\","
                + "\"Code\":\"InvalidApi.NotFound\","
                + "\"Message\":\"Action: must be an action that this server offers in version"
                + " 2018-08-08, not \\\"NoSuch\\\"\","
                + "\"Recommend\":\"http://podyard.test:8080/errors?q=InvalidApi.NotFound"
                + "&requestId=00000000-0000-4000-8000-000000000001\"}");
    assertThat(answer.headers())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Content-Type",
                "application/json;charset=UTF-8",
                "Cache-Control",
                "no-store",
                "x-acs-request-id",
                "00000000-0000-4000-8000-000000000001"));
  }

  @Test
  void anErrorRecommendsTheConfiguredAddress() {
    HttpAnswer answer =
        TestDoor.at(URI.create("https://example.com/eci/")).send(RawRequest.get("Action=No"));
    assertThat(TestDoor.json(answer).path("Recommend").asString())
        .startsWith("https://example.com/eci/errors?q=MissingParameter&");
  }

  @Test
  void aStrangeHostHeaderIsNotRepeated() {
    HttpCall request = RawRequest.get("Action=NoSuch");
    request.headers().put("host", List.of("evil\"/<script>"));
    assertThat(TestDoor.json(door.send(request)).path("HostId").asString()).isEqualTo("podyard");
    request.headers().put("host", List.of("[[:"));
    assertThat(TestDoor.json(door.send(request)).has("Recommend")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "BREW"})
  void otherMethodsAreNotAllowed(String method) {
    HttpAnswer answer = door.send(RawRequest.of(method, "Action=" + DESCRIBE, null, new byte[0]));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(TestDoor.code(answer)).isEqualTo("UnsupportedHTTPMethod");
    assertThat(answer.headers()).containsEntry("Allow", "GET, POST");
  }

  @Test
  void actionVersionAndFormatAreCheckedTogether() {
    assertRefused(RawRequest.get(null), 400, "MissingParameter", "Action", "Version");
    assertRefused(
        RawRequest.get("Version=2014-05-26&Format=XML"),
        400,
        "MissingParameter",
        "2018-08-08",
        "XML");
    assertRefused(
        RawRequest.get("Action=" + DESCRIBE + "&Version=2014-05-26"),
        400,
        "InvalidParameter",
        "2018-08-08");
    assertRefused(
        RawRequest.get("Action=" + DESCRIBE + "&Version=2018-08-08&Format=xml"),
        400,
        "InvalidParameter",
        "XML",
        "not supported");
    assertRefused(
        RawRequest.get("Action=describecontainergroups&Version=2018-08-08"),
        404,
        "InvalidApi.NotFound");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JSON", "json", "Json", ""})
  void jsonIsAskedForInAnyCase(String format) {
    assertThat(door.send(TestRequest.of(DESCRIBE).with("Format", format)).status()).isEqualTo(200);
  }

  @Test
  void headersAndParametersMustNotDisagree() {
    assertRefused(
        TestRequest.of(DESCRIBE).header("x-acs-action", "DeleteContainerGroup").build(),
        400,
        "InvalidParameter",
        "x-acs-action");
    assertThat(
            door.send(
                    TestRequest.of(DESCRIBE)
                        .header("x-acs-action", DESCRIBE)
                        .header("x-acs-version", "2018-08-08"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void allProblemsOfARequestAreToldAtOnce() {
    assertRefused(
        TestRequest.of("CreateContainerGroup").with("Cpu", "two").with("Nonsense", "1").build(),
        400,
        "MissingParameter",
        "ContainerGroupName",
        "Cpu",
        "Nonsense");
  }

  @Test
  void answersAreRawUtf8AndKeepTheOrderOfTheContract() {
    door.describe =
        (caller, request) ->
            new DescribeContainerGroupsResponse(List.of(), "名字 \"q\"", "not the id", 0);
    HttpAnswer answer = door.send(TestRequest.of(DESCRIBE));
    assertThat(answer.body())
        .startsWith("{\"RequestId\":\"00000000-0000-4000-8000-000000000001\",")
        .contains("\"NextToken\":\"名字 \\\"q\\\"\"")
        .doesNotContain("not the id");
    assertThat(TestDoor.json(answer).propertyNames())
        .containsExactlyInAnyOrder("RequestId", "ContainerGroups", "NextToken", "TotalCount");
  }

  @Test
  void noAnswerHasATopLevelCode() {
    // One SDK takes any answer with such a field for an error (contract section 4).
    for (Action action : Action.values()) {
      assertThat(action.responseType().getRecordComponents())
          .noneMatch(component -> component.getName().equalsIgnoreCase("code"));
    }
  }

  @Test
  void aRegionIsDescribed() {
    HttpAnswer answer = door.send(TestRequest.of("DescribeRegions"));
    assertThat(TestDoor.json(answer).path("Regions").path(0).path("RegionId").asString())
        .isEqualTo("cn-hangzhou");
  }

  @Test
  void anUnexpectedFailureIsAnInternalErrorThatTellsNothing() {
    door.describe =
        (caller, request) -> {
          throw new IllegalStateException("jdbc:postgresql://secret-host");
        };
    HttpAnswer answer = door.send(TestRequest.of(DESCRIBE));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(TestDoor.code(answer)).isEqualTo("InternalError");
    assertThat(answer.body()).doesNotContain("secret-host");
    assertThat(TestDoor.json(answer).path("RequestId").asString()).isNotEmpty();
    assertThat(answer.headers()).doesNotContainKey("Retry-After");

    door.describe =
        (caller, request) -> {
          throw new StackOverflowError();
        };
    assertThat(door.send(TestRequest.of(DESCRIBE).nonce("b")).status()).isEqualTo(500);
  }

  @Test
  void aDatabaseThatIsAwayIsNoInternalError() {
    List<RuntimeException> failures =
        List.of(
            new DataAccessResourceFailureException("secret-host refused"),
            new QueryTimeoutException("secret-host slow"),
            new UncategorizedSQLException("secret-host", null, new SQLException("gone", "57P01")),
            new ApiException(ErrorCode.SERVICE_UNAVAILABLE, "stopping"));
    int nonce = 0;
    for (RuntimeException failure : failures) {
      door.describe =
          (caller, request) -> {
            throw failure;
          };
      HttpAnswer answer = door.send(TestRequest.of(DESCRIBE).nonce("n" + nonce++));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(TestDoor.code(answer)).isEqualTo("ServiceUnavailable");
      assertThat(answer.headers()).containsEntry("Retry-After", "1");
      assertThat(answer.body()).doesNotContain("secret-host");
    }
  }

  @Test
  void whoCallsTooOftenIsToldWhenToComeBackAndNothingIsDone() {
    String action = "CreateContainerGroup";
    TestDoor limited =
        TestDoor.limitedTo(Map.of(action, new RateLimit(2, 1, Duration.ofMillis(2500))));
    TestRequest create =
        TestRequest.of(action)
            .with("ContainerGroupName", "often")
            .with("Container.1.Name", "c")
            .with("Container.1.Image", "i");
    assertThat(limited.send(create.nonce("a")).status()).isEqualTo(200);
    assertThat(limited.send(create.nonce("b")).status()).isEqualTo(200);
    limited.lastRequest = null;

    HttpAnswer answer = limited.send(create.nonce("c"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(TestDoor.code(answer)).isEqualTo("Throttling");
    assertThat(TestDoor.message(answer)).contains(action, "2 calls at once", "1 in 2500 ms");
    assertThat(answer.headers())
        .containsEntry("Retry-After", "3")
        .containsEntry("X-RateLimit-User-API", "Limit:2,Remain:0,TimeLeft:2500");
    assertThat(limited.lastRequest).isNull();
    assertThat(TestDoor.code(limited.send(create.nonce("c"))))
        .as("a refused request cannot be replayed")
        .isEqualTo("SignatureNonceUsed");
    assertThat(limited.send(TestRequest.of(DESCRIBE)).status()).as("another action").isEqualTo(200);

    limited.time().advance(Duration.ofMillis(2500));
    assertThat(limited.send(create.nonce("d")).status()).isEqualTo(200);
    assertThat(TestDoor.code(limited.send(create.nonce("e")))).isEqualTo("Throttling");
  }

  @Test
  void whoCannotProveWhoTheyAreUseUpNobodysCalls() {
    TestDoor limited =
        TestDoor.limitedTo(Map.of(DESCRIBE, new RateLimit(1, 1, Duration.ofHours(1))));
    for (int i = 0; i < 3; i++) {
      HttpAnswer answer = limited.send(TestRequest.of(DESCRIBE).secret("wrong").nonce("n" + i));
      assertThat(TestDoor.code(answer)).isEqualTo("SignatureDoesNotMatch");
    }
    assertThat(limited.send(TestRequest.of(DESCRIBE)).status()).isEqualTo(200);
  }

  @Test
  void theRequestIdIsInTheLogOfItsRequestOnly() {
    AtomicReference<String> inFeature = new AtomicReference<>();
    door.describe =
        (caller, request) -> {
          inFeature.set(MDC.get("requestId"));
          return new DescribeContainerGroupsResponse(List.of(), null, null, 0);
        };
    HttpAnswer answer = door.send(TestRequest.of(DESCRIBE));
    assertThat(inFeature.get()).isEqualTo(answer.headers().get("x-acs-request-id"));
    assertThat(MDC.get("requestId")).isNull();
  }

  @Test
  void everyActionHasOneOperationOrIsListedAsNotBuilt() {
    Operation<?, ?> create =
        new Operation<>(
            Action.CREATE_CONTAINER_GROUP,
            CreateContainerGroupRequest.class,
            CreateContainerGroupResponse.class,
            (caller, request) -> new CreateContainerGroupResponse("eci-1", null));
    Set<Action> others = EnumSet.complementOf(EnumSet.of(Action.CREATE_CONTAINER_GROUP));
    assertThat(new Operations(List.of(create), others).of(Action.CREATE_CONTAINER_GROUP))
        .isPresent();
    assertThatThrownBy(() -> new Operations(List.of(create, create), others))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Operations(List.of(), others))
        .hasMessageContaining("CREATE_CONTAINER_GROUP has no operation");
    assertThatThrownBy(() -> new Operations(List.of(create), EnumSet.allOf(Action.class)))
        .hasMessageContaining("counts as not built");
    assertThatThrownBy(
            () ->
                new Operation<>(
                    Action.DELETE_CONTAINER_GROUP,
                    DescribeContainerGroupsRequest.class,
                    DescribeContainerGroupsResponse.class,
                    (caller, request) ->
                        new DescribeContainerGroupsResponse(List.of(), null, null, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyActionIsAnsweredInTheContractsWay() {
    List<String> answers = new ArrayList<>();
    for (Action action : Action.values()) {
      HttpAnswer answer = door.send(TestRequest.of(action.wireName()).nonce(action.name()));
      answers.add(TestDoor.code(answer));
      assertThat(TestDoor.code(answer).equals("InvalidApi.NotFound"))
          .as(action.wireName())
          .isEqualTo(TestDoor.NOT_BUILT.contains(action));
    }
    assertThat(answers).contains("", "InvalidApi.NotFound");
  }

  @Test
  void theHelpPageKnowsEveryCode() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(ErrorHelp.page(Optional.of(code), "x\ny"))
          .contains(code.code(), "" + code.httpStatus())
          .doesNotContain("x\ny");
    }
    String id = "00000000-0000-4000-8000-000000000001";
    assertThat(ErrorHelp.page(Optional.of(ErrorCode.THROTTLING), id)).contains(id);
    assertThat(ErrorHelp.page(Optional.of(ErrorCode.THROTTLING), null)).contains("429 at /v1");
    assertThat(ErrorHelp.page(Optional.empty(), id))
        .contains("\nThrottling (HTTP status 400 at /, 429 at /v1)\n")
        .contains("\nServiceUnavailable (HTTP status 503)\n");
  }
}
