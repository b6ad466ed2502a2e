package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DescribeContainerGroupsRequest;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests of a stock SDK, as they went over the wire, through the whole door. */
class CapturedRequestsTest {

  private final TestDoor door = new TestDoor();

  @Test
  void createReachesTheFeatureWithEveryValue() {
    HttpAnswer answer = door.send(CapturedRequest.read("CreateContainerGroup"));
    assertThat(answer.body())
        .isEqualTo(
            "{\"RequestId\":\"00000000-0000-4000-8000-000000000001\",\"ContainerGroupId\":\"eci-1\"}");
    assertThat(answer.status()).isEqualTo(200);
    CreateContainerGroupRequest request = door.lastRequest(CreateContainerGroupRequest.class);
    assertThat(request.containerGroupName()).isEqualTo("demo");
    assertThat(request.clientToken()).isEqualTo("tok");
    assertThat(request.ramRoleName()).isEqualTo("role1");
    assertThat(request.container()).hasSize(2);
    assertThat(request.container().getFirst().arg()).containsExactly("echo hi");
    assertThat(request.container().getFirst().environmentVar().getFirst().value())
        .isEqualTo("中 文*~");
    assertThat(door.lastCaller().account()).isEqualTo(TestDoor.ACCOUNT);
    assertThat(door.lastCaller().operator()).isTrue();
    assertThat(Objects.requireNonNull(door.lastCaller().nonce()).nonce())
        .isEqualTo("c57f25ad8c6da5f6c48c81cdda0ae5e9");
  }

  @Test
  void deleteReachesTheFeature() {
    HttpAnswer answer = door.send(CapturedRequest.read("DeleteContainerGroup"));
    assertThat(answer.body()).isEqualTo("{\"RequestId\":\"00000000-0000-4000-8000-000000000001\"}");
    assertThat(door.lastRequest(DeleteContainerGroupRequest.class).containerGroupId())
        .isEqualTo("eci-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DescribeContainerGroups", "DescribeContainerGroupsV3"})
  void describeReachesTheFeatureUnderBothSignatures(String name) {
    HttpAnswer answer = door.send(CapturedRequest.read(name));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(door.lastRequest(DescribeContainerGroupsRequest.class).limit())
        .isEqualTo(name.endsWith("V3") ? null : 10);
    assertThat(door.lastCaller().nonce()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateImageCache", "DescribeContainerGroupPrice", "TagResources"})
  void actionsWithoutAFeatureAreNotFound(String name) {
    HttpAnswer answer = door.send(CapturedRequest.read(name));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(TestDoor.code(answer)).isEqualTo("InvalidApi.NotFound");
    assertThat(TestDoor.message(answer)).contains(name);
  }

  @Test
  void anotherSecretIsToldTheTextTheServerSigned() {
    HttpCall captured = CapturedRequest.read("DeleteContainerGroup");
    HttpCall tampered =
        new HttpCall(
            captured.method(),
            "/",
            CapturedRequest.query(captured)
                .replace("ContainerGroupId=eci-1", "ContainerGroupId=eci-2"),
            captured.headers(),
            captured.body(),
            "http");
    HttpAnswer answer = door.send(tampered);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(TestDoor.code(answer)).isEqualTo("SignatureDoesNotMatch");
    // Written out by hand from contract section 3.1, for the SDK that compares it with its own.
    assertThat(TestDoor.message(answer))
        .endsWith(
            "string to sign is:GET&%2F&AccessKeyId%3DtestAk%26Action%3DDeleteContainerGroup"
                + "%26ContainerGroupId%3Deci-2%26Format%3DJSON%26RegionId%3Dcn-hangzhou"
                + "%26SignatureMethod%3DHMAC-SHA1"
                + "%26SignatureNonce%3Df837e57ae32db1efc40550a9cd4b5bb5%26SignatureVersion%3D1.0"
                + "%26Timestamp%3D2026-11-21T00%253A14%253A10Z%26Version%3D2018-08-08");
    assertThat(door.lastRequest).isNull();
  }

  @Test
  void aRequestSignedByVersion3CannotBeChangedAnywhere() {
    HttpCall captured = CapturedRequest.read("DescribeContainerGroupsV3");
    assertThat(
            refusal(
                with(captured, "GET", CapturedRequest.query(captured) + "&Limit=1", Map.of(), "")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(refusal(with(captured, "POST", CapturedRequest.query(captured), Map.of(), "")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(refusal(with(captured, "GET", CapturedRequest.query(captured), Map.of(), "Limit=1")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(refusal(with(captured, "GET", "", Map.of("x-acs-action", "DescribeRegions"), "")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(
            refusal(
                with(
                    captured,
                    "GET",
                    CapturedRequest.query(captured),
                    Map.of("x-acs-signature-nonce", "another"),
                    "")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(refusal(with(captured, "GET", CapturedRequest.query(captured), Map.of(), "")))
        .isEmpty();
  }

  private String refusal(HttpCall request) {
    return TestDoor.code(door.send(request));
  }

  private static HttpCall with(
      HttpCall captured, String method, String query, Map<String, String> headers, String body) {
    Map<String, List<String>> all = new HashMap<>(captured.headers());
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return new HttpCall(
        method,
        "/",
        query,
        all,
        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
        "http");
  }
}
