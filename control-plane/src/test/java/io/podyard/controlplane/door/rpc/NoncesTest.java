package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.signature.SeenNonces;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccessKeyId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request passes once; only an answer 503 lets the very same one pass again. */
class NoncesTest {

  private static final String USED = "SignatureNonceUsed";

  private final TestDoor door = new TestDoor();
  private final TestDoor other = door.otherProcess();

  private static TestRequest read() {
    return TestRequest.of("DescribeContainerGroups");
  }

  private static TestRequest write() {
    return TestRequest.of("DeleteContainerGroup").with("ContainerGroupId", "eci-1");
  }

  private static void assertServed(HttpAnswer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void aReadPassesOnceInAProcess() {
    assertServed(door.send(read()));
    assertThat(TestDoor.code(door.send(read()))).isEqualTo(USED);
    assertServed(door.send(read().nonce("another")));
    assertThat(door.nonces().size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = TestRequest.Way.class,
      names = {"GET", "V3_POST_QUERY"})
  void aWritePassesOnceAnywhere(TestRequest.Way way) {
    TestRequest write = TestRequest.of(way, "DeleteContainerGroup").with("ContainerGroupId", "e");
    assertServed(door.send(write));
    assertThat(TestDoor.code(door.send(write))).isEqualTo(USED);
    assertThat(TestDoor.code(other.send(write))).isEqualTo(USED);
  }

  @Test
  void aNonceOfAReadIsNoneForAWrite() {
    assertServed(door.send(read()));
    assertThat(TestDoor.code(door.send(write()))).isEqualTo(USED);
  }

  @Test
  void aWriteTheFeatureRefusesIsBurntByTheDoor() {
    door.delete =
        (caller, request) -> {
          throw new ApiException(ErrorCode.INVALID_PARAMETER_NOT_FOUND, "no such group");
        };
    assertThat(TestDoor.code(door.send(write()))).isEqualTo("InvalidParameter.NotFound");
    assertThat(door.nonces().size()).isEqualTo(1);
    assertThat(TestDoor.code(other.send(write()))).isEqualTo(USED);
  }

  @Test
  void aWriteThatCannotBeDecodedIsBurntByTheDoor() {
    TestRequest malformed = write().with("Force", "perhaps");
    assertThat(TestDoor.code(door.send(malformed))).isEqualTo("InvalidParameter");
    assertThat(door.nonces().size()).isEqualTo(1);
    assertThat(TestDoor.code(other.send(malformed))).isEqualTo(USED);
  }

  @Test
  void aWriteThatHasNothingToDoIsBurntByTheDoor() {
    door.delete = (caller, request) -> new DeleteContainerGroupResponse(null);
    other.delete = door.delete;
    assertServed(door.send(write()));
    assertThat(TestDoor.code(other.send(write()))).isEqualTo(USED);
  }

  @Test
  void aWriteThatFailsUnexpectedlyIsBurntByTheDoor() {
    door.delete =
        (caller, request) -> {
          throw new IllegalStateException("a defect");
        };
    assertThat(TestDoor.code(door.send(write()))).isEqualTo("InternalError");
    assertThat(TestDoor.code(other.send(write()))).isEqualTo(USED);
  }

  @Test
  void aWriteAnswered503PassesAgainHereAndElsewhere() {
    var works = door.delete;
    door.delete =
        (caller, request) -> {
          throw new NotWrittenException("no batch took it", null);
        };
    HttpAnswer unavailable = door.send(write());
    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.headers()).containsEntry("Retry-After", "1");
    assertThat(TestDoor.code(unavailable)).isEqualTo("ServiceUnavailable");
    assertThat(door.nonces().size()).isZero();
    door.delete = works;
    assertServed(door.send(write()));
    assertThat(TestDoor.code(other.send(write()))).isEqualTo(USED);
  }

  @Test
  void aReadAnswered503PassesAgain() {
    var works = door.describe;
    door.describe =
        (caller, request) -> {
          throw new ApiException(ErrorCode.SERVICE_UNAVAILABLE, "busy");
        };
    assertThat(door.send(read()).status()).isEqualTo(503);
    door.describe = works;
    assertServed(door.send(read()));
    assertThat(TestDoor.code(door.send(read()))).isEqualTo(USED);
  }

  @Test
  void aRefusalThatCannotBeBurntIsAnswered503() {
    door.nonces().unavailable(true);
    TestRequest malformed = write().with("Force", "perhaps");
    assertThat(TestDoor.code(door.send(malformed))).isEqualTo("ServiceUnavailable");
    door.nonces().unavailable(false);
    assertThat(TestDoor.code(door.send(malformed))).isEqualTo("InvalidParameter");
  }

  @Test
  void aRequestWithAWrongSignatureBurnsNothing() {
    assertThat(TestDoor.code(door.send(write().secret("wrong"))))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(door.nonces().size()).isZero();
    assertServed(door.send(write()));
  }

  @Test
  void aNonceIsRememberedForAsLongAsAnyTimeItCanGoWith() {
    SeenNonces seen = new SeenNonces(door.time().ticker());
    AccessKeyId key = new AccessKeyId("k");
    assertThat(seen.add(key, "n")).isTrue();
    assertThat(seen.add(new AccessKeyId("other"), "n")).isTrue();
    door.time().advance(Duration.ofMinutes(30));
    assertThat(seen.add(key, "n")).isFalse();
    door.time().advance(Duration.ofMinutes(2));
    assertThat(seen.add(key, "n")).isTrue();
  }
}
