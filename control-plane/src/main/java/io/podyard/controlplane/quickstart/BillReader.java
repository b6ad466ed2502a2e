package io.podyard.controlplane.quickstart;

import io.podyard.api.EciJson;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Reads the bill of one group from the REST door. */
final class BillReader implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final URI endpoint;
  private final String authorization;
  private final HttpClient http = HttpClient.newHttpClient();

  BillReader(URI endpoint, String accessKeyId, String secret) {
    this.endpoint = endpoint;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((accessKeyId + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Prints the seconds, each charge line with its arithmetic, and the sum.
   *
   * @throws Tour.FailedException if there is no bill
   */
  void print(String groupId, PrintStream out) throws Tour.FailedException {
    JsonNode group = read("/v1/usage?containerGroupId=" + groupId).path("groups").path(0);
    if (group.isMissingNode() || group.path("lines").isEmpty()) {
      throw new Tour.FailedException("there is no usage of " + groupId);
    }
    out.printf(
        "  metered for %d s, whole seconds from the first pull to the last stop%n",
        group.path("seconds").asLong());
    for (JsonNode line : group.path("lines")) {
      out.println("  " + line.path("sentence").asString());
    }
    for (JsonNode amount : group.path("amounts")) {
      out.printf(
          "  amount %s %s%n",
          new BigDecimal(amount.path("amount").asString()).stripTrailingZeros().toPlainString(),
          amount.path("currency").asString());
    }
  }

  private JsonNode read(String path) throws Tour.FailedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .header("Authorization", authorization)
            .timeout(TIMEOUT)
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new Tour.FailedException(
            "GET %s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
      }
      return EciJson.rest().readTree(answer.body());
    } catch (IOException e) {
      throw new Tour.FailedException("GET %s failed: %s".formatted(path, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Tour.FailedException("interrupted");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
