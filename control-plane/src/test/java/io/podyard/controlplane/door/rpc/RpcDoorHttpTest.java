package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyuncs.AcsResponse;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.RpcAcsRequest;
import com.aliyuncs.auth.SignatureVersion;
import com.aliyuncs.eci.model.v20180808.CreateContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DeleteContainerGroupRequest;
import com.aliyuncs.eci.model.v20180808.DescribeContainerGroupsRequest;
import com.aliyuncs.eci.model.v20180808.DescribeRegionsRequest;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.profile.DefaultProfile;
import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.api.EciJson;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.controlplane.door.Operations;
import io.podyard.controlplane.door.PublicAddress;
import io.podyard.controlplane.door.RateLimits;
import io.podyard.controlplane.door.signature.OncePerNonce;
import io.podyard.controlplane.door.signature.SeenNonces;
import io.podyard.controlplane.door.signature.SignatureRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** The door in the real web server with its real settings, called by a stock SDK and by hand. */
class RpcDoorHttpTest {

  private static final TestDoor DOOR = new TestDoor();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext context;
  private static int port;

  @BeforeAll
  static void startServer() {
    context =
        new SpringApplicationBuilder(Wiring.class)
            .run("--server.port=0", "--server.address=127.0.0.1");
    port =
        Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
            .getPort();
  }

  @AfterAll
  static void stopServer() {
    context.close();
  }

  @Configuration(proxyBeanMethods = false)
  @Import(RpcDoorConfiguration.class)
  @ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    MultipartAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class
  })
  static class Wiring {

    @Bean
    Operations operations() {
      return new Operations(DOOR.operations(), TestDoor.NOT_BUILT);
    }

    @Bean
    SignatureRules signatureRules() {
      return new SignatureRules(DOOR.keys(), Clock.systemUTC());
    }

    @Bean
    OncePerNonce oncePerNonce() {
      return new OncePerNonce(new SeenNonces(Ticker.systemTicker()), DOOR.nonces());
    }

    @Bean
    PublicAddress publicAddress() {
      return new PublicAddress(null);
    }

    @Bean
    RateLimits rateLimits() {
      return new RateLimits(Map.of(), Ticker.systemTicker());
    }
  }

  /** Sends a request by the stock SDK. */
  private static <A extends AcsResponse> A call(String secret, RpcAcsRequest<A> request)
      throws ClientException {
    request.setSysEndpoint("127.0.0.1:" + port);
    DefaultProfile profile = DefaultProfile.getProfile("cn-hangzhou", TestDoor.KEY, secret);
    return new DefaultAcsClient(profile).getAcsResponse(request);
  }

  @Test
  void theStockSdkCreatesDescribesAndDeletes() throws ClientException {
    CreateContainerGroupRequest create = new CreateContainerGroupRequest();
    create.setContainerGroupName("demo");
    CreateContainerGroupRequest.Container container = new CreateContainerGroupRequest.Container();
    container.setName("c");
    container.setImage("registry/中 文+~*:1");
    create.setContainers(List.of(container));
    assertThat(call(TestDoor.SECRET, create).getContainerGroupId()).isEqualTo("eci-1");
    assertThat(
            DOOR.lastRequest(io.podyard.api.containergroup.CreateContainerGroupRequest.class)
                .container()
                .getFirst()
                .image())
        .isEqualTo("registry/中 文+~*:1");

    DeleteContainerGroupRequest delete = new DeleteContainerGroupRequest();
    delete.setContainerGroupId("eci-1");
    assertThat(call(TestDoor.SECRET, delete).getRequestId()).matches("[0-9A-F-]{36}");
    assertThat(call(TestDoor.SECRET, new DescribeRegionsRequest()).getRegions())
        .singleElement()
        .satisfies(region -> assertThat(region.getRegionId()).isEqualTo("cn-hangzhou"));
  }

  @Test
  void theStockSdkReadsAnswersUnderBothSignatures() throws ClientException {
    var before = DOOR.describe;
    ContainerGroupResponse group =
        ContainerGroupResponse.builder()
            .containerGroupId("eci-1")
            .containerGroupName("名字 \"q\" /x")
            .build();
    DOOR.describe =
        (caller, request) ->
            new io.podyard.api.containergroup.DescribeContainerGroupsResponse(
                List.of(group), "", null, 1);
    try {
      for (SignatureVersion version : List.of(SignatureVersion.V1, SignatureVersion.V3)) {
        DescribeContainerGroupsRequest describe = new DescribeContainerGroupsRequest();
        describe.setSysSignatureVersion(version);
        describe.setContainerGroupIds("[\"eci-1\"]");
        var answer = call(TestDoor.SECRET, describe);
        assertThat(answer.getTotalCount()).isEqualTo(1);
        assertThat(answer.getContainerGroups().getFirst().getContainerGroupName())
            .isEqualTo("名字 \"q\" /x");
      }
    } finally {
      DOOR.describe = before;
    }
  }

  @Test
  void theStockSdkKnowsAWrongSecretAndAnErrorCode() {
    assertThatThrownBy(() -> call("wrong", new DescribeContainerGroupsRequest()))
        .isInstanceOfSatisfying(
            ClientException.class,
            e -> assertThat(e.getErrCode()).isEqualTo("SDK.InvalidAccessKeySecret"));
    CreateContainerGroupRequest.ImageRegistryCredential login =
        new CreateContainerGroupRequest.ImageRegistryCredential();
    login.setPassword("hidden");
    CreateContainerGroupRequest secretive = new CreateContainerGroupRequest();
    secretive.setImageRegistryCredentials(List.of(login));
    assertThatThrownBy(() -> call("wrong", secretive))
        .as("without the text it can only repeat what the server says")
        .isInstanceOfSatisfying(
            ClientException.class,
            e -> {
              assertThat(e.getErrCode()).isEqualTo("SignatureDoesNotMatch");
              assertThat(e.getErrMsg()).doesNotContain("hidden");
            });
    assertThatThrownBy(() -> call(TestDoor.SECRET, new CreateContainerGroupRequest()))
        .isInstanceOfSatisfying(
            ClientException.class,
            e -> {
              assertThat(e.getErrCode()).isEqualTo("MissingParameter");
              assertThat(e.getRequestId()).matches("[0-9A-F-]{36}");
            });
  }

  private static HttpResponse<String> call(
      String method, String pathAndQuery, @Nullable String contentType)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + pathAndQuery));
    if (contentType == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", contentType);
      request.method(method, HttpRequest.BodyPublishers.ofString("x=y"));
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void otherMethodsAreAnsweredByTheDoor() throws Exception {
    for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "BREW")) {
      HttpResponse<String> answer = call(method, "/?Action=DescribeRegions", null);
      assertThat(answer.statusCode()).as(method).isEqualTo(400);
      assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
      assertThat(code(answer.body())).isEqualTo("UnsupportedHTTPMethod");
    }
    assertThat(call("HEAD", "/", null).statusCode()).isEqualTo(400);
  }

  @Test
  void theRecommendedPageIsThere() throws Exception {
    JsonNode error = EciJson.rpc().readTree(call("GET", "/", null).body());
    String page = error.path("Recommend").asString();
    assertThat(page).startsWith("http://127.0.0.1:" + port + "/errors?q=MissingParameter");
    HttpResponse<String> help = call("GET", page.substring(page.indexOf("/errors")), null);
    assertThat(help.statusCode()).isEqualTo(200);
    assertThat(help.body()).contains("MissingParameter", error.path("RequestId").asString());
    assertThat(call("GET", "/errors?q=Nonsense", null).statusCode()).isEqualTo(404);
  }

  @Test
  void bodiesOfOtherKindsAreAnsweredByTheDoor() throws Exception {
    for (String type : List.of("multipart/form-data; boundary=b", "multipart/form-data", "x")) {
      HttpResponse<String> answer = call("POST", "/?Action=DescribeRegions", type);
      assertThat(answer.statusCode()).as(type + answer.body()).isEqualTo(400);
      assertThat(code(answer.body())).isEqualTo("InvalidParameter");
    }
  }

  private static String code(String body) {
    return EciJson.rpc().readTree(body).path("Code").asString();
  }

  /** Sends bytes as they are; answers with everything that came back. */
  private static String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String lineAndHost(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n";
  }

  private static void assertJson(String answer, String status, String code) {
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(answer).contains("Content-Type: application/json;charset=UTF-8");
    assertThat(answer).containsIgnoringCase("x-acs-request-id: ");
    assertThat(code(answer.substring(answer.indexOf("\r\n\r\n") + 4))).isEqualTo(code);
  }

  @Test
  void rawBracketsAndQuotesInAQueryReachTheDoor() throws IOException {
    String answer =
        exchange(
            lineAndHost("/?Action=NoSuch&Version=2018-08-08&Ids=[\"eci-1\"]&X={a|b}\\^<>")
                + "\r\n");
    assertJson(answer, "404", "InvalidApi.NotFound");
  }

  @Test
  void aVeryLongQueryReachesTheDoor() throws IOException {
    String answer =
        exchange(
            lineAndHost("/?Action=NoSuch&Version=2018-08-08&X=" + "a".repeat(200_000)) + "\r\n");
    assertJson(answer, "404", "InvalidApi.NotFound");
  }

  @Test
  void whatNoDoorCanReadIsRefusedInTheSameForm() throws IOException {
    assertJson(
        exchange(lineAndHost("/?Action=" + "a".repeat(300_000)) + "\r\n"),
        "400",
        "InvalidParameter");
    assertJson(exchange(lineAndHost("/?Action=a\u0001b") + "\r\n"), "400", "InvalidParameter");
    assertJson(
        exchange(lineAndHost("/?Action=a") + "Host: second\r\n\r\n"), "400", "InvalidParameter");
    assertJson(exchange("NONSENSE\r\n\r\n"), "400", "InvalidParameter");
  }
}
