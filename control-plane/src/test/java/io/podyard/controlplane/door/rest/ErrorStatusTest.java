package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.model.AccountId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Both doors answer an error with the statuses that the help page and the document tell. */
class ErrorStatusTest {

  private static final Map<String, String> LONG_AGO = Map.of("x-acs-date", "2020-01-01T00:00:00Z");

  private final TestServer server = TestServer.shared();
  private final RestClient nobody = new RestClient(server.endpoint(), null);

  private final RestClient operator = new RestClient(server.endpoint(), server.operator());

  private String page(ErrorCode code) {
    return nobody.get("/errors?q=" + PercentEncoding.encode(code.code())).ok().body();
  }

  @Test
  void thePageTellsTheStatusOfEitherDoor() {
    String rpc = "/?Action=DescribeRegions&Version=2018-08-08";
    RestClient stranger =
        new RestClient(
            server.endpoint(), new TestServer.Key(new AccountId("acct-none"), "none", "secret"));
    told(
        ErrorCode.INVALID_ACCESS_KEY_ID_NOT_FOUND,
        stranger.signed("GET", rpc, null, Map.of()),
        stranger.signed("GET", "/v1/regions", null, Map.of()));
    told(
        ErrorCode.INVALID_TIMESTAMP_EXPIRED,
        operator.signed("GET", rpc, null, LONG_AGO),
        operator.signed("GET", "/v1/regions", null, LONG_AGO));
    told(
        ErrorCode.UNSUPPORTED_HTTP_METHOD,
        nobody.send("PUT", "/", null, Map.of()),
        nobody.send("PUT", "/v1/regions", null, Map.of()));
    // The HTTP server keeps this method to itself, and yet it is answered as the page says.
    told(
        ErrorCode.UNSUPPORTED_HTTP_METHOD,
        nobody.send("TRACE", "/", null, Map.of()),
        nobody.send("TRACE", "/v1/regions", null, Map.of()));
    told(
        ErrorCode.INVALID_API_NOT_FOUND,
        nobody.get("/?Action=Nothing&Version=2018-08-08"),
        nobody.get("/v1/nothing"));
    // That both doors answer so is shown where calls are limited.
    assertThat(page(ErrorCode.THROTTLING))
        .startsWith("Throttling (HTTP status 400 at /, 429 at /v1)");
  }

  private void told(ErrorCode code, RestClient.Answer rpc, RestClient.Answer rest) {
    assertThat(EciJson.rpc().readTree(rpc.body()).path("Code").asString()).isEqualTo(code.code());
    assertThat(rest.code()).isEqualTo(code.code());
    String status =
        rpc.status() == rest.status()
            ? "HTTP status " + rpc.status()
            : "HTTP status %d at /, %d at /v1".formatted(rpc.status(), rest.status());
    assertThat(page(code)).startsWith("%s (%s)\n".formatted(code.code(), status));
    assertThat(nobody.get("/errors").body()).contains("\n%s (%s)\n".formatted(code.code(), status));
  }

  @Test
  void theDocumentTellsTheStatusOfTheOtherDoorWhereItDiffers() {
    List<String> told = new ArrayList<>();
    JsonNode document = nobody.get("/v3/api-docs").ok().json();
    document
        .path("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        operation
                            .path("responses")
                            .properties()
                            .forEach(
                                response ->
                                    response
                                        .getValue()
                                        .path("description")
                                        .asString()
                                        .lines()
                                        .filter(line -> line.startsWith("- `"))
                                        .forEach(
                                            line -> told.add(check(response.getKey(), line))))));
    assertThat(told)
        .contains("Throttling", "IncompleteSignature", "MissingParameter")
        .allSatisfy(code -> assertThat(ErrorCode.named(code)).isPresent());
  }

  /** The code of a line, which must tell the status of the RPC door if it is another one. */
  private static String check(String status, String line) {
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> line.startsWith("- `" + known.code() + "`: "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(line));
    String other = "At `/` its status is %d.".formatted(code.httpStatus());
    if (Objects.equals(status, "" + code.httpStatus())) {
      assertThat(line).doesNotContain("its status is");
    } else {
      assertThat(line).endsWith(other);
    }
    return code.code();
  }
}
