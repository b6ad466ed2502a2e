package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.KeyStatus;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.model.AccessKeyId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets in, by HTTP Basic and by signature. */
class LoginTest {

  private static final String GROUPS = "/v1/container-groups";
  private static final String REGIONS = "/v1/regions";
  private static final String CREATE =
      "{\"containerGroupName\":\"login\",\"container\":[{\"name\":\"c\",\"image\":\"i\"}]}";

  private final TestServer server = TestServer.shared();
  private TestServer.Key key;
  private RestClient client;

  @BeforeEach
  void openAccount() {
    key = server.newAccount();
    client = new RestClient(server.endpoint(), key);
  }

  private RestClient.Answer basic(String value) {
    return client.exchange("GET", REGIONS, null, Map.of("Authorization", value));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(RestClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.header("x-acs-request-id")).matches("[0-9A-F-]{36}");
  }

  @Test
  void onlyTheRightSecretOfAnAccessKeyOpensTheDoor() {
    basic("Basic " + base64(key.id() + ":" + key.secret())).ok();
    basic("basic  " + base64(key.id() + ":" + key.secret())).ok();
    for (String wrong : List.of("", "x", key.secret() + "x", key.secret().substring(1))) {
      RestClient.Answer answer = basic("Basic " + base64(key.id() + ":" + wrong));
      assertRefused(answer, 401, "SignatureDoesNotMatch");
      assertThat(answer.body()).doesNotContain(key.secret());
    }
    assertRefused(basic("Basic " + base64("nobody:x")), 401, "InvalidAccessKeyId.NotFound");
    assertRefused(basic("Basic " + base64("a b:x")), 401, "InvalidAccessKeyId.NotFound");
    for (String unreadable :
        List.of(
            "Basic",
            "Basic !!!",
            "Basic " + base64("no colon"),
            "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, ':'}),
            "Bearer abc",
            "Digest username=x")) {
      assertRefused(basic(unreadable), 401, "IncompleteSignature");
    }
    RestClient nobody = new RestClient(server.endpoint(), null);
    assertRefused(nobody.get(REGIONS), 401, "IncompleteSignature");
  }

  @Test
  void aKeyThatIsSwitchedOffOpensNothing() {
    server.bean(AccessKeys.class).setStatus(new AccessKeyId(key.id()), KeyStatus.INACTIVE);
    assertRefused(client.get(REGIONS), 401, "InvalidAccessKeyId.Inactive");
  }

  @Test
  void peopleAreAskedForAPasswordAndPagesAreNot() {
    RestClient nobody = new RestClient(server.endpoint(), null);
    assertThat(nobody.get(REGIONS).header("www-authenticate")).startsWith("Basic realm=");
    assertThat(
            nobody
                .send("GET", REGIONS, null, Map.of("Sec-Fetch-Mode", "cors"))
                .header("www-authenticate"))
        .isEqualTo("ACS3-HMAC-SHA256");
    assertThat(
            nobody
                .send("GET", REGIONS, null, Map.of("Sec-Fetch-Mode", "navigate"))
                .header("www-authenticate"))
        .startsWith("Basic realm=");
  }

  @Test
  void aSignatureCoversMethodPathQueryAndBody() {
    client.signed("GET", REGIONS, null, Map.of()).ok();
    client.signed("GET", GROUPS + "?limit=5&tag=a%20b%3Dc%2Fd%7E&status=", null, Map.of()).ok();
    String id =
        client
            .signed("POST", GROUPS, CREATE, Map.of())
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    String oddlyEncoded = GROUPS + "/%65" + id.substring(1);
    assertThat(
            client
                .signed("GET", oddlyEncoded, null, Map.of())
                .ok()
                .json()
                .path("containerGroupId")
                .asString())
        .isEqualTo(id);

    Map<String, String> headers = client.sign("GET", GROUPS + "/" + id, null, Map.of());
    assertRefused(
        client.exchange("DELETE", GROUPS + "/" + id, null, headers), 401, "SignatureDoesNotMatch");
    assertRefused(
        client.exchange("GET", oddlyEncoded, null, headers), 401, "SignatureDoesNotMatch");
    assertRefused(
        client.exchange("GET", GROUPS + "/" + id + "?limit=1", null, headers),
        401,
        "SignatureDoesNotMatch");
    Map<String, String> forBody = client.sign("POST", GROUPS, CREATE, Map.of());
    assertRefused(
        client.exchange("POST", GROUPS, CREATE.replace("login", "other"), forBody),
        401,
        "SignatureDoesNotMatch");
    client.signed("DELETE", GROUPS + "/" + id, null, Map.of()).ok();
  }

  @Test
  void aSignedRequestIsTakenOnce() {
    Map<String, String> create = client.sign("POST", GROUPS, CREATE, Map.of());
    String id =
        client
            .exchange("POST", GROUPS, CREATE, create)
            .ok()
            .json()
            .path("containerGroupId")
            .asString();
    assertRefused(client.exchange("POST", GROUPS, CREATE, create), 400, "SignatureNonceUsed");
    Map<String, String> read = client.sign("GET", REGIONS, null, Map.of());
    client.exchange("GET", REGIONS, null, read).ok();
    assertRefused(client.exchange("GET", REGIONS, null, read), 400, "SignatureNonceUsed");
    assertThat(client.get(GROUPS).json().path("containerGroups")).hasSize(1);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select count(*) from request_nonce where access_key_id = ?",
                    Integer.class,
                    key.id()))
        .as("only what changes something is remembered for all processes")
        .isEqualTo(1);
    client.delete(GROUPS + "/" + id).ok();
  }

  @Test
  void aRefusedSignedRequestBurnsItsNonceAsWell() {
    Map<String, String> headers = client.sign("POST", GROUPS, "{}", Map.of());
    assertRefused(client.exchange("POST", GROUPS, "{}", headers), 400, "MissingParameter");
    assertRefused(client.exchange("POST", GROUPS, "{}", headers), 400, "SignatureNonceUsed");
  }

  @Test
  void aSignatureIsOfNow() {
    Instant old = Instant.now().minus(16, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS);
    assertRefused(
        client.signed("GET", REGIONS, null, Map.of("x-acs-date", old.toString())),
        400,
        "InvalidTimeStamp.Expired");
  }

  @Test
  void whatASignerSaysOfTheActionHasToBeRight() {
    Map<String, String> right = new LinkedHashMap<>();
    right.put("x-acs-action", "DescribeRegions");
    right.put("x-acs-version", "2018-08-08");
    client.signed("GET", REGIONS, null, right).ok();
    RestClient.Answer other =
        client.signed("GET", REGIONS, null, Map.of("x-acs-action", "DeleteContainerGroup"));
    assertRefused(other, 400, "InvalidParameter");
    assertThat(other.wrongFields()).containsExactly("x-acs-action");
  }
}
