package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.containergroup.VolumeRequest;
import io.podyard.api.region.DescribeRegionsRequest;
import io.podyard.api.region.DescribeRegionsResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class PodyardClientTest {

  private static final SignedServer.Answer REGIONS =
      SignedServer.json(
          200, "{\"RequestId\":\"R-1\",\"Regions\":[{\"RegionId\":\"r\",\"Zones\":[\"r-a\"]}]}");
  private static final DescribeRegionsRequest ALL_REGIONS =
      new DescribeRegionsRequest(null, null, null, null, null);

  @ParameterizedTest
  @EnumSource
  void aRequestArrivesSignedAndWhole(SignatureVersion version) throws IOException {
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder()
            .containerGroupName("demo")
            .cpu(new BigDecimal("0.5"))
            .container(
                List.of(
                    ContainerRequest.builder()
                        .name("c")
                        .image("registry/i:1")
                        .command(List.of("/bin/sh", "-c", "echo '*~ +%20&=' 😀 中"))
                        .environmentVar(List.of(EnvironmentVarRequest.of("A", "")))
                        .build()))
            .volume(
                List.of(
                    VolumeRequest.configFile(
                        "v",
                        644,
                        List.of(
                            new VolumeRequest.ConfigFileToPath("+/=A".repeat(20_000), null, "f")))))
            .build();
    try (SignedServer server =
            new SignedServer(
                SignedServer.json(200, "{\"RequestId\":\"R-1\",\"ContainerGroupId\":\"eci-1\"}"));
        PodyardClient client = client(server, version)) {
      CreateContainerGroupResponse answer =
          client.call(Action.CREATE_CONTAINER_GROUP, request, CreateContainerGroupResponse.class);
      assertThat(answer).isEqualTo(new CreateContainerGroupResponse("eci-1", "R-1"));
      SignedServer.Call call = server.calls().getFirst();
      assertThat(call.action()).isEqualTo("CreateContainerGroup");
      assertThat(
              RpcCodec.decode(
                      CreateContainerGroupRequest.class,
                      Action.CREATE_CONTAINER_GROUP,
                      call.parameters())
                  .orThrow())
          .isEqualTo(request);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRequestMayHaveNoParameters(SignatureVersion version) throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client = client(server, version)) {
      DescribeRegionsResponse answer =
          client.call(Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class);
      assertThat(answer.regions())
          .singleElement()
          .satisfies(region -> assertThat(region.zones()).containsExactly("r-a"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEndpointMayHaveAPath(SignatureVersion version) throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client =
            new PodyardClient(
                server.endpoint().resolve("/rpc/here"),
                SignedServer.ACCESS_KEY_ID,
                SignedServer.SECRET,
                version)) {
      client.call(Action.DESCRIBE_REGIONS, Map.of("RegionId", "r"), DescribeRegionsResponse.class);
      assertThat(server.calls().getFirst().parameters()).containsEntry("RegionId", "r");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongSecretIsRefused(SignatureVersion version) throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client =
            new PodyardClient(
                server.endpoint(), SignedServer.ACCESS_KEY_ID, "another secret", version)) {
      assertThatExceptionOfType(PodyardCallException.class)
          .isThrownBy(
              () ->
                  client.call(Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class))
          .satisfies(
              error -> assertThat(error.errorCode()).contains(ErrorCode.SIGNATURE_DOES_NOT_MATCH));
      assertThat(server.calls()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void clockAndNonceComeFromOutside(SignatureVersion version) throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client =
            new PodyardClient(
                server.endpoint(),
                SignedServer.ACCESS_KEY_ID,
                SignedServer.SECRET,
                version,
                new PodyardClient.Settings(
                    () -> Instant.parse("2018-08-02T15:00:00.900Z"),
                    () -> "nonce-1",
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20)))) {
      client.call(Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class);
      SignedServer.Call call = server.calls().getFirst();
      assertThat(call.time()).isEqualTo("2018-08-02T15:00:00Z");
      assertThat(call.nonce()).isEqualTo("nonce-1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void noNonceIsUsedTwice(SignatureVersion version) throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client = client(server, version)) {
      for (int i = 0; i < 5; i++) {
        client.call(Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class);
      }
      assertThat(server.calls().stream().map(SignedServer.Call::nonce).distinct()).hasSize(5);
    }
  }

  @Test
  void anErrorAnswerBecomesAnException() throws IOException {
    try (SignedServer server =
            new SignedServer(
                SignedServer.json(
                    404,
                    EciJson.rpc()
                        .writeValueAsString(
                            ErrorBody.of(
                                new ApiException(
                                    ErrorCode.INVALID_PARAMETER_NOT_FOUND, "no such group"),
                                "R-9",
                                "h",
                                null))));
        PodyardClient client = client(server, SignatureVersion.V3)) {
      assertThatExceptionOfType(PodyardCallException.class)
          .isThrownBy(
              () ->
                  client.call(
                      Action.DELETE_CONTAINER_GROUP,
                      new DeleteContainerGroupRequest(
                          null, "eci-1", null, null, null, null, null, null),
                      DeleteContainerGroupResponse.class))
          .withMessage("no such group")
          .satisfies(
              error -> {
                assertThat(error.code()).isEqualTo("InvalidParameter.NotFound");
                assertThat(error.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
                assertThat(error.httpStatus()).isEqualTo(404);
                assertThat(error.requestId()).isEqualTo("R-9");
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfSomebodyElseIsUnreadable(SignatureVersion version) throws IOException {
    for (SignedServer.Answer answer :
        List.of(
            SignedServer.json(502, "<html>Bad gateway"),
            SignedServer.json(500, "{}"),
            SignedServer.json(500, "null"),
            SignedServer.json(200, "<html>Welcome"),
            SignedServer.json(200, "[1]"))) {
      try (SignedServer server = new SignedServer(answer);
          PodyardClient client = client(server, version)) {
        assertThatExceptionOfType(PodyardCallException.class)
            .isThrownBy(
                () ->
                    client.call(
                        Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class))
            .satisfies(
                error ->
                    assertThat(error.code()).isEqualTo(PodyardCallException.UNREADABLE_ANSWER));
      }
    }
  }

  @Test
  void anAnswerThatDoesNotComeOrDoesNotEndIsWaitedForOnlySoLong() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    SignedServer.Answer never = exchange -> await(end);
    SignedServer.Answer halfOnly =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await(end);
        };
    for (SignedServer.Answer answer : List.of(never, halfOnly)) {
      try (SignedServer server = new SignedServer(answer);
          PodyardClient client =
              new PodyardClient(
                  server.endpoint(),
                  SignedServer.ACCESS_KEY_ID,
                  SignedServer.SECRET,
                  SignatureVersion.V1,
                  new PodyardClient.Settings(
                      PodyardClient.Settings.standard().clock(),
                      () -> "n",
                      Duration.ofSeconds(5),
                      Duration.ofMillis(300)))) {
        assertNoAnswer(client);
        assertThat(server.calls()).as("the request did arrive").hasSize(1);
      }
    }
    end.countDown();
  }

  @Test
  void aServerThatIsNotThereGivesNoAnswer() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (PodyardClient client =
        new PodyardClient(URI.create("http://127.0.0.1:" + port), "ak", "s", SignatureVersion.V3)) {
      assertNoAnswer(client);
    }
  }

  @Test
  void anInterruptedCallStaysInterrupted() throws IOException {
    try (SignedServer server = new SignedServer(REGIONS);
        PodyardClient client = client(server, SignatureVersion.V3)) {
      Thread.currentThread().interrupt();
      assertNoAnswer(client);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aRecordOfAnotherActionIsAMistakeOfTheProgram() {
    try (PodyardClient client =
        new PodyardClient(URI.create("http://127.0.0.1:1"), "ak", "s", SignatureVersion.V3)) {
      assertThatThrownBy(
              () ->
                  client.call(
                      Action.DELETE_CONTAINER_GROUP,
                      ALL_REGIONS,
                      DeleteContainerGroupResponse.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static void assertNoAnswer(PodyardClient client) {
    assertThatExceptionOfType(PodyardCallException.class)
        .isThrownBy(
            () -> client.call(Action.DESCRIBE_REGIONS, ALL_REGIONS, DescribeRegionsResponse.class))
        .satisfies(
            error -> {
              assertThat(error.code()).isEqualTo(PodyardCallException.NO_ANSWER);
              assertThat(error.httpStatus()).isZero();
            });
  }

  private static PodyardClient client(SignedServer server, SignatureVersion version) {
    return new PodyardClient(
        server.endpoint(), SignedServer.ACCESS_KEY_ID, SignedServer.SECRET, version);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
