package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.api.signature.RpcSignature;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.KeyStatus;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import io.podyard.model.AccessKeyId;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedRequestsTest {

  private static final String DESCRIBE = "DescribeContainerGroups";

  private final TestDoor door = new TestDoor();

  private void assertRefused(TestRequest request, int status, String code, String... mentioned) {
    door.assertRefused(request.build(), status, code, mentioned);
  }

  private void assertServed(HttpAnswer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(TestRequest.Way.class)
  void parametersMayTravelInQueryOrFormUnderBothSignatures(TestRequest.Way way) {
    assertServed(
        door.send(
            TestRequest.of(way, "CreateContainerGroup")
                .with("ContainerGroupName", "demo")
                .with("Container.1.Name", "c")
                .with("Container.1.Image", "a+b c/ä~*'()%25")));
    assertThat(door.lastRequest(CreateContainerGroupRequest.class).container().getFirst().image())
        .isEqualTo("a+b c/ä~*'()%25");
  }

  @ParameterizedTest
  @EnumSource(TestRequest.Way.class)
  void anotherSecretIsRefused(TestRequest.Way way) {
    assertRefused(
        TestRequest.of(way, DESCRIBE).with("Limit", "1").secret("not the secret"),
        400,
        "SignatureDoesNotMatch",
        "string to sign is:");
  }

  @ParameterizedTest
  @EnumSource(
      value = TestRequest.Way.class,
      names = {"GET", "V3_POST_QUERY"})
  void anUnknownKeyIsNotFound(TestRequest.Way way) {
    assertRefused(
        TestRequest.of(way, DESCRIBE).key("PYUNKNOWN"), 404, "InvalidAccessKeyId.NotFound");
    assertRefused(
        TestRequest.of(way, DESCRIBE).key("no/such'key"), 404, "InvalidAccessKeyId.NotFound");
  }

  @Test
  void aKeyThatIsSwitchedOffIsRefusedAndComesBack() {
    AccessKeys keys = door.keys();
    keys.setStatus(new AccessKeyId(TestDoor.KEY), KeyStatus.INACTIVE);
    assertRefused(TestRequest.of(DESCRIBE), 400, "InvalidAccessKeyId.Inactive");
    keys.setStatus(new AccessKeyId(TestDoor.KEY), KeyStatus.ACTIVE);
    assertServed(door.send(TestRequest.of(DESCRIBE)));
  }

  @ParameterizedTest
  @EnumSource(
      value = TestRequest.Way.class,
      names = {"GET", "V3_POST_QUERY"})
  void theTimeMayBeFifteenMinutesOffEitherWayAndNoMore(TestRequest.Way way) {
    assertServed(door.send(TestRequest.of(way, DESCRIBE).nonce("a").time("2026-11-20T23:59:10Z")));
    assertServed(door.send(TestRequest.of(way, DESCRIBE).nonce("b").time("2026-11-21T00:29:10Z")));
    door.lastRequest = null;
    assertRefused(
        TestRequest.of(way, DESCRIBE).nonce("c").time("2026-11-20T23:59:09Z"),
        400,
        "InvalidTimeStamp.Expired",
        "2026-11-21T00:14:10Z");
    assertRefused(
        TestRequest.of(way, DESCRIBE).nonce("d").time("2026-11-21T00:29:11Z"),
        400,
        "InvalidTimeStamp.Expired");
    door.time().advance(Duration.ofMinutes(15).plusSeconds(1));
    assertRefused(TestRequest.of(way, DESCRIBE).nonce("e"), 400, "InvalidTimeStamp.Expired");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "2026-11-21 00:14:10",
        "2026-11-21T00:14:10",
        "2026-11-21T00:14:10.000Z",
        "2026-11-21T00:14:10+00:00",
        "2026-13-21T00:14:10Z",
        "٢٠٢٦-11-21T00:14:10Z"
      })
  void aTimeOfAnotherFormIsRefused(String time) {
    assertRefused(TestRequest.of(DESCRIBE).time(time), 400, "InvalidTimeStamp.Format", "Timestamp");
  }

  @Test
  void everyMissingPartOfASignatureIsNamed() {
    HttpCall unsigned =
        new HttpCall(
            "GET",
            "/",
            "Action=DescribeContainerGroups&Version=2018-08-08",
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            "http");
    HttpAnswer answer = door.send(unsigned);
    assertThat(TestDoor.code(answer)).isEqualTo("MissingParameter");
    assertThat(TestDoor.message(answer))
        .contains("AccessKeyId", "Signature:", "SignatureMethod", "SignatureVersion")
        .contains("SignatureNonce", "Timestamp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "Timestamp"
      })
  void eachMissingPartOfASignatureIsRefused(String name) {
    assertRefused(TestRequest.of(DESCRIBE).with(name, ""), 400, "MissingParameter", name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"})
  void eachMissingHeaderOfASignatureIsRefused(String name) {
    HttpCall request = TestRequest.of(TestRequest.Way.V3_POST_QUERY, DESCRIBE).build();
    request.headers().remove(name);
    HttpAnswer answer = door.send(request);
    assertThat(TestDoor.code(answer)).isEqualTo("MissingParameter");
    assertThat(TestDoor.message(answer)).contains(name);
  }

  @Test
  void methodsAndTokensThatAreNotKnownAreRefused() {
    assertRefused(
        TestRequest.of(DESCRIBE).with("SignatureMethod", "HMAC-SHA256"),
        400,
        "InvalidSignatureMethod",
        "HMAC-SHA1");
    assertRefused(
        TestRequest.of(DESCRIBE).with("SignatureVersion", "2.0"), 400, "InvalidParameter");
    assertRefused(
        TestRequest.of(DESCRIBE).with("SecurityToken", "sts"),
        400,
        "InvalidParameter",
        "SecurityToken");
    assertRefused(
        TestRequest.of(DESCRIBE).with("SignatureType", "BEARERTOKEN"),
        400,
        "InvalidParameter",
        "SignatureType");
    assertRefused(
        TestRequest.of(TestRequest.Way.V3_GET, DESCRIBE).header("x-acs-security-token", "sts"),
        400,
        "InvalidParameter",
        "x-acs-security-token");
  }

  @Test
  void authorizationOfAnotherSchemeIsRefused() {
    HttpCall request = TestRequest.of(TestRequest.Way.V3_GET, DESCRIBE).build();
    for (Map.Entry<String, String> header :
        Map.of(
                "ACS3-HMAC-SM3 Credential=testAk,SignedHeaders=host,Signature=00",
                "InvalidSignatureMethod",
                "ACS3-HMAC-SHA256 Credential=testAk",
                "IncompleteSignature",
                "ACS3-HMAC-SHA256",
                "IncompleteSignature")
            .entrySet()) {
      request.headers().put("authorization", List.of(header.getKey()));
      assertThat(TestDoor.code(door.send(request))).isEqualTo(header.getValue());
    }
    HttpCall basic = TestRequest.of(DESCRIBE).with("Signature", "").build();
    basic.headers().put("authorization", List.of("Basic dGVzdEFrOnNlY3JldA=="));
    assertThat(TestDoor.code(door.send(basic))).isEqualTo("InvalidSignatureMethod");
  }

  @Test
  void aHeaderThatDecidesMustBeSigned() {
    HttpCall request = TestRequest.of(TestRequest.Way.V3_POST_QUERY, DESCRIBE).build();
    String authorization = Objects.requireNonNull(request.header("authorization"));
    request.headers().put("authorization", List.of(authorization.replace("x-acs-action;", "")));
    HttpAnswer answer = door.send(request);
    assertThat(TestDoor.code(answer)).isEqualTo("IncompleteSignature");
    assertThat(TestDoor.message(answer)).contains("SignedHeaders");
  }

  @Test
  void headersDoNotNameTheActionOfARequestWhoseSignatureDoesNotCoverThem() {
    assertRefused(
        TestRequest.of(DESCRIBE)
            .without("Action")
            .without("Version")
            .header("x-acs-action", DESCRIBE)
            .header("x-acs-version", "2018-08-08"),
        400,
        "MissingParameter",
        "Action",
        "Version");
  }

  @Test
  void aNonceMustBeOfASaneForm() {
    for (String nonce : List.of("x".repeat(129), "with space", "nul\0", "ümlaut")) {
      assertRefused(
          TestRequest.of(DESCRIBE).nonce(nonce), 400, "InvalidParameter", "SignatureNonce");
    }
    assertServed(door.send(TestRequest.of(DESCRIBE).nonce("x".repeat(128))));
  }

  /** The parameters of a describe call with this name, signed as such, plus signs not encoded. */
  private HttpCall withRawPlus(String signedName, String sentName) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("Action", DESCRIBE);
    all.put("Version", "2018-08-08");
    all.put("AccessKeyId", TestDoor.KEY);
    all.put("SignatureMethod", "HMAC-SHA1");
    all.put("SignatureVersion", "1.0");
    all.put("SignatureNonce", "nonce-" + sentName + signedName.length() + signedName.hashCode());
    all.put("Timestamp", TestDoor.CAPTURED_AT.toString());
    all.put("ContainerGroupName", signedName);
    all.put("SignatureNonce", all.get("SignatureNonce").replaceAll("[^a-z0-9-]", "x"));
    String signature = RpcSignature.sign("GET", all, TestDoor.SECRET);
    all.remove("ContainerGroupName");
    return new HttpCall(
        "GET",
        "/",
        TestRequest.encoded(all) + "&ContainerGroupName=" + sentName + "&Signature=" + signature,
        Map.of(),
        new ByteArrayInputStream(new byte[0]),
        "http");
  }

  @Test
  void aPlusSignInAQueryMeansWhatWasSigned() {
    assertServed(door.send(withRawPlus("a b", "a+b")));
    assertThat(door.lastRequest(DescribeContainerGroupsRequest.class).containerGroupName())
        .isEqualTo("a b");
    assertServed(door.send(withRawPlus("a+b", "a+b")));
    assertThat(door.lastRequest(DescribeContainerGroupsRequest.class).containerGroupName())
        .isEqualTo("a+b");
    assertThat(TestDoor.code(door.send(withRawPlus("a_b", "a+b"))))
        .isEqualTo("SignatureDoesNotMatch");
  }
}
