package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.door.HttpCall;
import io.podyard.controlplane.door.RequestBody;
import io.podyard.controlplane.door.signature.ParameterReading;
import io.podyard.controlplane.door.signature.PercentDecoding;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How queries and bodies are read. */
class RequestReadingTest {

  private static final String DESCRIBE = "DescribeContainerGroups";

  private final TestDoor door = new TestDoor();

  private void assertRefused(HttpCall request, int status, String code, String... mentioned) {
    door.assertRefused(request, status, code, mentioned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%zz", "%C3", "%ED%A0%80", "%FF", "%-1", "%٣٣", "%+1"})
  void whatIsNotPercentEncodedUtf8IsRefused(String value) {
    assertRefused(RawRequest.get("Action=" + value), 400, "InvalidParameter", "the query");
    assertRefused(RawRequest.get(value + "=x"), 400, "InvalidParameter", "the query");
    assertRefused(
        RawRequest.of(
            "POST",
            null,
            "application/x-www-form-urlencoded",
            ("Action=" + value).getBytes(StandardCharsets.UTF_8)),
        400,
        "InvalidParameter",
        "the form body");
  }

  @Test
  void rawUtf8InTheQueryIsReadAsTheBytesItIs() {
    assertThat(PercentDecoding.decode("\u00e4\u00b8\u00ad", false)).contains("中");
    assertThat(PercentDecoding.decode("中", false)).isEmpty();
    assertThat(PercentDecoding.decode("a%20b+c", true)).contains("a b c");
    assertThat(PercentDecoding.decode("a%20b+c", false)).contains("a b+c");
  }

  @Test
  void aParameterGivenTwiceIsRefused() {
    assertRefused(
        RawRequest.get("Action=" + DESCRIBE + "&Limit=1&Limit=1"),
        400,
        "InvalidParameter",
        "Limit",
        "twice");
    assertRefused(
        RawRequest.of(
            "POST",
            "Action=" + DESCRIBE + "&Limit=1",
            "application/x-www-form-urlencoded",
            "Limit=2".getBytes(StandardCharsets.US_ASCII)),
        400,
        "InvalidParameter",
        "Limit",
        "twice");
  }

  @Test
  void tooManyParametersAreRefused() {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i <= ParameterReading.MOST_PARAMETERS; i++) {
      query.append("p").append(i).append("=&");
    }
    assertRefused(RawRequest.get(query.toString()), 400, "InvalidParameter", "20000");
  }

  @Test
  void aBodyOfMoreThanAMebibyteIsRefused() {
    byte[] body = new byte[RequestBody.MOST_BYTES + 1];
    Arrays.fill(body, (byte) 'a');
    assertRefused(
        RawRequest.of("POST", "Action=" + DESCRIBE, "application/x-www-form-urlencoded", body),
        413,
        "RequestEntityTooLarge",
        "1048576");
    assertRefused(
        RawRequest.of(
            "POST",
            "Action=NoSuch&Version=2018-08-08",
            "application/x-www-form-urlencoded",
            Arrays.copyOf(body, RequestBody.MOST_BYTES)),
        404,
        "InvalidApi.NotFound");
  }

  @Test
  void aBodyIsNotReadBeyondTheLimit() {
    InputStream endless =
        new InputStream() {
          private long given;

          @Override
          public int read() {
            if (++given > 2L * RequestBody.MOST_BYTES) {
              throw new AssertionError("read on and on");
            }
            return 'a';
          }
        };
    HttpCall request = new HttpCall("POST", "/", null, Map.of(), endless, "http");
    assertThat(TestDoor.code(door.send(request))).isEqualTo("RequestEntityTooLarge");
  }

  @Test
  void aBodyThatDoesNotArriveIsNoServerError() {
    assertThat(TestDoor.code(door.send(broken(new SocketTimeoutException("slow")))))
        .isEqualTo("Request Timeout");
    assertThat(TestDoor.code(door.send(broken(new IOException("reset")))))
        .isEqualTo("InvalidParameter");
  }

  private static HttpCall broken(IOException failure) {
    InputStream body =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw failure;
          }
        };
    return new HttpCall("POST", "/", null, Map.of(), body, "http");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "text/plain",
        "",
        "application/x-www-form-urlencoded; charset=ISO-8859-1"
      })
  void aBodyThatIsNoFormIsRefused(String contentType) {
    assertRefused(
        RawRequest.of(
            "POST", "Action=" + DESCRIBE, contentType, "{}".getBytes(StandardCharsets.US_ASCII)),
        400,
        "InvalidParameter",
        "Content-Type");
  }

  @Test
  void theContentTypeOfAFormMayBeSpelledInManyWays() {
    for (String contentType :
        List.of(
            "application/x-www-form-urlencoded;charset=utf-8",
            "Application/X-WWW-Form-Urlencoded ; charset=\"UTF-8\"")) {
      assertRefused(
          RawRequest.of(
              "POST",
              null,
              contentType,
              "Action=NoSuch&Version=2018-08-08".getBytes(StandardCharsets.US_ASCII)),
          404,
          "InvalidApi.NotFound");
    }
  }
}
